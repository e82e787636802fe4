import type { JournalLine } from '#domain/journal';
import type { Payment } from '#domain/payments/payment';
import type { Refund } from '#domain/refunds/refund';
import { PaymentRepository, RefundRepository } from '#payments';
import type { DataSource } from 'typeorm';
import type { HubUnderTest } from '../payments/hub-under-test.js';
import type { HubAgain } from './hub-again.js';

/**
 * Everything that two hubs can disagree on, one sentence each: what each payment and refund has
 * come to, every line of the books by the event it books, exposures, members of cycles, and what
 * is left to pay.
 */
export async function differences(live: HubUnderTest, again: HubAgain): Promise<string[]> {
  const { dataSource } = live.database;
  const pairs: [what: string, live: Facts, again: Facts][] = [
    ['payment', await livePayments(dataSource), factsOf(again.hub.payments, paymentFact)],
    ['refund', await liveRefunds(dataSource), refundFacts(again.hub.refunds.list())],
    ['entry', await liveEntries(dataSource), entryFacts(again)],
    ['exposure', await liveExposures(dataSource), exposureFacts(again)],
    ['obligation', await liveObligations(dataSource), obligationFacts(again)],
    ['cycle', await liveCycles(dataSource), cycleFacts(again)],
  ];
  return pairs.flatMap(([what, ours, theirs]) =>
    [...new Set([...ours.keys(), ...theirs.keys()])]
      .filter((key) => ours.get(key) !== theirs.get(key))
      .map((key) => `${what} ${key}: ${ours.get(key) ?? 'none'} / ${theirs.get(key) ?? 'none'}`),
  );
}

/** What is compared, by its name; amounts as digit strings. */
export type Facts = ReadonlyMap<string, string>;

function factsOf<K extends string, V>(
  things: ReadonlyMap<K, V>,
  factOf: (thing: V) => object,
): Facts {
  return new Map([...things].map(([key, thing]) => [key, text(factOf(thing))]));
}

