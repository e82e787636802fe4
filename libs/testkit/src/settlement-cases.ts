import { closeDueCycles, finaliseDueCycles, numberClosedCycles } from '#clearing';
import type { CycleId } from '#domain/ids';
import { HUB, type JournalEntry, type JournalLine } from '#domain/journal';
import {
  commitExposures,
  dailyCycleAt,
  ensureCycles,
  gatherExposures,
  openMissingExposures,
  setHubClock,
  stageEntries,
  type AccountBook,
} from '#ledger';
import { seedCalendars } from '#settlement';
import { projectRoot } from '#platform/project-root';
import { join } from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import { postOutbox } from './cycle-cases.js';

const HOUR_MS = 3_600_000;

/** A wallet's users paid `count` times at an acquirer's shops; amounts in minor units, each. */
export interface TrafficCase {
  readonly wallet: string;
  readonly owes: bigint;
  readonly acquirer: string;
  readonly receives: bigint;
  readonly count?: number;
  /** Given back instead of paid; `released` is what it took off the wallet's exposure. */
  readonly refund?: { readonly released: bigint; readonly held: bigint };
}

/** Settlement currency of each participant of the cases. */
export const CASE_CURRENCIES: Readonly<Record<string, string>> = {
  wal_siam: 'THB',
  wal_hangang: 'KRW',
  acq_kamo: 'JPY',
  acq_yodo: 'USD',
  acq_hudson: 'USD',
  wal_gone: 'USD',
  wal_dollar: 'USD',
};

/** Gives an empty database calendars, terms, and exposures with ample caps. */
export async function prepareSettlement(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (tx) => {
    await seedCalendars(tx, join(projectRoot, 'data'), Date.UTC(2026, 0, 1));
    await openMissingExposures(
      tx,
      Object.entries(CASE_CURRENCIES).map(([participantId, currency]) => {
        return { participantId, currency, cap: 1_000_000_000n, prefund: 0n };
      }),
    );
  });
}

let numbers = 0;

/**
 * Plays one clearing day from its first payment to its finality: stores what was paid and refunded
 * as the payment path would, posts it, closes the cycle, numbers it and makes it final. The hub's
 * clock stands an hour after that day's end afterwards.
 *
 * @param isoDay the clearing day at UTC+8
 */
export async function playCycle(
  dataSource: DataSource,
  book: AccountBook,
  isoDay: string,
  traffic: readonly TrafficCase[],
): Promise<CycleId> {
  const noonMs = Date.parse(`${isoDay}T12:00:00+08:00`);
  const { manager } = dataSource;
  await setHubClock(manager, noonMs);
  await ensureCycles(manager, noonMs, 1);
  const cycle = dailyCycleAt(noonMs);
  await dataSource.transaction(async (tx) => {
    for (const one of traffic) {
      for (let i = 0; i < (one.count ?? 1); i++) await store(tx, book, cycle.id, one, noonMs);
    }
  });
  await postOutbox(manager);
  await setHubClock(manager, cycle.endsAtMs + HOUR_MS);
  await closeDueCycles(dataSource, 1_000);
  await numberClosedCycles(dataSource);
  const { waiting } = await finaliseDueCycles(dataSource);
  for (const why of waiting.values()) throw new Error(`the cycle is not final: ${why}`);
  return cycle.id;
}

async function store(
  tx: EntityManager,
  book: AccountBook,
  cycleId: CycleId,
  traffic: TrafficCase,
  atMs: number,
): Promise<void> {
  const number = String(++numbers).padStart(26, '0');
  const { wallet, acquirer, owes, receives, refund } = traffic;
  const payTo = CASE_CURRENCIES[wallet] ?? '';
  const settlement = CASE_CURRENCIES[acquirer] ?? '';
  if (refund === undefined) {
    await tx.query(PAYMENT, [
      `pay_${number}`,
      acquirer,
      settlement,
      wallet,
      payTo,
      owes.toString(),
      receives.toString(),
      new Date(atMs),
      cycleId,
    ]);
  } else {
    await tx.query(REFUND, [
      `ref_${number}`,
      acquirer,
      wallet,
      settlement,
      payTo,
      owes.toString(),
      receives.toString(),
      refund.held.toString(),
      refund.released.toString(),
      new Date(atMs),
      cycleId,
    ]);
  }
  await stageEntries(tx, book, [
    { ...entryOf(number, cycleId, traffic, payTo, settlement), traceId: null },
  ]);
  await expose(tx, traffic, payTo, settlement);
}

