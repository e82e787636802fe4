import {
  parseDetailFileName,
  type DetailFileName,
} from '#contracts/clearing-files/transaction-detail';
import { AcquirerRepository } from '#acquirers';
import { WalletRepository } from '#wallets';
import type { Side } from '#domain/reconciliation/break-types';
import { accepted, rejected, type Outcome, type Rejection } from '#domain/rejection';
import type { IdSource } from '#platform/id-source';
import type { DataSource, EntityManager } from 'typeorm';
import type { ReadLine } from './detail-line-reading.js';
import { markLostLines } from './lost-lines.js';
import { lockMatching, matchCycle, type MatchReport } from './match-cycle.js';
import { readDetailFile, refuseName, type ReadFile } from './read-detail-file.js';

export interface LoadReport {
  readonly name: string;
  /** `known` when this very file was loaded before: nothing was changed. */
  readonly outcome: 'loaded' | 'corrected' | 'known';
  readonly lines: number;
  readonly partCount: number;
  readonly match: MatchReport | null;
}

/** Undoes the transaction and carries the answer out of it. */
class Undone extends Error {
  override readonly name = 'Undone';
  constructor(readonly outcome: Outcome<LoadReport>) {
    super('undone');
  }
}

/** From here on the planner must know of a file, or it joins a day's lines one by one. */
const LINES_WORTH_COUNTING = 1_000;

export interface LoadTerms {
  readonly nowMs: number;
  readonly actor: string;
  readonly ids: IdSource;
}

/**
 * Takes in one file of a partner and matches what it says at once. All of it or nothing: a fault
 * in the last line leaves no trace of the first. The same file again changes nothing, also when a
 * corrected one took its place meanwhile; another content under the same name is a correction.
 *
 * Rejections: PARAM_ILLEGAL names file, line and column; NOT_FOUND a participant or cycle that
 * does not exist.
 *
 * @param fileName without folder
 */
export async function loadDetailFile(
  dataSource: DataSource,
  fileName: string,
  pieces: AsyncIterable<Uint8Array | string>,
  terms: LoadTerms,
): Promise<Outcome<LoadReport>> {
  const name = parseDetailFileName(fileName);
  if (name === undefined) return refuseName(fileName);
  try {
    return await dataSource.transaction(async (tx) => {
      const side = await sideOf(tx, name);
      if (!side.ok) throw new Undone(side);
      return accepted(await load(tx, { fileName, name, side: side.value }, pieces, terms));
    });
  } catch (error) {
    if (error instanceof Undone) return error.outcome;
    throw error;
  }
}

interface NamedFile {
  readonly fileName: string;
  readonly name: DetailFileName;
  readonly side: Side;
}