function text(fact: unknown): string {
  return JSON.stringify(fact, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value.toString()}n` : value,
  );
}

/** Ids of quotes and sentences aside, a payment is what it was decided to be. */
function paymentFact(payment: Payment): object {
  const { payer, decline, duty } = payment;
  return {
    state: payment.state,
    createdAtMs: payment.createdAtMs,
    completedAtMs: payment.completedAtMs,
    cycleId: payment.cycleId,
    decline: decline === null ? null : [decline.code, decline.by],
    refunded: payment.refundedMinor,
    refusedWallet: payment.refusedWalletId,
    owed: payment.notificationOwed,
    duty: duty === null ? null : duty.kind,
    payer:
      payer === null
        ? null
        : {
            ...payer.price,
            items: undefined,
            price: [payer.payerQuote.price, payer.settlementQuote.price],
            usd: payer.fees.usd,
            corridor: [payer.corridorId, payer.corridorVersion, payer.clearing],
            usageDay: payer.usageDay,
          },
  };
}

async function livePayments(dataSource: DataSource): Promise<Facts> {
  const rows = await dataSource.query<{ id: `pay_${string}` }[]>('SELECT id FROM payments');
  const payments = new PaymentRepository();
  const found = new Map<string, Payment>();
  for (const { id } of rows) {
    const payment = await payments.find(dataSource.manager, id);
    if (payment !== undefined) found.set(id, payment);
  }
  return factsOf(found, paymentFact);
}

function refundFacts(refunds: readonly Refund[]): Facts {
  return new Map(
    refunds.map((refund) => [
      refund.id,
      text({
        state: refund.state,
        price: refund.price,
        booking: refund.booking,
        held: refund.heldMinor,
        released: refund.releasedMinor,
        createdAtMs: refund.createdAtMs,
        completedAtMs: refund.completedAtMs,
        cycleId: refund.cycleId,
        decline: refund.decline === null ? null : [refund.decline.code, refund.decline.by],
      }),
    ]),
  );
}

async function liveRefunds(dataSource: DataSource): Promise<Facts> {
  const rows = await dataSource.query<{ id: `ref_${string}` }[]>('SELECT id FROM refunds');
  const repository = new RefundRepository();
  const found: Refund[] = [];
  for (const { id } of rows) {
    const refund = await repository.find(dataSource.manager, id);
    if (refund !== undefined) found.push(refund);
  }
  return refundFacts(found);
}

function linesText(lines: readonly JournalLine[]): string {
  return lines
    .map(({ account, minor }) => {
      const { owner, kind, currency, of } = account;
      return `${owner} ${kind} ${currency}${of === undefined ? '' : ` of ${of}`} ${minor.toString()}`;
    })
    .sort()
    .join('; ');
}

async function liveEntries(dataSource: DataSource): Promise<Facts> {
  const rows = await dataSource.query<
    {
      event: string;
      cycle_id: string;
      owner: string;
      kind: JournalLine['account']['kind'];
      currency: string;
      of: string | null;
      minor: string;
    }[]
  >(
    `SELECT e.event, e.cycle_id, a.owner, a.kind, a.currency, a.of, l.minor
     FROM journal_entries e JOIN journal_lines l USING (entry_no)
     JOIN accounts a ON a.id = l.account_id WHERE e.payment_id IS NOT NULL`,
  );
  const entries = new Map<string, JournalLine[]>();
  for (const { event, cycle_id, owner, kind, currency, of, minor } of rows) {
    const key = `${event} in ${cycle_id}`;
    const lines = entries.get(key) ?? [];
    const account = { owner, kind, currency, ...(of === null ? {} : { of }) };
    lines.push({ account, minor: BigInt(minor) });
    entries.set(key, lines);
  }
  return new Map([...entries].map(([key, lines]) => [key, linesText(lines)]));
}

function entryFacts({ entries }: HubAgain): Facts {
  return new Map(
    entries.map(({ event, cycleId, lines }) => [`${event} in ${cycleId}`, linesText(lines)]),
  );
}

async function liveExposures(dataSource: DataSource): Promise<Facts> {
  const rows = await dataSource.query<Record<string, string>[]>(
    `SELECT participant_id || ' ' || currency AS key, cap::text AS cap, prefund::text AS prefund,
            reserved::text AS reserved, outstanding::text AS outstanding FROM exposures`,
  );
  return new Map(rows.map(({ key = '', ...amounts }) => [key, text(amounts)]));
}

function exposureFacts({ hub }: HubAgain): Facts {
  return new Map(
    hub.exposures.list().map((held) => [
      `${held.participantId} ${held.currency}`,
      text({
        cap: held.cap.toString(),
        prefund: held.prefund.toString(),
        reserved: held.reserved.toString(),
        outstanding: held.outstanding.toString(),
      }),
    ]),
  );
}

async function liveObligations(dataSource: DataSource): Promise<Facts> {
  const rows = await dataSource.query<Record<string, string>[]>(
    `SELECT cycle_id || ' ' || participant_id || ' ' || role || ' ' || currency AS key,
            minor::text AS minor, own_minor::text AS own, exposure_minor::text AS exposure,
            (value_date - DATE '1970-01-01')::text AS day, currencies::text AS currencies
     FROM obligations WHERE default_id IS NULL`,
  );
  return new Map(rows.map(({ key = '', ...amounts }) => [key, text(amounts)]));
}

function obligationFacts({ hub }: HubAgain): Facts {
  const facts = new Map<string, string>();
  for (const [cycleId, obligations] of hub.obligations) {
    for (const obligation of obligations) {
      const { participantId, role, currency, valueDate } = obligation;
      facts.set(
        `${cycleId} ${participantId} ${role} ${currency}`,
        text({
          minor: obligation.minor.toString(),
          own: obligation.ownMinor.toString(),
          exposure: obligation.exposureMinor.toString(),
          day: valueDate === null ? null : String(valueDate.day),
          currencies: `{${obligation.currencies.join(',')}}`,
        }),
      );
    }
  }
  return facts;
}

/** Cycles with members: how many, and how far they are. */
async function liveCycles(dataSource: DataSource): Promise<Facts> {
  const rows = await dataSource.query<{ id: string; state: string; n: number }[]>(
    `SELECT c.id, c.state, count(*)::integer AS n
     FROM cycles c JOIN (SELECT cycle_id FROM payments UNION ALL SELECT cycle_id FROM refunds) m
       ON m.cycle_id = c.id
     GROUP BY 1, 2`,
  );
  return new Map(rows.map(({ id, state, n }) => [id, text({ state, members: n })]));
}

function cycleFacts({ hub }: HubAgain): Facts {
  return new Map(
    [...hub.cycles.cycles.values()]
      .filter(({ members }) => members > 0)
      .map(({ id, state, members }) => [id, text({ state, members })]),
  );
}
