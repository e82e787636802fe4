import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { createDataSource } from '#platform/database';
import { compareLedger, type LedgerComparison } from '#testkit/expected-ledger';
import { verifyInvariants } from '#verification';
import type { Partners } from './partners.js';
import { WALLETS, type Told } from './shoppers.js';
import type { SoakSystem } from './system.js';

export interface Findings {
  readonly payments: number;
  readonly terminal: number;
  readonly refunds: number;
  /** Sales that a till was told of with S or F. */
  readonly acknowledged: number;
  /** Sentences about answers that the database does not stand by; none if all is well. */
  readonly brokenPromises: readonly string[];
  /** Sentences about wallets whose payers are out of more or less than was paid. */
  readonly wallets: readonly string[];
  readonly finalCycles: number;
  readonly settlementEntries: number;
  readonly verify: {
    readonly ok: boolean;
    readonly checks: number;
    readonly failed: readonly string[];
  };
  readonly ledger: LedgerComparison;
}

const LIVE = `state IN ('awaitingPayer', 'authorising', 'pushing', 'cancelling')`;
const SETTLED_WITHIN_MS = 180_000;
/** A guest who has not confirmed by then will not; left alone, the order ends at its expiry. */
const CASHIER_WAITS_MS = 60_000;
const POLL_MS = 500;

/**
 * Waits until nothing is under way any more. Orders whose guests have left are taken back by their
 * cashiers; all else ends by the hub's own timetables.
 *
 * @returns what is still open when the time is over, as sentences
 */
export async function untilQuiet(
  system: SoakSystem,
  partners: Partners,
  signal: AbortSignal,
): Promise<string[]> {
  const startedMs = performance.now();
  const deadlineMs = startedMs + SETTLED_WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    const open = await system
      .read<{ acquirer_id: string; request: string; state: string; mode: string | null }>(
        `SELECT acquirer_id, acquirer_request_id AS request, state, mode
         FROM payments WHERE ${LIVE}
         UNION ALL SELECT acquirer_id, acquirer_request_id, 'refund ' || state, NULL
         FROM refunds WHERE state = 'processing'
         UNION ALL SELECT 'outbox', event, 'staged', NULL FROM staged_entries`,
      )
      .catch(() => undefined);
    if (open?.length === 0) return [];
    if (open !== undefined && performance.now() > deadlineMs) {
      return open.map((row) => `${row.acquirer_id} ${row.request} is ${row.state}`);
    }
    const impatient = performance.now() > startedMs + CASHIER_WAITS_MS;
    for (const { acquirer_id, request, state, mode } of open ?? []) {
      const undecided = impatient && state === 'authorising' && mode !== 'userPresented';
      if (state === 'awaitingPayer' || undecided) {
        await partners.cancel(acquirer_id, request).catch(() => null);
      }
    }
    await sleep(POLL_MS);
  }
}

export async function untilFinal(
  system: SoakSystem,
  cycleId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const deadlineMs = performance.now() + SETTLED_WITHIN_MS;
  while (performance.now() < deadlineMs) {
    signal.throwIfAborted();
    const [row] = await system.read<{ done: boolean }>(
      `SELECT EXISTS (SELECT FROM cycles c JOIN settlement_runs r ON r.cycle_id = c.id
                      WHERE c.id = $1 AND c.state = 'final' AND r.state = 'netted')
              AND NOT EXISTS (SELECT FROM staged_entries) AS done`,
      [cycleId],
    );
    if (row?.done === true) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** Looks at everything that was promised, booked and paid. */
export async function examine(
  system: SoakSystem,
  partners: Partners,
  told: readonly Told[],
): Promise<Findings> {
  const dataSource = await createDataSource(system.databaseUrl, { poolSize: 2 });
  try {
    const tx = dataSource.manager;
    const count = async (sql: string): Promise<number> => {
      const [row] = await tx.query<{ n: number }[]>(`SELECT count(*)::integer AS n FROM ${sql}`);
      return row?.n ?? 0;
    };
    const report = await verifyInvariants(dataSource);
    const failed = report.checks.filter(({ ok }) => !ok);
    return {
      payments: await count('payments'),
      terminal: await count(`payments WHERE NOT ${LIVE}`),
      refunds: await count(`refunds WHERE state = 'succeeded'`),
      acknowledged: told.filter(({ status }) => status !== 'U').length,
      brokenPromises: await brokenPromises(tx, told),
      wallets: await walletsThatDiffer(tx, partners),
      finalCycles: await count(`cycles WHERE state = 'final'`),
      settlementEntries: await count('journal_entries WHERE payment_id IS NULL'),
      verify: {
        ok: report.ok,
        checks: report.checks.length,
        failed: failed.map(
          ({ name, offenders }) =>
            `${name}: ${offenders.map(({ offender, detail }) => `${offender} ${detail}`).join('; ')}`,
        ),
      },
      ledger: await compareLedger(tx),
    };
  } finally {
    await dataSource.destroy();
  }
}

async function brokenPromises(tx: EntityManager, told: readonly Told[]): Promise<string[]> {
  const rows = await tx.query<{ key: string; state: string }[]>(
    `SELECT acquirer_id || ' ' || acquirer_request_id AS key, state FROM payments`,
  );
  const states = new Map(rows.map(({ key, state }) => [key, state]));
  return told.flatMap(({ acquirerId, requestId, status, code, cancelAsked }) => {
    const state = states.get(`${acquirerId} ${requestId}`);
    const kept =
      status === 'S'
        ? state === 'succeeded' || (cancelAsked && state === 'cancelled')
        : status === 'F'
          ? state !== 'succeeded'
          : true;
    return kept
      ? []
      : [`${acquirerId} ${requestId} was told ${status} ${code} and is ${state ?? 'unknown'}`];
  });
}

/** The wallets' own books, which survived their own crashes, against the hub's payments. */
async function walletsThatDiffer(tx: EntityManager, partners: Partners): Promise<string[]> {
  const differences: string[] = [];
  for (const walletId of WALLETS) {
    const [row] = await tx.query<{ minor: string }[]>(
      `SELECT coalesce((SELECT sum(pay_to_minor) FROM payments
                        WHERE wallet_id = $1 AND state = 'succeeded'), 0)
            - coalesce((SELECT sum(refund_from_minor) FROM refunds
                        WHERE wallet_id = $1 AND state = 'succeeded'), 0) AS minor`,
      [walletId],
    );
    const out = await partners.paidOut(walletId);
    if (out !== BigInt(row?.minor ?? 0)) {
      differences.push(
        `payers of ${walletId} are out of ${out.toString()}, the hub says ${row?.minor ?? '0'}`,
      );
    }
  }
  return differences;
}
