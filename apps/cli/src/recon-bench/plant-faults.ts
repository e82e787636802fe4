import type { DetailLine } from '#contracts/clearing-files/transaction-detail';
import type { Payment } from '#domain/payments/payment';
import { amountRounding, exactAt } from '#domain/rates/convert';
import { parseRatio, ratio, ratioText } from '#domain/rates/ratio';
import type { BreakType, Side } from '#domain/reconciliation/break-types';
import { divideRounded, type Rounding } from '#domain/rounding';
import type { IdSource } from '#platform/id-source';
import type { Draws } from './draws.js';

/** A break that the matcher has to find: type, participant and subject, as it would name them. */
export interface PlantedBreak {
  readonly type: PlantedType;
  readonly participantId: string;
  readonly subjectId: string;
}

export type PlantedType = Exclude<BreakType, 'fileMissing'>;

/** A participant's lines of the day and of the day after, while faults are planted in them. */
export interface PartnerBook {
  readonly participantId: string;
  readonly side: Side;
  readonly currency: string;
  today: DetailLine[];
  tomorrow: DetailLine[];
}

export interface FaultTerms {
  readonly nextCycleId: string;
  readonly failed: readonly Payment[];
  readonly draws: Draws;
  readonly ids: IdSource;
}

/** What becomes of one line. */
interface Bent {
  readonly today: readonly DetailLine[];
  readonly tomorrow?: readonly DetailLine[];
  /** What the break is about, where it is not the line itself. */
  readonly subjectId?: string;
}

type Fault = (line: DetailLine, book: PartnerBook, terms: FaultTerms) => Bent | undefined;

/** A price away by 0.05 to 2 percent, in hundredths of a percent. */
const RATE_OFF_BPS = [-200, -90, -35, -5, 5, 20, 80, 200];
const FEE_FACTORS = [[0n, 1n] as const, [2n, 1n] as const, [1n, 2n] as const, [3n, 1n] as const];

const FAULTS: Readonly<Record<PlantedType, Fault>> = {
  missingAtWallet: (_, { side }) => (side === 'wallet' ? { today: [] } : undefined),
  missingAtAcquirer: (_, { side }) => (side === 'acquirer' ? { today: [] } : undefined),
  missingAtHub: (line, _, { ids, draws }) => {
    if (line.transactionType !== 'PAYMENT') return undefined;
    const subjectId = ids.next('pay_', Date.parse(line.paymentTime));
    return { today: [line, strayOf(line, subjectId, draws)], subjectId };
  },
  refundWithoutPayment: (line, _, { ids, draws }) => {
    if (line.transactionType !== 'PAYMENT') return undefined;
    const atMs = Date.parse(line.paymentTime);
    const subjectId = ids.next('ref_', atMs);
    const stray: DetailLine = {
      ...strayOf(line, subjectId, draws),
      transactionType: 'REFUND',
      originalTransactionId: ids.next('pay_', atMs - 86_400_000),
    };
    return { today: [line, stray], subjectId };
  },
  statusMismatch: plantStatus,
  duplicate: (line) => ({ today: [line, line] }),
  amountMismatch: (line, _, { draws }) =>
    line.transactionType === 'PAYMENT' ? { today: [wrongAmount(line, draws)] } : undefined,
  refundMismatch: (line, book, { draws }) => {
    if (line.transactionType !== 'REFUND') return undefined;
    if (draws.percent(50)) return { today: [wrongAmount(line, draws)] };
    const originalTransactionId = draws.pick(book.today).transactionId;
    return originalTransactionId === line.originalTransactionId
      ? undefined
      : { today: [{ ...line, originalTransactionId }] };
  },
  currencyMismatch: (line, _, { draws }) => {
    const column = draws.percent(50) ? 'transactionCurrency' : 'settlementCurrency';
    const currency = draws.pick(['USD', 'EUR', 'JPY', 'CNY', 'GBP']);
    return line[column] === currency ? undefined : { today: [{ ...line, [column]: currency }] };
  },
  wrongCycle: (line, _, { nextCycleId }) => ({
    today: [],
    tomorrow: [{ ...line, settlementBatchId: nextCycleId }],
  }),
  rateMismatch: plantRate,
  feeMismatch: (line, _, { draws }) => {
    const column = draws.percent(50) ? 'interchangeAmountValue' : 'serviceFeeAmountValue';
    const right = BigInt(line[column]);
    const [numerator, denominator] = draws.pick(FEE_FACTORS);
    const wrong = (right * numerator) / denominator;
    // A fee of a unit or two, off by one, cannot be told from rounding by anybody.
    return magnitude(wrong - right) < 2n
      ? undefined
      : { today: [{ ...line, [column]: wrong.toString() }] };
  },
  roundingDifference: plantRounding,
  referenceMismatch: (line, _, { draws }) => {
    const lost = draws.pick([
      '',
      'N/A',
      line.transactionId.slice(4),
      line.transactionId.slice(0, 12),
    ]);
    const keepsOwnId = draws.percent(50);
    const transactionRequestId = keepsOwnId ? line.transactionRequestId : '';
    return { today: [{ ...line, transactionId: lost, transactionRequestId }] };
  },
};

/** The ten types of which 50 each are planted, and the others. */
export const TEN_TYPES: readonly PlantedType[] = [
  'missingAtWallet',
  'missingAtAcquirer',
  'missingAtHub',
  'amountMismatch',
  'currencyMismatch',
  'statusMismatch',
  'duplicate',
  'wrongCycle',
  'feeMismatch',
  'rateMismatch',
];
export const OTHER_TYPES: readonly PlantedType[] = [
  'refundMismatch',
  'refundWithoutPayment',
  'roundingDifference',
  'referenceMismatch',
];

const MOST_TRIES = 200_000;

