import * as fc from 'fast-check';
import type { AccountFacts, LegFacts, LegMessageFacts } from '#contracts/iso20022/facts';
import type { MessageName } from '#contracts/iso20022/messages';
import type { OutgoingIsoFile } from '#contracts/iso20022/addressed';
import * as payments from '#contracts/iso20022/payment-messages';
import * as settlement from '#contracts/iso20022/settlement-messages';
import { listCurrencies } from '#domain/currency';
import { makeId } from '#domain/ids';
import type { Money } from '#domain/money';

const MS_2015 = 1_420_070_400_000;
const MS_2090 = 3_786_912_000_000;
/** Far above a day's total, and a thousand of them stay within the eighteen digits of a total. */
const MOST_MINOR = 999_999_999_999_999n;

const instantMs = fc.integer({ min: MS_2015, max: MS_2090 });
const day = instantMs.map((ms) => new Date(ms).toISOString().slice(0, 10));
const currency = fc.constantFrom(...listCurrencies().map(({ code }) => code));
const minor = fc.bigInt(0n, MOST_MINOR);
const money: fc.Arbitrary<Money> = fc.record({ currency, minor });
const moneyIn = (code: string): fc.Arbitrary<Money> =>
  minor.map((m) => ({ currency: code, minor: m }));

/** Names as registrations hold them: any script, markup, blanks, controls, too long, empty. */
export const anyName = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    'ร้านก๋วยเตี๋ยว',
    '祇園 麺屋かわら',
    'Ünïcødé & <Söhne>',
    ']]> "x" \'y\' &amp;',
    '👩‍👩‍👧‍👦 \u{20BB7}野家',
    ' \t\r\n ',
  ),
);

const id = <P extends string>(prefix: P): fc.Arbitrary<`${P}${string}`> =>
  fc
    .tuple(instantMs, fc.uint8Array({ minLength: 10, maxLength: 10 }))
    .map(([ms, random]) => makeId(prefix, ms, random));
const institution = fc.record({
  id: fc.stringMatching(/^[a-z][a-z0-9_]{0,30}$/),
  name: anyName,
});
const facts = fc.record({
  messageId: id('msg_'),
  createdAtMs: instantMs,
  hub: institution,
  participant: institution,
});
const legMessage: fc.Arbitrary<LegMessageFacts> = fc
  .tuple(facts, fc.constantFrom<'wallet' | 'acquirer'>('wallet', 'acquirer'), fc.option(day))
  .map(([common, role, settlementDate]) => ({
    ...common,
    role,
    ...(settlementDate === null ? {} : { settlementDate }),
  }));
