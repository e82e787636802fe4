import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cells } from '#contracts/clearing-files/file-columns';
import {
  fileNameOf,
  folderOf,
  type CsvKind,
  type FileKind,
  type FileSetKey,
} from '#contracts/clearing-files/file-names';
import {
  canonicalManifestText,
  MANIFEST_SCHEMA,
  type FileManifest,
} from '#contracts/clearing-files/manifest';
import type { SETTLEMENT_SUMMARY_COLUMNS } from '#contracts/clearing-files/file-columns';
import type { LegSide } from '#domain/clearing-files/recompute-leg';
import type { BackgroundPace } from '#platform/background-pace';
import type { EntityManager } from 'typeorm';
import { CsvDraft, sha256Of } from './csv-draft.js';
import { readCycleTerms, type CycleTerms } from './cycle-terms.js';
import { FileDraft, syncFolder } from './file-draft.js';
import { readLegs, type LegsOf } from './file-legs.js';
import { feeCells, transactionCells } from './file-lines.js';
import { FileTotals } from './file-totals.js';
import { isoFilesOf } from './iso-files.js';

/** A set to be written: its key, and when it came to be, which names the folder. */
export interface FileSet extends FileSetKey {
  readonly role: LegSide;
  readonly createdAtMs: number;
  readonly sequence: number;
}

export interface WrittenFile {
  readonly name: string;
  readonly kind: FileKind;
  /** Relative to the root of files. */
  readonly folder: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly lines: number | null;
}

export interface WrittenSet {
  readonly files: readonly WrittenFile[];
  readonly transactions: number;
  readonly net: bigint;
}

const CLEARING_OFFSET_MS = 8 * 3_600_000;

/**
 * Writes all files of a set, or none: names are given only once everything is on the disk, the
 * manifest's last. What a set holds is fixed by the netting, so writing it again gives the same
 * bytes.
 *
 * @param root folder below which `settlements/` begins
 * @param pace rests between the pieces of a large set
 * @throws whatever the disk says; nothing is left half done
 */