/**
 * Plants so many breaks of each type, one in a line. The two sides of a transaction are apart: one
 * in fifteen or so is wrong in both files, then in different ways.
 */
export function plantFaults(
  books: readonly PartnerBook[],
  counts: ReadonlyMap<PlantedType, number>,
  terms: FaultTerms,
): PlantedBreak[] {
  const { draws } = terms;
  const touched = new Set<string>();
  const planted: PlantedBreak[] = [];
  const filled = books.filter(({ today }) => today.length > 0);
  for (const [type, wanted] of counts) {
    let left = wanted;
    for (let tries = 0; left > 0; tries++) {
      if (tries > MOST_TRIES) throw new Error(`no place left for ${type}`);
      const book = draws.pick(filled);
      const at = draws.below(book.today.length);
      const line = book.today[at];
      const keyOf = (id: string): string => `${book.participantId} ${id}`;
      if (line === undefined || touched.has(keyOf(line.transactionId))) continue;
      const bent = FAULTS[type](line, book, terms);
      const subjectId = bent?.subjectId ?? line.transactionId;
      if (bent === undefined || touched.has(keyOf(subjectId))) continue;
      touched.add(keyOf(line.transactionId)).add(keyOf(subjectId));
      book.today.splice(at, 1, ...bent.today);
      book.tomorrow.push(...(bent.tomorrow ?? []));
      planted.push({ type, participantId: book.participantId, subjectId });
      left--;
    }
  }
  return planted;
}

/** A line of the participant's own making, like one of its others. */
function strayOf(line: DetailLine, transactionId: string, draws: Draws): DetailLine {
  const more = BigInt(line.transactionAmountValue) + BigInt(1 + draws.below(500));
  return {
    ...line,
    transactionId,
    transactionRequestId: `${transactionId}-own`,
    transactionAmountValue: more.toString(),
  };
}

function plantStatus(
  line: DetailLine,
  { participantId, side }: PartnerBook,
  { failed, draws }: FaultTerms,
): Bent | undefined {
  if (draws.percent(50)) return { today: [{ ...line, result: 'FAILED' }] };
  const payment = draws.pick(failed);
  const owner = side === 'wallet' ? payment.payer?.walletId : payment.acquirerId;
  const price = payment.payer?.price;
  if (owner !== participantId || price === undefined) return undefined;
  const settlement = side === 'wallet' ? price.payToAmount : price.settlementAmount;
  const claimed: DetailLine = {
    ...line,
    transactionType: 'PAYMENT',
    originalTransactionId: '',
    transactionId: payment.id,
    transactionRequestId:
      side === 'wallet' ? (payment.walletPaymentId ?? '') : payment.acquirerRequestId,
    transactionAmountValue: payment.paymentAmount.minor.toString(),
    transactionCurrency: payment.paymentAmount.currency,
    settlementAmountValue: settlement.minor.toString(),
  };
  return { today: [line, claimed], subjectId: payment.id };
}

/** A digit too many, one too few, or a wrong one; the settlement amount follows it, or not. */
function wrongAmount(line: DetailLine, draws: Draws): DetailLine {
  const right = BigInt(line.transactionAmountValue);
  const wrong = draws.pick([right * 10n, right + BigInt(1 + draws.below(99)), right * 2n]);
  const amount = { ...line, transactionAmountValue: wrong.toString() };
  const settlement = draws.percent(50) ? converted(amount, line.quotePrice, 'halfUp') : undefined;
  return settlement === undefined
    ? amount
    : { ...amount, settlementAmountValue: settlement.toString() };
}

function plantRate(line: DetailLine, _: PartnerBook, { draws }: FaultTerms): Bent | undefined {
  const price = parseRatio(line.quotePrice);
  if (line.transactionType !== 'PAYMENT' || price === undefined) return undefined;
  if (line.transactionCurrency === line.settlementCurrency) return undefined;
  const off = BigInt(10_000 + draws.pick(RATE_OFF_BPS));
  const wrong = ratioText(ratio(price.numerator * off, price.denominator * 10_000n));
  const settlement = converted(line, wrong, 'halfUp');
  if (wrong === line.quotePrice || settlement === undefined) return undefined;
  const follow = (value: string): string =>
    divideRounded(BigInt(value) * off, 10_000n, 'halfUp').toString();
  return {
    today: [
      {
        ...line,
        quotePrice: wrong,
        settlementAmountValue: settlement.toString(),
        interchangeAmountValue: follow(line.interchangeAmountValue),
        serviceFeeAmountValue: follow(line.serviceFeeAmountValue),
      },
    ],
  };
}

/** The partner rounds always down, or always up, instead of half up. */
function plantRounding(line: DetailLine, _: PartnerBook, { draws }: FaultTerms): Bent | undefined {
  if (line.transactionType !== 'PAYMENT') return undefined;
  if (line.transactionCurrency === line.settlementCurrency) return undefined;
  const theirs = converted(line, line.quotePrice, draws.percent(50) ? 'down' : 'up');
  return theirs === undefined || theirs.toString() === line.settlementAmountValue
    ? undefined
    : { today: [{ ...line, settlementAmountValue: theirs.toString() }] };
}

/** The settlement amount at a price, rounded to the currency's step. */
function converted(line: DetailLine, priceText: string, rounding: Rounding): bigint | undefined {
  const price = parseRatio(priceText);
  if (price === undefined) return undefined;
  const exact = exactAt(
    { currency: line.transactionCurrency, minor: BigInt(line.transactionAmountValue) },
    price,
    line.settlementCurrency,
  );
  const { increment } = amountRounding(line.settlementCurrency);
  return divideRounded(exact.numerator, exact.denominator, rounding, increment);
}

function magnitude(minor: bigint): bigint {
  return minor < 0n ? -minor : minor;
}
