import { clearingDayNumber } from '#domain/clearing-day';
import type { CycleId } from '#domain/ids';
import { HUB } from '#domain/journal';
import { counterCurrencies } from '#domain/netting/counter-currencies';
import { netFlows, type PairFlow } from '#domain/netting/net-flows';
import {
  decideObligations,
  type CarriedAmount,
  type CycleTotal,
} from '#domain/settlement/decide-obligations';
import type { ObligationId, ObligationRole } from '#domain/settlement/obligation';
import { findCycleHead } from '#ledger';
import type { IdSource } from '#platform/id-source';
import type { EntityManager } from 'typeorm';
import { findCalendars, findSettlementTerms } from './calendars/index.js';
import { readBooks, readPairFlows, sumRawLines } from './cycle-flows.js';
import { releaseExposures } from './exposure-releases.js';
import { commitObligations, type NewObligation } from './obligation-rows.js';
import { proofFileOf } from './proof-file.js';

export interface NettedCycle {
  readonly cycleId: CycleId;
  readonly obligations: number;
  readonly proofHash: string;
}

interface CycleRow {
  readonly id: CycleId;
  readonly kind: string;
  readonly state: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly final_at: Date | null;
}

/**
 * Nets one final cycle: reads its running totals, sums every raw line beside them, and writes what
 * each participant owes, with the proof. Give it a transaction of its own, in which the run is
 * locked. Totals and lines that disagree stop it: nobody pays by books that contradict themselves.
 *
 * @param nowMs for the ids only
 */
export async function netCycle(
  tx: EntityManager,
  cycleId: CycleId,
  ids: IdSource,
  nowMs: number,
): Promise<NettedCycle> {
  const [cycle] = await tx.query<CycleRow[]>(
    `SELECT id, kind, state, starts_at, ends_at, final_at FROM cycles WHERE id = $1`,
    [cycleId],
  );
  if (cycle === undefined || cycle.final_at === null)
    throw new Error(`${cycleId} is not final, so it is not netted`);
  const books = await readBooks(tx, cycleId);
  const rawLines = await compareRawLines(tx, cycleId, books);
  const flows = await readPairFlows(tx, cycleId, books);
  const carried = await takeCarried(tx, cycleId);
  const totals = await totalsOf(tx, cycleId, books, flows);
  // Cycles end at the day's first moment, which belongs to the next one.
  const clearingDay = clearingDayNumber(cycle.ends_at.getTime() - 1);
  const decided = decideObligations({
    clearingDay,
    totals,
    carried,
    terms: await findSettlementTerms(tx),
    calendars: await findCalendars(tx),
  });
  const obligations = decided.map((obligation): NewObligation => {
    const id: ObligationId = ids.next('obl_', nowMs);
    return { ...obligation, id, cycleId, defaultId: null };
  });
  await commitObligations(tx, obligations);
  await releaseExposures(
    tx,
    obligations
      .filter(({ state }) => state === 'settled')
      .map((obligation) => ({
        obligation,
        minor: obligation.exposureMinor,
        cause: 'nothingDue',
        causeId: cycleId,
      })),
  );
  const proof = proofFileOf({
    cycle: { ...cycle, final_at: cycle.final_at },
    flows,
    books,
    models: netFlows(flows),
    obligations: decided,
    rawLines,
    head: await findCycleHead(tx, cycleId),
  });
  await tx.query(
    `UPDATE settlement_runs SET state = 'netted', netted_at = clock_timestamp(), proof = $2,
            proof_hash = $3, fault = NULL
     WHERE cycle_id = $1`,
    [cycleId, JSON.stringify(proof), proof.hash],
  );
  return { cycleId, obligations: obligations.length, proofHash: proof.hash };
}

async function compareRawLines(
  tx: EntityManager,
  cycleId: CycleId,
  books: Awaited<ReturnType<typeof readBooks>>,
): Promise<{ lines: number; agree: true }> {
  const raw = await sumRawLines(tx, cycleId);
  let lines = 0;
  for (const total of books) {
    const summed = raw.get(total.accountId);
    if (summed?.minor !== total.minor || summed.lines !== total.lines) {
      throw new Error(
        `${cycleId}: the running total of ${total.owner} ${total.account} ${total.currency} is ` +
          `${String(total.minor)}, its lines sum to ${String(summed?.minor ?? 0n)}`,
      );
    }
    lines += total.lines;
  }
  if (raw.size !== books.length) throw new Error(`${cycleId}: lines without a running total`);
  return { lines, agree: true };
}

/** Amounts that were too small are added once, to the next cycle that is netted. */
async function takeCarried(tx: EntityManager, cycleId: CycleId): Promise<CarriedAmount[]> {
  const [rows] = await tx.query<
    [
      {
        participant_id: string;
        role: ObligationRole;
        currency: string;
        minor: string;
        exposure_minor: string;
      }[],
      number,
    ]
  >(
    `UPDATE obligations SET carried_to = $1, updated_at = clock_timestamp()
     WHERE state = 'carried' AND carried_to IS NULL
     RETURNING participant_id, role, currency, minor, exposure_minor`,
    [cycleId],
  );
  return rows.map((row) => ({
    participantId: row.participant_id,
    role: row.role,
    currency: row.currency,
    minor: BigInt(row.minor),
    exposureMinor: BigInt(row.exposure_minor),
  }));
}

const ROLES: Readonly<Record<string, ObligationRole>> = {
  walletReceivable: 'wallet',
  acquirerPayable: 'acquirer',
};

async function totalsOf(
  tx: EntityManager,
  cycleId: CycleId,
  books: Awaited<ReturnType<typeof readBooks>>,
  flows: readonly PairFlow[],
): Promise<CycleTotal[]> {
  const held = await readHeldExposure(tx, cycleId);
  const counters = counterCurrencies(flows);
  return books
    .filter(({ owner }) => owner !== HUB)
    .map(({ owner, account, currency, minor }) => {
      const role = ROLES[account];
      if (role === undefined) throw new Error(`${cycleId} has lines on ${account} of ${owner}`);
      const key = `${owner} ${currency}`;
      return {
        participantId: owner,
        role,
        currency,
        minor,
        exposureMinor: held.get(key) ?? 0n,
        counterCurrency: counters.get(key) ?? null,
      };
    });
}

/** What the cycle's payments took of caps and its refunds gave back, by participant and currency. */
async function readHeldExposure(
  tx: EntityManager,
  cycleId: CycleId,
): Promise<ReadonlyMap<string, bigint>> {
  const rows = await tx.query<{ key: string; minor: string }[]>(
    `SELECT participant || ' ' || currency AS key, sum(minor)::text AS minor
     FROM (SELECT wallet_id AS participant, pay_to_currency::text AS currency,
                  wallet_owes_minor AS minor
           FROM payments WHERE cycle_id = $1 AND state = 'succeeded'
           UNION ALL
           SELECT wallet_id, pay_to_currency::text, -released_minor FROM refunds
           WHERE cycle_id = $1 AND state = 'succeeded'
           UNION ALL
           SELECT acquirer_id, settlement_currency::text, held_minor FROM refunds
           WHERE cycle_id = $1 AND state = 'succeeded') held
     GROUP BY 1`,
    [cycleId],
  );
  return new Map(rows.map((row) => [row.key, BigInt(row.minor)]));
}
