import { hash } from 'node:crypto';
import { GENESIS, hashOfBlock, sizeOfRanges, type Block } from '#domain/chain/block';
import type { CycleId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import type { EntityManager } from 'typeorm';
import { countUnsealed, digestPosted } from './chain-digests.js';
import type { FinalCondition } from './cycle-finality.js';

/** Held by the one sealer; blocks are chained one after the other. */
const SEAL_LOCK = '7521, 5';

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Beyond this the sealers must catch up first: a transaction that holds a cycle must be short. */
const MOST_SEALED_BEFORE_FINAL = 20_000;

/** The newest block: it fixes everything sealed so far. `blockNo` is 0 before the first one. */
export interface LedgerHead {
  readonly blockNo: bigint;
  /** 64 hexadecimal digits. */
  readonly hash: string;
  readonly sealedAtMs: number | null;
}

export interface SealedBlock extends LedgerHead {
  readonly entries: number;
}

const GATHER = `
  WITH gone AS MATERIALIZED (
         DELETE FROM journal_unsealed WHERE no IN (
           SELECT no FROM journal_unsealed WHERE digested_at IS NOT NULL ORDER BY no LIMIT $1)
         RETURNING entry_nos),
       numbers AS MATERIALIZED (SELECT unnest(entry_nos) AS entry_no FROM gone)
  SELECT (SELECT range_agg(int8range(entry_no, entry_no, '[]')) FROM numbers)::text AS entries,
         (SELECT json_agg(json_build_array(lower(r)::text, (upper(r) - 1)::text) ORDER BY r)
          FROM unnest((SELECT range_agg(int8range(entry_no, entry_no, '[]')) FROM numbers)) AS r)
           AS ranges,
         (SELECT encode(sha256(string_agg(d.digest, ''::bytea ORDER BY d.entry_no)), 'hex')
          FROM numbers n JOIN journal_digests d ON d.entry_no = n.entry_no) AS content,
         (extract(epoch FROM clock_timestamp()) * 1000000)::bigint::text AS sealed_at_us,
         (SELECT no::text FROM journal_blocks ORDER BY journal_blocks.no DESC LIMIT 1) AS last_no,
         (SELECT encode(b.hash, 'hex') FROM journal_blocks b ORDER BY b.no DESC LIMIT 1) AS last_hash`;

interface GatheredRow {
  readonly entries: string | null;
  readonly ranges: readonly (readonly [string, string])[] | null;
  readonly content: string | null;
  readonly sealed_at_us: string;
  readonly last_no: string | null;
  readonly last_hash: string | null;
}

const CHAIN = `
  INSERT INTO journal_blocks (no, previous, entries, size, content, sealed_at, hash)
  VALUES ($1, decode($2, 'hex'), $3::int8multirange, $4, decode($5, 'hex'),
          '1970-01-01Z'::timestamptz + $6::bigint * interval '1 microsecond', decode($7, 'hex'))`;

/**
 * Chains the next block out of postings that are digested. Give it a READ COMMITTED transaction of
 * its own. There is one sealer at a time: whoever comes second leaves with null, as does one that
 * finds nothing to seal.
 *
 * @param postings most of them in one block
 */
export async function sealBlock(tx: EntityManager, postings: number): Promise<SealedBlock | null> {
  invariant(tx.queryRunner?.isTransactionActive === true, 'a block is sealed in a transaction');
  const [turn] = await tx.query<{ mine: boolean }[]>(
    `SELECT pg_try_advisory_xact_lock(${SEAL_LOCK}) AS mine`,
  );
  if (turn?.mine !== true) return null;
  // A statement of its own, after the lock: its snapshot has the block of the sealer before.
  const [row] = await tx.query<GatheredRow[]>(GATHER, [postings]);
  if (row === undefined) return null;
  if (row.entries === null || row.ranges === null || row.content === null) return null;
  const block: Block = {
    no: BigInt(row.last_no ?? 0) + 1n,
    previous: row.last_hash ?? GENESIS,
    ranges: row.ranges.map(([first, last]) => ({ first: BigInt(first), last: BigInt(last) })),
    content: row.content,
    sealedAtUs: row.sealed_at_us,
  };
  const entries = Number(sizeOfRanges(block.ranges));
  const own = hashOfBlock(block, sha256);
  await tx.query(CHAIN, [
    block.no.toString(),
    block.previous,
    row.entries,
    entries,
    block.content,
    block.sealedAtUs,
    own,
  ]);
  return { blockNo: block.no, hash: own, sealedAtMs: msOfUs(block.sealedAtUs), entries };
}

export async function findHead(tx: EntityManager): Promise<LedgerHead> {
  const [row] = await tx.query<{ no: string; hash: string; sealed_at: Date }[]>(
    `SELECT no, encode(hash, 'hex') AS hash, sealed_at FROM journal_blocks
     ORDER BY journal_blocks.no DESC LIMIT 1`,
  );
  if (row === undefined) return { blockNo: 0n, hash: GENESIS, sealedAtMs: null };
  return { blockNo: BigInt(row.no), hash: row.hash, sealedAtMs: row.sealed_at.getTime() };
}

/** Whether every posted entry of the cycle is in a block. What is still staged is not asked here. */
export async function sealedThrough(tx: EntityManager, cycleId: CycleId): Promise<boolean> {
  const [row] = await tx.query<{ waiting: boolean }[]>(
    `SELECT EXISTS (SELECT FROM journal_unsealed u CROSS JOIN LATERAL unnest(u.entry_nos) AS n(no)
                    JOIN journal_entries e ON e.entry_no = n.no
                    WHERE e.cycle_id = $1) AS waiting`,
    [cycleId],
  );
  return row?.waiting === false;
}

/** No cycle becomes final with an entry outside the chain. */
export const entriesSealed: FinalCondition = {
  name: 'entries-sealed',
  unmet: async (tx, cycleId) => {
    if (await sealedThrough(tx, cycleId)) return null;
    const { entries } = await countUnsealed(tx);
    return `Some of ${String(entries)} posted entries are not sealed into the chain yet.`;
  },
};

/**
 * Seals what little is left before a cycle becomes final, in the transaction that makes it so: the
 * cycle need not wait for a sealer's next visit. Leaves a large backlog to the sealers.
 */
export async function sealLeftovers(tx: EntityManager, cycleId: CycleId): Promise<void> {
  if (await sealedThrough(tx, cycleId)) return;
  const { entries } = await countUnsealed(tx);
  if (entries > MOST_SEALED_BEFORE_FINAL) return;
  await digestPosted(tx, MOST_SEALED_BEFORE_FINAL);
  await sealBlock(tx, MOST_SEALED_BEFORE_FINAL);
}

/**
 * Records under which head a cycle becomes final. Call it in the transaction that makes it final,
 * after `sealedThrough` said yes; the cycle's files carry what it returns.
 */
export async function recordCycleHead(tx: EntityManager, cycleId: CycleId): Promise<LedgerHead> {
  const head = await findHead(tx);
  await tx.query(
    `INSERT INTO cycle_seals (cycle_id, block_no, head) VALUES ($1, $2, decode($3, 'hex'))`,
    [cycleId, head.blockNo.toString(), head.hash],
  );
  return head;
}

/** The head a final cycle was sealed under; undefined before. */
export async function findCycleHead(
  tx: EntityManager,
  cycleId: CycleId,
): Promise<LedgerHead | undefined> {
  const [row] = await tx.query<{ block_no: string; hash: string; sealed_at: Date }[]>(
    `SELECT block_no, encode(head, 'hex') AS hash, sealed_at FROM cycle_seals WHERE cycle_id = $1`,
    [cycleId],
  );
  if (row === undefined) return undefined;
  return { blockNo: BigInt(row.block_no), hash: row.hash, sealedAtMs: row.sealed_at.getTime() };
}

function msOfUs(us: string): number {
  return Number(BigInt(us) / 1000n);
}
