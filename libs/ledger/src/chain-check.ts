import { faultsOfLink, type EntryRange } from '#domain/chain/block';
import {
  digestOfEntry,
  markOfLine,
  type SealedEntry,
  type SealedLine,
} from '#domain/chain/entry-digest';
import type { DataSource, EntityManager } from 'typeorm';
import { sha256 } from './chain-seal.js';

/** A row that is not what was sealed, or that should not be there, or that is gone. */
export interface ChainFault {
  readonly what: 'entry' | 'line' | 'block' | 'digest' | 'head' | 'cycle';
  /** The row: `entry 17 (ent_…)`, `entry 17 line 3`, `block 4`. */
  readonly row: string;
  readonly detail: string;
}

export interface ChainReport {
  readonly ok: boolean;
  readonly head: { readonly blockNo: string; readonly hash: string };
  readonly blocks: number;
  readonly entries: number;
  /** Posted and not sealed yet; they are checked for presence only. */
  readonly unsealed: number;
  /** The first hundred. */
  readonly faults: readonly ChainFault[];
  readonly faultCount: number;
}

export interface ChainCheckTerms {
  /** A head known from elsewhere, such as a settlement file: it must be part of this chain. */
  readonly expectHead?: string;
  /** Told now and then how many entries were read, of about how many. */
  readonly onProgress?: (read: number, about: number) => void;
}

const MOST_FAULTS = 100;
const ENTRIES_AT_ONCE = 4_000;
const BLOCKS_AT_ONCE = 500;

/**
 * Recomputes the chain from the rows: every entry's digest from entry, lines and accounts, every
 * block's content from the digests, every block's hash from the one before. The digests are
 * computed here and not by the database, whose own functions a tamperer could have replaced.
 *
 * Reads one snapshot by primary key in portions, so its memory does not grow with the ledger.
 */
export async function checkChain(
  dataSource: DataSource,
  terms: ChainCheckTerms = {},
): Promise<ChainReport> {
  return dataSource.transaction('REPEATABLE READ', async (tx) => {
    await tx.query('SET TRANSACTION READ ONLY');
    const faults = new FaultList();
    const chain = await checkBlocks(tx, faults, terms.expectHead?.toLowerCase());
    const entries = await checkEntries(tx, faults, terms.onProgress);
    for (const check of MEMBERSHIP_CHECKS) faults.add(...(await tx.query<ChainFault[]>(check)));
    const [waiting] = await tx.query<{ unsealed: number }[]>(
      `SELECT coalesce(sum(cardinality(entry_nos)), 0)::integer AS unsealed FROM journal_unsealed`,
    );
    return {
      ok: faults.count === 0,
      head: chain.head,
      blocks: chain.blocks,
      entries,
      unsealed: waiting?.unsealed ?? 0,
      faults: faults.first,
      faultCount: faults.count,
    };
  });
}

class FaultList {
  readonly first: ChainFault[] = [];
  count = 0;

  add(...faults: readonly ChainFault[]): void {
    this.count += faults.length;
    this.first.push(...faults.slice(0, Math.max(0, MOST_FAULTS - this.first.length)));
  }
}

interface BlockRow {
  readonly no: string;
  readonly previous: string;
  readonly ranges: readonly (readonly [string, string])[];
  readonly size: number;
  readonly content: string;
  readonly sealed_at_us: string;
  readonly hash: string;
  readonly found: string;
  readonly found_content: string | null;
}

const BLOCKS = `
  SELECT b.no, encode(b.previous, 'hex') AS previous, b.size, encode(b.content, 'hex') AS content,
         (extract(epoch FROM b.sealed_at) * 1000000)::bigint::text AS sealed_at_us,
         encode(b.hash, 'hex') AS hash, r.ranges, d.found, d.found_content
  FROM (SELECT * FROM journal_blocks WHERE no > $1 ORDER BY no LIMIT $2) b
  CROSS JOIN LATERAL (
    SELECT json_agg(json_build_array(lower(x)::text, (upper(x) - 1)::text) ORDER BY x) AS ranges
    FROM unnest(b.entries) AS x) r
  CROSS JOIN LATERAL (
    SELECT count(*) AS found,
           encode(sha256(string_agg(d.digest, ''::bytea ORDER BY d.entry_no)), 'hex')
             AS found_content
    FROM unnest(b.entries) AS x
    JOIN journal_digests d ON d.entry_no >= lower(x) AND d.entry_no < upper(x)) d
  ORDER BY b.no`;