export async function writeFileSet(
  tx: EntityManager,
  set: FileSet,
  root: string,
  pace: BackgroundPace,
): Promise<WrittenSet> {
  const writer = new SetWriter(set, root, pace);
  try {
    return await writer.write(tx);
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

type ManifestFile = FileManifest['files'][number];

class SetWriter {
  private readonly drafts: FileDraft[] = [];
  private readonly files: { readonly kind: FileKind; readonly file: ManifestFile }[] = [];
  private readonly totals = new FileTotals();
  private readonly of: LegsOf;
  private readonly isoDay: string;

  constructor(
    private readonly set: FileSet,
    private readonly root: string,
    private readonly pace: BackgroundPace,
  ) {
    this.of = set;
    this.isoDay = new Date(set.createdAtMs + CLEARING_OFFSET_MS).toISOString().slice(0, 10);
  }

  async write(tx: EntityManager): Promise<WrittenSet> {
    const terms = await readCycleTerms(tx, this.of);
    await this.writeLegs(tx);
    const { net, count } = this.totals;
    if (net !== terms.own) {
      throw new Error(
        `${this.of.participantId} in ${this.of.cycleId}: the lines come to ${String(net)} ` +
          `${this.of.currency}, the obligation is ${String(terms.own)}`,
      );
    }
    await this.writeCsv('summary', this.totals.summaryLines(this.of), null);
    await this.writeCsv(
      'settlement',
      [...this.totals.settlementLines(this.of), ...carriedLines(this.of, terms)],
      settlementSummary(this.of, terms),
    );
    await this.writeIso(terms);
    await this.writeManifest(terms);
    await this.publish();
    return {
      files: this.files.map(({ kind, file: { columns: _, ...file } }) => ({
        kind,
        folder: this.folder(kind),
        ...file,
      })),
      transactions: count,
      net,
    };
  }

  /** The manifest, the last draft, gets its name when the others' names last. */
  private async publish(): Promise<void> {
    for (const drafts of [this.drafts.slice(0, -1), this.drafts.slice(-1)]) {
      for (const draft of drafts) await draft.publish();
      for (const folder of new Set(drafts.map((draft) => draft.folder))) await syncFolder(folder);
    }
  }

  async discard(): Promise<void> {
    for (const draft of this.drafts) await draft.discard();
  }

  private async writeLegs(tx: EntityManager): Promise<void> {
    const [transactions, fees] = [await this.csv('transactionItems'), await this.csv('feeItems')];
    for await (const legs of readLegs(tx, this.of)) {
      for (const leg of legs) this.totals.add(leg);
      await transactions.add(legs.map((leg) => transactionCells(this.of, leg)));
      await fees.add(legs.flatMap((leg) => feeCells(this.of, leg)));
      await this.pace.rest();
    }
    const { less } = this.totals;
    const [payments, refunds] = [this.totals.of('PAYMENT'), this.totals.of('REFUND')];
    const sums = {
      settlementCurrency: this.of.currency,
      interchangeAmountValue: less.interchange.toString(),
      serviceFeeAmountValue: less.serviceFee.toString(),
    };
    this.keep(
      'transactionItems',
      await transactions.complete({
        totalCount: String(this.totals.count),
        partCount: '1',
        paymentCount: String(payments.count),
        refundCount: String(refunds.count),
        settlementAmountValue: less.settlement.toString(),
        ...sums,
      }),
    );
    this.keep(
      'feeItems',
      await fees.complete({
        totalCount: String(this.totals.count + payments.count),
        interchangeCount: String(this.totals.count),
        serviceFeeCount: String(payments.count),
        ...sums,
      }),
    );
  }

  private async writeCsv(
    kind: CsvKind,
    lines: readonly Readonly<Record<string, string>>[],
    summary: Readonly<Record<string, string>> | null,
  ): Promise<void> {
    const csv = await this.csv(kind);
    await csv.add(lines);
    this.keep(kind, await csv.complete(summary));
  }

  private async writeIso(terms: CycleTerms): Promise<void> {
    const { createdAtMs, sequence } = this.set;
    const parts = { of: this.of, terms, totals: this.totals, createdAtMs, sequence };
    const files = isoFilesOf(parts, (kind) => fileNameOf(kind, this.set));
    for (const { kind, name, text } of files) {
      const draft = await this.draft(kind, name);
      this.keep(kind, { name, ...(await draft.complete(text, '')), lines: null, columns: null });
    }
  }

  private async writeManifest(terms: CycleTerms): Promise<void> {
    const { participantId, role, cycleId, currency } = this.of;
    const body = {
      schema: MANIFEST_SCHEMA,
      participant: participantId,
      role,
      cycle: cycleId,
      currency,
      seq: this.set.seq,
      ledgerHead: terms.ledgerHead,
      proofHash: terms.proofHash,
      files: this.files.map(({ file }) => file),
    } satisfies Omit<FileManifest, 'hash'>;
    const manifest: FileManifest = { ...body, hash: sha256Of(canonicalManifestText(body)) };
    const name = fileNameOf('manifest', this.set);
    const draft = await this.draft('manifest', name);
    const stored = await draft.complete(`${JSON.stringify(manifest, null, 2)}\n`, '');
    this.keep('manifest', { name, ...stored, lines: null, columns: null });
  }

  private async csv(kind: CsvKind): Promise<CsvDraft> {
    const folder = await this.makeFolder(kind);
    const csv = new CsvDraft(folder, fileNameOf(kind, this.set), kind);
    this.drafts.push(csv.draft);
    return csv;
  }

  private async draft(kind: FileKind, name: string): Promise<FileDraft> {
    const draft = new FileDraft(await this.makeFolder(kind), name);
    this.drafts.push(draft);
    return draft;
  }

  private async makeFolder(kind: FileKind): Promise<string> {
    const folder = join(this.root, this.folder(kind));
    await mkdir(folder, { recursive: true });
    return folder;
  }

  private folder(kind: FileKind): string {
    return folderOf(kind, this.of.participantId, this.isoDay);
  }

  private keep(kind: FileKind, file: ManifestFile): void {
    this.files.push({ kind, file });
  }
}

type SettlementSummary = Cells<Exclude<(typeof SETTLEMENT_SUMMARY_COLUMNS)[number], 'lineDigest'>>;

function settlementSummary(of: LegsOf, terms: CycleTerms): SettlementSummary {
  const { minor, ledgerHead } = terms;
  return {
    totalCount: String(2 + terms.carried.length),
    participantId: of.participantId,
    role: of.role,
    settlementBatchId: of.cycleId,
    settlementCurrency: of.currency,
    ownAmountValue: terms.own.toString(),
    carriedInAmountValue: terms.carriedIn.toString(),
    netAmountValue: minor.toString(),
    direction: minor === 0n ? 'N' : minor > 0n ? 'D' : 'C',
    minimumAmountValue: terms.minimum.toString(),
    state: terms.state,
    valueDate: terms.valueDate ?? '',
    obligationId: terms.obligationId ?? '',
    ledgerBlock: ledgerHead === null ? '' : String(ledgerHead.block),
    ledgerHead: ledgerHead?.hash ?? '',
    proofHash: terms.proofHash,
  };
}

function carriedLines(of: LegsOf, terms: CycleTerms): Readonly<Record<string, string>>[] {
  return terms.carried.map(({ cycleId, minor }) => ({
    settlementBatchId: of.cycleId,
    clearingBatchId: cycleId,
    itemType: 'CARRIED_IN',
    totalCount: '0',
    direction: minor > 0n ? 'D' : 'C',
    settlementAmountValue: '0',
    interchangeAmountValue: '0',
    serviceFeeAmountValue: '0',
    netAmountValue: minor.toString(),
    settlementCurrency: of.currency,
  }));
}