const price = fc.record({
  numerator: fc.bigInt(1n, 10n ** 18n),
  denominator: fc.bigInt(1n, 10n ** 18n),
});
const cycleId = day.map((date) => `cyc_${date.replaceAll('-', '')}`);
const no = fc.integer({ min: 1, max: 10_000_000 });
const few = { minLength: 1, maxLength: 4 };
const oneCurrency = <T>(of: (code: string) => fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  currency.chain((code) => fc.array(of(code), few));

const leg = (code: string): fc.Arbitrary<LegFacts> =>
  fc.record(
    {
      paymentId: id('pay_'),
      cycleId,
      no,
      completedAtMs: instantMs,
      paymentAmount: money,
      legAmount: moneyIn(code),
      price,
      payerPseudonym: anyName,
      merchant: fc.record(
        {
          id: fc.stringMatching(/^mer_[a-z0-9_]{1,28}$/),
          name: anyName,
          city: anyName,
          country: fc.constantFrom('JP', 'TH', 'KR'),
        },
        { requiredKeys: ['id', 'name'] },
      ),
    },
    {
      requiredKeys: [
        'paymentId',
        'cycleId',
        'no',
        'completedAtMs',
        'paymentAmount',
        'legAmount',
        'price',
        'merchant',
      ],
    },
  );

const refund = (code: string) =>
  fc.record({
    refundId: id('ref_'),
    paymentId: id('pay_'),
    cycleId,
    no,
    refundAmount: money,
    legAmount: moneyIn(code),
    price,
    originalLegAmount: moneyIn(code),
    originalCycleId: cycleId,
    originalNo: no,
  });

const status = fc.record(
  {
    paymentId: id('pay_'),
    state: fc.constantFrom(
      'processing' as const,
      'succeeded' as const,
      'settled' as const,
      'declined' as const,
      'cancelled' as const,
    ),
    completedAtMs: instantMs,
    decline: fc.record({
      code: fc.constantFrom('NET_DEBIT_CAP_EXCEEDED', 'RISK_REJECT'),
      detail: anyName,
    }),
  },
  { requiredKeys: ['paymentId', 'state'] },
);

const recall = fc.record({
  cancellationId: id('can_'),
  paymentId: id('pay_'),
  legAmount: money,
  by: fc.constantFrom('acquirer' as const, 'hub' as const),
});

const transfer = fc.record(
  {
    transferId: id('set_'),
    cycleId,
    payer: institution,
    payee: institution,
    amount: money,
    valueDate: day,
    note: anyName,
  },
  { requiredKeys: ['transferId', 'cycleId', 'payer', 'payee', 'amount', 'valueDate'] },
);

const signedMinor = fc.bigInt(-MOST_MINOR, MOST_MINOR);
const net = fc.record({
  cycleId,
  cutOffMs: instantMs,
  valueDate: day,
  obligations: fc.array(
    fc.record({
      obligationId: id('obl_'),
      net: fc.record({ currency, minor: fc.oneof(signedMinor, fc.constant(0n)) }),
      count: no,
    }),
    few,
  ),
});

const accountEntry = fc.record(
  {
    entryId: id('ent_'),
    kind: fc.constantFrom('paymentCleared', 'interchange', 'settlementPaid'),
    minor: signedMinor,
    bookedAtMs: instantMs,
    valueDate: day,
    paymentId: id('pay_'),
    batch: fc.record({ count: no, messageId: id('msg_') }, { requiredKeys: ['count'] }),
    explanation: anyName,
  },
  { requiredKeys: ['entryId', 'kind', 'minor', 'bookedAtMs'] },
);
const account: fc.Arbitrary<AccountFacts> = fc.record({
  accountId: fc.stringMatching(/^[a-z][a-z0-9:_]{0,33}$/),
  currency,
  name: anyName,
  sequence: no,
  fromMs: instantMs,
  toMs: instantMs,
  openingMinor: signedMinor,
  entries: fc.array(accountEntry, few),
});

const { instructPayments, recallPayments, reportStatus, returnRefunds } = payments;
const { adviseAccount, instructSettlement, reportAccount, reportNet, stateAccount } = settlement;

/** Generated facts of the hub, as messages of each kind. */
export const anyIsoFile: Readonly<Record<MessageName, fc.Arbitrary<OutgoingIsoFile>>> = {
  'pacs.008.001.08': fc
    .tuple(legMessage, oneCurrency(leg))
    .map((held) => instructPayments(...held)),
  'pacs.002.001.10': fc.tuple(facts, fc.array(status, few)).map((held) => reportStatus(...held)),
  'pacs.004.001.09': fc
    .tuple(legMessage, oneCurrency(refund))
    .map((held) => returnRefunds(...held)),
  'pacs.009.001.08': fc
    .tuple(facts, fc.array(transfer, few))
    .map((held) => instructSettlement(...held)),
  'camt.052.001.08': fc.tuple(facts, account).map((held) => reportAccount(...held)),
  'camt.053.001.08': fc.tuple(facts, account).map((held) => stateAccount(...held)),
  'camt.054.001.08': fc.tuple(facts, account).map((held) => adviseAccount(...held)),
  'camt.056.001.09': fc.tuple(facts, fc.array(recall, few)).map((held) => recallPayments(...held)),
  'camt.088.001.01': fc.tuple(facts, net).map((held) => reportNet(...held)),
};
