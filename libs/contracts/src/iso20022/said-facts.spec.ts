/**
 * Goal: what the hub knows is said in ISO's words with the right meaning: who pays whom, in which
 * direction, at which rate, and what a participant's account and net come to.
 * Method: facts of one small day, and what a reader of the standard expects of each message,
 * worked out by hand.
 */
import * as fc from 'fast-check';
import type { AccountFacts, LegMessageFacts, MessageFacts, NetFacts } from './facts.js';
import { fitText } from './fit-text.js';
import {
  instructPayments,
  recallPayments,
  reportStatus,
  returnRefunds,
} from './payment-messages.js';
import {
  adviseAccount,
  instructSettlement,
  reportAccount,
  reportNet,
  stateAccount,
} from './settlement-messages.js';

const hub = { id: 'wayfare', name: 'Wayfare' };
const wallet = { id: 'truemoney', name: 'TrueMoney' };
const acquirer = { id: 'acq_kamogawa', name: 'Kamogawa' };
const AT_MS = Date.UTC(2026, 2, 2, 7, 0, 0);
const common = { messageId: 'msg_1', createdAtMs: AT_MS, hub };
const toWallet: LegMessageFacts = { ...common, participant: wallet, role: 'wallet' };
const toAcquirer: LegMessageFacts = { ...common, participant: acquirer, role: 'acquirer' };
const PAYMENT = 'pay_01kjpcwm2e7q3n8v5t9x2b4d6f';

// JPY 1200 at 0.2030 baht for a yen: 243.60 baht.
const leg = {
  paymentId: PAYMENT,
  cycleId: 'cyc_20260302',
  no: 7,
  completedAtMs: AT_MS,
  paymentAmount: { currency: 'JPY', minor: 1_200n },
  legAmount: { currency: 'THB', minor: 24_360n },
  price: { numerator: 203n, denominator: 1_000n },
  merchant: { id: 'mer_1', name: '  Gion\tMenya\n Kawara ', city: 'Kyoto', country: 'JP' },
};

describe('a cleared payment', () => {
  it('goes from the wallet to the hub, as a copy of what the wallet ordered', () => {
    const { header, message } = instructPayments(toWallet, [leg]);
    expect(header).toMatchObject({
      from: hub,
      to: wallet,
      copy: 'COPY',
      businessMessageId: 'msg_1',
    });
    expect(message.body).toMatchObject({ instructingAgent: wallet, instructedAgent: hub });
    const [first] = message.body.transactions;
    expect(first).toMatchObject({ debtorAgent: wallet, creditorAgent: hub });
    expect(first?.endToEndId).toBe(PAYMENT);
    expect(first?.clearingReference).toBe('cyc_20260302/7');
    expect(first?.exchangeRate).toBe('0.203');
    expect(first?.creditor).toEqual({
      id: 'mer_1',
      name: 'Gion Menya Kawara',
      city: 'Kyoto',
      country: 'JP',
    });
  });

  it('goes from the hub to the acquirer, ordered by the hub', () => {
    const { header, message } = instructPayments(toAcquirer, [leg]);
    expect(header.copy).toBeUndefined();
    expect(message.body).toMatchObject({ instructingAgent: hub, instructedAgent: acquirer });
    expect(message.body.transactions[0]).toMatchObject({
      debtorAgent: hub,
      creditorAgent: acquirer,
    });
  });

  it('names the payer by a pseudonym that fits, or not at all', () => {
    const debtor = (payerPseudonym: string) =>
      instructPayments(toWallet, [{ ...leg, payerPseudonym }]).message.body.transactions[0]?.debtor;
    expect(debtor('u-77')).toEqual({ pseudonym: 'u-77' });
    // A cut pseudonym would be somebody else's.
    expect(debtor('u'.repeat(36))).toEqual({});
    expect(debtor('u\u000077')).toEqual({});
  });

  it('has a total, unless legs are in several currencies', () => {
    const other = { ...leg, legAmount: { currency: 'KRW', minor: 5n } };
    const body = (legs: (typeof leg)[]) => instructPayments(toWallet, legs).message.body;
    expect(body([leg, leg])).toMatchObject({
      count: 2,
      total: { currency: 'THB', minor: 48_720n },
    });
    expect(body([leg, other])).toMatchObject({ count: 2 });
    expect(body([leg, other]).total).toBeUndefined();
  });

  it('has the nearest rate of eleven digits and ten decimals, or none', () => {
    const rateOf = (numerator: bigint, denominator: bigint) =>
      instructPayments(toWallet, [{ ...leg, price: { numerator, denominator } }]).message.body
        .transactions[0]?.exchangeRate;
    expect(rateOf(1n, 3n)).toBe('0.3333333333');
    expect(rateOf(2n, 3n)).toBe('0.6666666667');
    expect(rateOf(100n, 1n)).toBe('100');
    expect(rateOf(123_456_789_012n, 10_000n)).toBe('12345678.901');
    expect(rateOf(99_999_999_999n, 1n)).toBe('99999999999');
    expect(rateOf(999_999_999_996n, 10n)).toBe(undefined);
    expect(rateOf(1n, 10n ** 11n)).toBe(undefined);
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 15n), fc.bigInt(1n, 10n ** 15n), (n, d) => {
        const text = rateOf(n, d);
        if (text === undefined) {
          // Only what rounds to nothing, or to twelve digits, is left out.
          expect(2n * n * 10n ** 10n < d || n > 99_999_999_999n * d).toBe(true);
          return;
        }
        const [whole = '', decimals = ''] = text.split('.');
        expect(
          decimals.length <= 10 && (whole === '0' ? 0 : whole.length) + decimals.length <= 11,
        ).toBe(true);
        // |text - n/d| is at most half a step of the last place that could be written.
        const places = BigInt(whole === '0' ? 10 : Math.max(0, 11 - whole.length));
        const scaled = BigInt(whole + decimals) * 10n ** (places - BigInt(decimals.length));
        const error = scaled * d - n * 10n ** places;
        expect(2n * (error < 0n ? -error : error) <= 10n * d).toBe(true);
      }),
    );
  });
});

