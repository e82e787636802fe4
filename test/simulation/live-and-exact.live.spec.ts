/**
 * Goal: the simulator's exact hub decides what the live hub decides. Method: two days of payments
 * of every end go through a recorded hub (signed HTTP, queues, PostgreSQL); the exact hub applies
 * the record; every payment, refund, journal line, exposure, cycle and obligation is compared to
 * the last minor unit. That the comparison sees anything is shown by planted differences: a
 * command left out, a rate moved, two commands swapped.
 */
import { rateBook } from '#domain/rates/rate-book';
import type { RecordedCommand } from '#domain/recorded-command';
import { readDecisions } from '#payments';
import { differences } from './differences.js';
import { applyAll, premisesOf } from './hub-again.js';
import { RecordedDay } from './recorded-day.js';

let day: RecordedDay;
let log: (RecordedCommand & { readonly seq: number })[] = [];
beforeAll(async () => {
  day = await RecordedDay.open(150);
  log = await readDecisions(day.hub.database.dataSource.manager);
}, 120_000);
afterAll(() => day.close());

it('played everything that it is about', async () => {
  const { dataSource } = day.hub.database;
  const rows = await dataSource.query<{ code: string; n: number }[]>(
    `SELECT coalesce(decline_code, state) AS code, count(*)::integer AS n FROM payments GROUP BY 1`,
  );
  const ends = Object.fromEntries(rows.map(({ code, n }) => [code, n]));
  const wanted = [
    'ORDER_IS_CLOSED',
    'PAYMENT_AMOUNT_EXCEED_LIMIT',
    'PROCESS_FAIL',
    'USER_AMOUNT_EXCEED_LIMIT',
    'USER_BALANCE_NOT_ENOUGH',
    'succeeded',
  ];
  expect(Object.keys(ends).sort()).toEqual(expect.arrayContaining(wanted));
  const kinds = new Set(log.map(({ command }) => command.kind));
  expect([...kinds].sort()).toEqual([
    'advance',
    'closeCycle',
    'exposureTerms',
    'finaliseCycle',
    'netCycle',
    'open',
    'refund',
    'refundAnswer',
    'release',
  ]);
});

it('agrees on every payment, line, exposure, cycle and obligation', async () => {
  const again = applyAll(await premisesOf(day.hub), log);
  expect(again.hub.payments.size).toBeGreaterThanOrEqual(150);
  expect(again.entries.length).toBeGreaterThan(80);
  expect(await differences(day.hub, again)).toEqual([]);
});

it('finds a command that was left out', async () => {
  const premises = await premisesOf(day.hub);
  const { hub } = applyAll(premises, log);
  const paid = log.filter(
    ({ command }) =>
      command.kind === 'advance' &&
      command.command.kind === 'walletPaid' &&
      hub.payments.get(command.paymentId)?.state === 'succeeded',
  );
  const dropped = paid[Math.floor(paid.length / 2)];
  const found = await differences(
    day.hub,
    applyAll(
      premises,
      log.filter((recorded) => recorded !== dropped),
    ),
  );
  const kinds = new Set(found.map((sentence) => sentence.split(' ')[0]));
  expect([...kinds]).toEqual(expect.arrayContaining(['payment', 'entry', 'obligation']));
});

it('finds a rate that moved by one in the last place', async () => {
  const premises = await premisesOf(day.hub, (book) =>
    rateBook(
      book.rates.map((rate) =>
        rate.base === 'THB' || rate.counter === 'THB'
          ? {
              ...rate,
              ratio: {
                numerator: rate.ratio.numerator * 10_000n + 1n,
                denominator: rate.ratio.denominator * 10_000n,
              },
            }
          : rate,
      ),
    ),
  );
  const found = await differences(day.hub, applyAll(premises, log));
  expect(found.filter((sentence) => sentence.startsWith('payment')).length).toBeGreaterThan(10);
});

it('keeps no payer, no code and no words of partners in the record', async () => {
  const { dataSource } = day.hub.database;
  const rows = await dataSource.query<{ row: string }[]>(
    `SELECT row_to_json(l)::text AS row FROM decision_log l`,
  );
  const all = rows.map(({ row }) => row).join('\n');
  expect(all).not.toMatch(/traveller-|spender|guest-|Two bowls|Tickets/);
  expect(all).not.toMatch(/"codeValue": ?"/);
  const payers = new Set(
    log.flatMap(({ command }) =>
      command.kind === 'open' ? (command.command.payer?.customerId ?? []) : [],
    ),
  );
  // 17 travellers and a spender, of two wallets; the same payer has the same pseudonym.
  expect(payers.size).toBeGreaterThan(18);
  expect(payers.size).toBeLessThanOrEqual(36);
});