/** Links, hashes and contents, oldest first. */
async function checkBlocks(
  tx: EntityManager,
  faults: FaultList,
  expectHead: string | undefined,
): Promise<{ head: ChainReport['head']; blocks: number }> {
  let before: { no: bigint; hash: string } | undefined;
  let expected = expectHead === undefined;
  let blocks = 0;
  for (;;) {
    const rows = await tx.query<BlockRow[]>(BLOCKS, [String(before?.no ?? 0), BLOCKS_AT_ONCE]);
    for (const row of rows) {
      faults.add(...faultsOfBlock(row, before));
      expected ||= row.hash === expectHead;
      before = { no: BigInt(row.no), hash: row.hash };
    }
    blocks += rows.length;
    if (rows.length < BLOCKS_AT_ONCE) break;
  }
  if (!expected) {
    faults.add({
      what: 'head',
      row: `head ${expectHead ?? ''}`,
      detail: 'no block of this ledger has this hash: what it sealed was changed or cut off',
    });
  }
  return {
    head: { blockNo: String(before?.no ?? 0), hash: before?.hash ?? '0'.repeat(64) },
    blocks,
  };
}

function faultsOfBlock(
  row: BlockRow,
  before: { readonly no: bigint; readonly hash: string } | undefined,
): ChainFault[] {
  const ranges = row.ranges.map(([first, last]): EntryRange => {
    return { first: BigInt(first), last: BigInt(last) };
  });
  const block = {
    no: BigInt(row.no),
    previous: row.previous,
    ranges,
    content: row.content,
    sealedAtUs: row.sealed_at_us,
    hash: row.hash,
  };
  const details = faultsOfLink(block, before, sha256);
  const size = ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
  if (size !== BigInt(row.size)) details.push(`it says ${String(row.size)} entries`);
  if (size !== BigInt(row.found)) {
    details.push(`it sealed ${size.toString()} entries, ${row.found} of their digests are left`);
  } else if (row.found_content !== row.content) {
    details.push('the digests of its entries are not those it sealed');
  }
  return details.map((detail) => ({ what: 'block', row: `block ${row.no}`, detail }));
}

interface EntryRow {
  readonly entry_no: string;
  readonly id: string | null;
  readonly event: string;
  readonly kind: string;
  readonly payment_id: string | null;
  readonly cycle_id: string;
  readonly trace_id: string | null;
  readonly staged_at_us: string;
  readonly posted_at_us: string;
  readonly batch_no: string;
  readonly line_count: number;
  /** `line_no account_id minor`, apart by commas; null without lines. */
  readonly lines: string | null;
  readonly digest: string | null;
  readonly marks: readonly number[] | null;
}

const NEXT_NUMBER = `
  SELECT least((SELECT min(entry_no) FROM journal_entries WHERE entry_no >= $1),
               (SELECT min(entry_no) FROM journal_digests WHERE entry_no >= $1),
               (SELECT min(entry_no) FROM journal_lines WHERE entry_no >= $1)) AS next`;

const ENTRIES = `
  SELECT entry_no, e.id, e.event, e.kind, e.payment_id, e.cycle_id, e.trace_id,
         (extract(epoch FROM e.staged_at) * 1000000)::bigint::text AS staged_at_us,
         (extract(epoch FROM e.posted_at) * 1000000)::bigint::text AS posted_at_us,
         e.batch_no, e.line_count, l.lines, encode(d.digest, 'hex') AS digest, d.marks
  FROM (SELECT * FROM journal_entries WHERE entry_no BETWEEN $1 AND $2) e
  FULL JOIN (SELECT * FROM journal_digests WHERE entry_no BETWEEN $1 AND $2) d USING (entry_no)
  FULL JOIN (SELECT entry_no, string_agg(line_no || ' ' || account_id || ' ' || minor, ','
                                         ORDER BY line_no) AS lines
             FROM journal_lines WHERE entry_no BETWEEN $1 AND $2 GROUP BY entry_no) l
    USING (entry_no)
  ORDER BY entry_no`;