async function load(
  tx: EntityManager,
  file: NamedFile,
  pieces: AsyncIterable<Uint8Array | string>,
  terms: LoadTerms,
): Promise<LoadReport> {
  const { fileName, name } = file;
  const [sequence] = await tx.query<{ id: string }[]>(
    `SELECT nextval(pg_get_serial_sequence('recon_files', 'id')) AS id`,
  );
  const fileId = sequence?.id ?? '';
  const read = await readDetailFile(name, pieces, (lines) => stage(tx, fileId, file, lines));
  if (!read.ok) throw new Undone(inFile(fileName, read.rejection));
  const { lineCount, partCount } = read.value;
  const report = { name: fileName, lines: lineCount, partCount };
  // Two versions of a file that land together come one after the other.
  await lockMatching(tx, name.clearingBatchId);
  await refuseRepeats(tx, file, read.value, report);
  const replaced = await supersede(tx, file, terms.nowMs);
  await tx.query(
    `INSERT INTO recon_files (id, name, digest, participant_id, side, currency, cycle_id, agreement,
       seq, part_count, line_count, loaded_at)
     OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      fileId,
      fileName,
      read.value.digest,
      name.participantId,
      file.side,
      name.settlementCurrency,
      name.clearingBatchId,
      name.participantAgreementId,
      name.seq,
      partCount,
      lineCount,
      new Date(terms.nowMs).toISOString(),
    ],
  );
  await markLostLines(tx, fileId);
  if (lineCount >= LINES_WORTH_COUNTING)
    await tx.query('ANALYZE recon_lines (file_id, cycle_id, participant_id, subject_id)');
  const match = await matchCycle(
    tx,
    {
      cycleId: name.clearingBatchId,
      participantId: name.participantId,
      cause: 'file',
      touched: replaced.subjectIds,
      by: { actor: terms.actor, reason: fileName, atMs: terms.nowMs },
    },
    terms.ids,
  );
  return { ...report, outcome: replaced.isCorrection ? 'corrected' : 'loaded', match };
}

/** Says of every fault in which file it is. */
function inFile(fileName: string, { code, detail, field }: Rejection): Outcome<never> {
  return rejected(code, `${fileName}, ${detail} Nothing was loaded.`, field);
}

async function sideOf(tx: EntityManager, name: DetailFileName): Promise<Outcome<Side>> {
  const { participantId, clearingBatchId } = name;
  const cycles = await tx.query<unknown[]>('SELECT FROM cycles WHERE id = $1', [clearingBatchId]);
  if (cycles.length === 0) {
    return rejected('NOT_FOUND', `There is no clearing cycle ${clearingBatchId}.`, 'name');
  }
  if ((await new WalletRepository().findCurrent(tx, participantId)) !== undefined) {
    return accepted('wallet');
  }
  if ((await new AcquirerRepository().findCurrent(tx, participantId)) !== undefined) {
    return accepted('acquirer');
  }
  return rejected('NOT_FOUND', `There is no participant ${participantId}.`, 'name');
}

async function refuseRepeats(
  tx: EntityManager,
  { fileName, name }: NamedFile,
  { digest, lineCount }: ReadFile,
  report: Omit<LoadReport, 'outcome' | 'match'>,
): Promise<void> {
  const same = await tx.query<{ name: string; is_current: boolean }[]>(
    `SELECT name, superseded_at IS NULL AS is_current FROM recon_files
     WHERE digest = $1 AND participant_id = $2 AND cycle_id = $3`,
    [digest, name.participantId, name.clearingBatchId],
  );
  if (same.some((file) => file.name === fileName)) {
    throw new Undone(accepted({ ...report, outcome: 'known', match: null }));
  }
  const copy = same.find((file) => file.is_current);
  if (copy !== undefined && lineCount > 0) {
    throw new Undone(
      rejected(
        'PARAM_ILLEGAL',
        `${fileName} has the very content of ${copy.name}, which is loaded. Nothing was loaded.`,
        'name',
      ),
    );
  }
}

/** Takes the lines of an earlier version away, and tells which breaks they may have held up. */
async function supersede(
  tx: EntityManager,
  { name }: NamedFile,
  nowMs: number,
): Promise<{ readonly isCorrection: boolean; readonly subjectIds: readonly string[] }> {
  const [rows] = await tx.query<[{ id: string }[], number]>(
    `UPDATE recon_files SET superseded_at = $1
     WHERE cycle_id = $2 AND participant_id = $3 AND currency = $4 AND agreement = $5 AND seq = $6
       AND superseded_at IS NULL
     RETURNING id`,
    [
      new Date(nowMs).toISOString(),
      name.clearingBatchId,
      name.participantId,
      name.settlementCurrency,
      name.participantAgreementId,
      name.seq,
    ],
  );
  const [old] = rows;
  if (old === undefined) return { isCorrection: false, subjectIds: [] };
  const touched = await tx.query<{ subject_id: string }[]>(
    `SELECT DISTINCT b.subject_id
     FROM recon_breaks b JOIN recon_lines r ON r.subject_id = b.subject_id
     WHERE r.file_id = $1 AND b.ended_at IS NULL`,
    [old.id],
  );
  await tx.query('DELETE FROM recon_lines WHERE file_id = $1', [old.id]);
  return { isCorrection: true, subjectIds: touched.map((row) => row.subject_id) };
}

const STAGE = `
  INSERT INTO recon_lines SELECT * FROM json_populate_recordset(NULL::recon_lines, $1::json)`;

/** Writes lines as if each id were the hub's own; those that are not are marked afterwards. */
async function stage(
  tx: EntityManager,
  fileId: string,
  { name, side }: NamedFile,
  lines: readonly ReadLine[],
): Promise<void> {
  const rows = lines.map(({ lineNo, line, completedAtMs }) => {
    const [base, counter] = line.quoteCurrencyPair.split('/');
    const isQuoted = line.quotePrice !== '';
    return {
      file_id: fileId,
      line_no: lineNo,
      participant_id: name.participantId,
      side,
      cycle_id: name.clearingBatchId,
      subject_id: line.transactionId,
      matched_by: 'id',
      transaction_id: line.transactionId,
      original_id: line.originalTransactionId,
      request_id: line.transactionRequestId,
      store_id: line.referenceStoreId,
      kind: line.transactionType === 'PAYMENT' ? 'payment' : 'refund',
      completed_at: new Date(completedAtMs).toISOString(),
      transaction_minor: line.transactionAmountValue,
      transaction_currency: line.transactionCurrency,
      settlement_minor: line.settlementAmountValue,
      settlement_currency: line.settlementCurrency,
      interchange_minor: line.interchangeAmountValue,
      service_fee_minor: line.serviceFeeAmountValue,
      quote_base: isQuoted ? base : null,
      quote_counter: isQuoted ? counter : null,
      quote_price: isQuoted ? line.quotePrice : null,
      result: line.result,
    };
  });
  await tx.query(STAGE, [JSON.stringify(rows)]);
}