describe('what follows a payment', () => {
  const refund = {
    refundId: 'ref_01kjpcwm2e7q3n8v5t9x2b4d6f',
    paymentId: PAYMENT,
    cycleId: 'cyc_20260303',
    no: 2,
    refundAmount: { currency: 'JPY', minor: 600n },
    legAmount: { currency: 'THB', minor: 12_180n },
    price: leg.price,
    originalLegAmount: leg.legAmount,
    originalCycleId: leg.cycleId,
    originalNo: leg.no,
  };

  it('is a refund the other way round, at the same rate', () => {
    const atWallet = returnRefunds(toWallet, [refund]);
    expect(atWallet.message.body).toMatchObject({ instructingAgent: hub, instructedAgent: wallet });
    expect(atWallet.header.copy).toBeUndefined();
    const atAcquirer = returnRefunds(toAcquirer, [refund]);
    expect(atAcquirer.message.body).toMatchObject({
      instructingAgent: acquirer,
      instructedAgent: hub,
    });
    expect(atAcquirer.header.copy).toBe('COPY');
    expect(atWallet.message.body.transactions[0]).toMatchObject({
      originalEndToEndId: PAYMENT,
      originalUetr: instructPayments(toWallet, [leg]).message.body.transactions[0]?.uetr,
      originalClearingReference: 'cyc_20260302/7',
      clearingReference: 'cyc_20260303/2',
      exchangeRate: '0.203',
      returnedAmount: refund.legAmount,
      returnedInstructedAmount: refund.refundAmount,
    });
  });

  it('is a status in the words of ISO’s list', () => {
    const facts: MessageFacts = toWallet;
    const decline = { code: 'NET_DEBIT_CAP_EXCEEDED', detail: 'd'.repeat(200) };
    const told = (['processing', 'succeeded', 'settled', 'declined', 'cancelled'] as const).map(
      (state) =>
        reportStatus(facts, [
          { paymentId: PAYMENT, state, ...(state === 'declined' ? { decline } : {}) },
        ]).message.body.transactions[0],
    );
    expect(told.map((one) => one?.status)).toEqual(['PDNG', 'ACSP', 'ACSC', 'RJCT', 'CANC']);
    expect(told[3]).toMatchObject({ ownReason: decline.code, explanations: ['d'.repeat(105)] });
  });

  it('is a recall that says who wanted it', () => {
    const recall = { cancellationId: 'can_1', paymentId: PAYMENT, legAmount: leg.legAmount };
    const { body } = recallPayments(toWallet, [
      { ...recall, by: 'acquirer' },
      { ...recall, by: 'hub' },
    ]).message;
    expect(body).toMatchObject({ assigner: hub, assignee: wallet, count: 2 });
    expect(body.transactions.map(({ reason }) => reason)).toEqual(['CUST', 'TECH']);
  });
});