/** Every entry against its digest; returns how many entries there are. */
async function checkEntries(
  tx: EntityManager,
  faults: FaultList,
  onProgress: ChainCheckTerms['onProgress'],
): Promise<number> {
  const accounts = await readAccountNames(tx);
  const [size] = await tx.query<{ about: string }[]>(
    `SELECT greatest(reltuples, 0)::bigint AS about FROM pg_class WHERE relname = 'journal_entries'`,
  );
  let entries = 0;
  let from = 0n;
  for (;;) {
    const [row] = await tx.query<{ next: string | null }[]>(NEXT_NUMBER, [from.toString()]);
    const next = row?.next ?? null;
    if (next === null) return entries;
    const first = BigInt(next);
    from = first + BigInt(ENTRIES_AT_ONCE);
    const rows = await tx.query<EntryRow[]>(ENTRIES, [first.toString(), (from - 1n).toString()]);
    for (const found of rows) {
      if (found.id !== null) entries++;
      const fault = faultOfEntry(found, accounts);
      if (fault !== undefined) faults.add(fault);
    }
    onProgress?.(entries, Math.max(entries, Number(size?.about ?? 0)));
  }
}

async function readAccountNames(tx: EntityManager): Promise<ReadonlyMap<number, string>> {
  const rows = await tx.query<{ id: number; name: string }[]>(
    `SELECT id, owner || '|' || kind || '|' || currency || '|' || coalesce(of, '') AS name
     FROM accounts`,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function faultOfEntry(
  row: EntryRow,
  accounts: ReadonlyMap<number, string>,
): ChainFault | undefined {
  const lines = linesOf(row.lines, accounts);
  if (row.id === null) return faultOfMissing(row);
  const name = `entry ${row.entry_no} (${row.id})`;
  // Without a digest it waits to be sealed, or came in by a back door: membership tells which.
  if (row.digest === null || row.marks === null) return undefined;
  const entry: SealedEntry = {
    entryNo: row.entry_no,
    id: row.id,
    event: row.event,
    kind: row.kind,
    paymentId: row.payment_id,
    cycleId: row.cycle_id,
    traceId: row.trace_id,
    stagedAtUs: row.staged_at_us,
    postedAtUs: row.posted_at_us,
    batchNo: row.batch_no,
    lineCount: row.line_count,
    lines,
  };
  if (digestOfEntry(entry, sha256) === row.digest) return undefined;
  return faultOfLines(name, row, lines) ?? faultOfHead(name, lines);
}

/** A number that has a digest or lines, but no entry. */
function faultOfMissing(row: EntryRow): ChainFault {
  const name = `entry ${row.entry_no}`;
  if (row.digest === null) {
    return {
      what: 'line',
      row: name,
      detail: 'there are lines, and neither an entry nor a digest',
    };
  }
  const left = row.lines === null ? 'with its lines' : 'its lines are left';
  return { what: 'entry', row: name, detail: `it was sealed and is gone, ${left}` };
}

function linesOf(text: string | null, accounts: ReadonlyMap<number, string>): SealedLine[] {
  if (text === null) return [];
  return text.split(',').map((part) => {
    const [lineNo = '', account = '', minor = ''] = part.split(' ');
    const accountId = Number(account);
    const accountName = accounts.get(accountId) ?? 'an account that is gone';
    return { lineNo: Number(lineNo), accountId, accountName, minor };
  });
}

/** By the marks: which line is not the one that was sealed. */
function faultOfLines(
  name: string,
  row: EntryRow,
  lines: readonly SealedLine[],
): ChainFault | undefined {
  const marks = row.marks ?? [];
  const byNo = new Map(lines.map((line) => [line.lineNo, line]));
  const wrong: { readonly no: number; readonly detail: string }[] = [];
  for (const [index, mark] of marks.entries()) {
    const line = byNo.get(index + 1);
    if (line === undefined) wrong.push({ no: index + 1, detail: 'is gone' });
    else if (markOfLine(line.accountId, line.minor) !== mark) {
      const detail = `was changed; it now says ${line.minor} on ${line.accountName}`;
      wrong.push({ no: index + 1, detail });
    }
  }
  for (const line of lines) {
    if (line.lineNo < 1 || line.lineNo > marks.length) {
      const detail = `was added: ${line.minor} on ${line.accountName}`;
      wrong.push({ no: line.lineNo, detail });
    }
  }
  const [first] = wrong;
  if (first === undefined) return undefined;
  return {
    what: 'line',
    row: `${name} line ${wrong.map(({ no }) => String(no)).join(' and ')}`,
    detail: wrong.map(({ no, detail }) => `line ${String(no)} ${detail}`).join('; '),
  };
}

function faultOfHead(name: string, lines: readonly SealedLine[]): ChainFault {
  const owners = [...new Set(lines.map(({ accountId }) => String(accountId)))].join(', ');
  return {
    what: 'entry',
    row: name,
    detail:
      'its lines are those that were sealed, so its own row was changed (id, event, kind, payment, ' +
      `cycle, trace, times, batch), or its digest, or the name of an account it stands on (${owners})`,
  };
}

/** What belongs where. Each returns faults; none when all is well. */
const MEMBERSHIP_CHECKS: readonly string[] = [
  // An entry is sealed, or waits in the row its posting wrote; there is no third way in.
  `SELECT 'entry' AS what, 'entry ' || e.entry_no || ' (' || e.id || ')' AS row,
          'it was never sealed and does not wait to be: it did not come through posting' AS detail
   FROM journal_entries e
   WHERE NOT EXISTS (SELECT FROM journal_digests d WHERE d.entry_no = e.entry_no)
     AND e.entry_no NOT IN (SELECT unnest(entry_nos) FROM journal_unsealed)
   ORDER BY e.entry_no LIMIT 1000`,
  `WITH known AS MATERIALIZED (
          SELECT coalesce(range_agg(entries), '{}'::int8multirange) AS entries
          FROM (SELECT entries FROM journal_blocks
                UNION ALL
                SELECT range_agg(int8range(n, n, '[]')) FROM journal_unsealed, unnest(entry_nos) n
                WHERE digested_at IS NOT NULL) s)
   SELECT 'digest' AS what, 'entry ' || entry_no AS row,
          'it has a digest, and no block holds it' AS detail
   FROM journal_digests WHERE NOT entry_no <@ (SELECT entries FROM known)
   ORDER BY entry_no LIMIT 1000`,
  `SELECT 'digest' AS what, 'entry ' || x.entry_no AS row,
          'block ' || b.no || ' sealed it, and its digest is gone'
            || CASE WHEN e.entry_no IS NULL THEN ' with the entry' ELSE '' END AS detail
   FROM (SELECT no, entries FROM journal_blocks b
         WHERE size <> (SELECT count(*) FROM unnest(b.entries) r
                        JOIN journal_digests d ON d.entry_no >= lower(r) AND d.entry_no < upper(r))
        ) b
   CROSS JOIN LATERAL unnest(b.entries) r
   CROSS JOIN LATERAL generate_series(lower(r), upper(r) - 1) AS x(entry_no)
   LEFT JOIN journal_entries e ON e.entry_no = x.entry_no
   WHERE NOT EXISTS (SELECT FROM journal_digests d WHERE d.entry_no = x.entry_no)
   ORDER BY x.entry_no LIMIT 1000`,
  `SELECT 'block' AS what, 'block ' || no AS row,
          'it holds entry ' || lower(r) || ', which block ' || before || ' holds too' AS detail
   FROM (SELECT no, r, lag(upper(r)) OVER w AS last_end, lag(no) OVER w AS before
         FROM journal_blocks, unnest(entries) r WINDOW w AS (ORDER BY lower(r), no)) s
   WHERE lower(r) < last_end ORDER BY no LIMIT 1000`,
  `SELECT 'cycle' AS what, 'cycle ' || s.cycle_id AS row,
          'it became final under block ' || s.block_no || ' with another hash' AS detail
   FROM cycle_seals s LEFT JOIN journal_blocks b ON b.no = s.block_no
   WHERE s.head IS DISTINCT FROM coalesce(b.hash, decode(repeat('00', 32), 'hex'))
      OR (b.no IS NULL AND s.block_no <> 0)
   ORDER BY s.cycle_id LIMIT 1000`,
];