async function expose(
  tx: EntityManager,
  { wallet, acquirer, owes, refund }: TrafficCase,
  payTo: string,
  settlement: string,
): Promise<void> {
  const keys = [
    { participantId: wallet, currency: payTo },
    { participantId: acquirer, currency: settlement },
  ];
  await gatherExposures(tx, keys);
  const [walletMinor, acquirerMinor] =
    refund === undefined ? [owes, 0n] : [-refund.released, refund.held];
  await commitExposures(tx, [
    { participantId: wallet, currency: payTo, reserved: 0n, outstanding: walletMinor },
    { participantId: acquirer, currency: settlement, reserved: 0n, outstanding: acquirerMinor },
  ]);
}

function entryOf(
  number: string,
  cycleId: CycleId,
  { wallet, acquirer, owes, receives, refund }: TrafficCase,
  payTo: string,
  settlement: string,
): JournalEntry {
  const sign = refund === undefined ? 1n : -1n;
  const subject = refund === undefined ? (`pay_${number}` as const) : (`ref_${number}` as const);
  const kind = refund === undefined ? 'paymentCleared' : 'paymentRefunded';
  const position = (currency: string, minor: bigint): JournalLine => ({
    account: { owner: HUB, kind: 'fxPosition', currency },
    minor,
  });
  const walletSide: JournalLine = {
    account: { owner: wallet, kind: 'walletReceivable', currency: payTo },
    minor: sign * owes,
  };
  const acquirerSide: JournalLine = {
    account: { owner: acquirer, kind: 'acquirerPayable', currency: settlement },
    minor: -sign * receives,
  };
  return {
    id: `ent_${number}`,
    kind,
    event: `${subject}:${kind}`,
    paymentId: `pay_${number}`,
    cycleId,
    lines: [
      walletSide,
      position(payTo, -sign * owes),
      acquirerSide,
      position(settlement, sign * receives),
    ],
  };
}

const PAYMENT = `
  INSERT INTO payments (id, mode, state, acquirer_id, acquirer_request_id, order_memo,
    payment_currency, payment_minor, settlement_currency, wallet_id, wallet_version, customer_id,
    corridor_id, corridor_version, pay_to_currency, pay_to_minor, settlement_minor,
    wallet_owes_minor, acquirer_receives_minor, payer_quote_id, settlement_quote_id, terms, reasons,
    usage_day, created_at, expires_at, completed_at, cycle_id, notification_owed, trace_id)
  SELECT $1, 'userPresented', 'succeeded', $2, $1, '{}', 'JPY', 1200, $3, $4, 1, 'cust', 'cor', 1,
    $5, $6::bigint, $7::bigint, $6::bigint, $7::bigint, 'quo_a', 'quo_b', '{}', '{}', '2026-01-01',
    $8, $8, $8, $9, false, $1`;

const REFUND = `
  INSERT INTO refunds (id, payment_id, acquirer_id, acquirer_request_id, wallet_id, state,
    payment_currency, refund_minor, pay_to_currency, refund_from_minor, settlement_currency,
    settlement_minor, wallet_credit_minor, acquirer_debit_minor, interchange_minor, terms,
    held_minor, released_minor, created_at, completed_at, cycle_id, trace_id)
  SELECT $1, 'pay_before', $2, $1, $3, 'succeeded', 'JPY', 1200, $5, $6::bigint, $4, $7::bigint,
    $6::bigint, $7::bigint, 0, '{}', $8::bigint, $9::bigint, $10, $10, $11, $1`;