describe('settlement', () => {
  it('is a transfer between institutions, ordered at the bank', () => {
    const bank = { id: 'bnk_1', name: 'Bank' };
    const amount = { currency: 'THB', minor: 24_360n };
    const transfer = {
      transferId: 'set_1',
      cycleId: 'cyc_20260302',
      payer: wallet,
      payee: hub,
      amount,
    };
    const { header, message } = instructSettlement({ ...common, participant: bank }, [
      { ...transfer, valueDate: '2026-03-04', note: 'first part' },
    ]);
    expect(header).toMatchObject({ from: hub, to: bank });
    expect(message.body).toMatchObject({ count: 1, total: amount, instructedAgent: bank });
    expect(message.body.transactions[0]).toMatchObject({
      debtor: wallet,
      creditor: hub,
      settlementDate: '2026-03-04',
      remittance: ['cycle cyc_20260302', 'first part'],
    });
  });

  it('is reported net, in the direction the participant sees', () => {
    const facts: NetFacts = {
      cycleId: 'cyc_20260302',
      // The end of 2 March at UTC+8 is still the afternoon of 2 March in UTC.
      cutOffMs: Date.UTC(2026, 2, 2, 15, 59, 59),
      valueDate: '2026-03-04',
      obligations: [5n, -5n, 0n].map((minor, i) => ({
        obligationId: `obl_${String(i)}`,
        net: { currency: 'THB', minor },
        count: i,
      })),
    };
    const { body } = reportNet(toWallet, facts).message;
    expect(body).toMatchObject({ cutOff: '23:59:59+08:00', reportDate: '2026-03-02' });
    expect(body.obligations.map(({ direction, amount }) => [direction, amount.minor])).toEqual([
      ['PAYM', 5n],
      ['RECE', 5n],
      ['NONE', 0n],
    ]);
    expect(body.obligations[0]).toMatchObject({ participant: wallet, counterparty: hub });
  });
});

describe('an account', () => {
  const entry = { entryId: 'ent_1', kind: 'paymentCleared', minor: -24_360n, bookedAtMs: AT_MS };
  const account: AccountFacts = {
    accountId: 'truemoney:THB',
    currency: 'THB',
    name: 'Clearing',
    sequence: 3,
    fromMs: AT_MS,
    toMs: AT_MS + 1,
    openingMinor: 10_000n,
    entries: [
      { ...entry, paymentId: PAYMENT },
      { ...entry, entryId: 'ent_2', kind: 'interchange', minor: 360n, batch: { count: 4 } },
    ],
  };
  const closing = { amount: { currency: 'THB', minor: 14_000n }, side: 'DBIT' };

  it('is stated from opening to closing balance', () => {
    const [statement] = stateAccount(toWallet, account).message.body.statements;
    // 100.00 for the participant, less 243.60, plus 3.60: it owes 140.00.
    expect(statement?.balances).toMatchObject([
      { type: 'OPBD', amount: { minor: 10_000n }, side: 'CRDT' },
      { type: 'CLBD', ...closing },
    ]);
    expect(statement?.entries.map(({ side, amount }) => [side, amount.minor])).toEqual([
      ['DBIT', 24_360n],
      ['CRDT', 360n],
    ]);
    expect(statement?.entries[0]?.details).toMatchObject([{ endToEndId: PAYMENT }]);
    expect(statement?.entries[1]?.details).toEqual([{ batchCount: 4 }]);
    expect(statement?.account).toMatchObject({ owner: wallet, servicer: hub });
  });

  it('is reported within the day with what it has come to', () => {
    const [report] = reportAccount(toWallet, account).message.body.reports;
    expect(report?.balances).toEqual([{ type: 'ITBD', ...closing, atMs: account.toMs }]);
  });

  it('is advised without balances', () => {
    const [advice] = adviseAccount(toWallet, account).message.body.advices;
    expect(advice?.entries).toHaveLength(2);
    expect(advice).not.toHaveProperty('balances');
  });
});

it('text is cut to characters, not to halves of them', () => {
  expect(fitText('𠮷野家', 1)).toBe('𠮷');
  expect(fitText('a\u0000b\uD800c\uFFFFd', 10)).toBe('a b c d');
  expect(fitText('e\u0301', 1)).toBe('é');
  expect(fitText(' \n', 5)).toBeUndefined();
});
