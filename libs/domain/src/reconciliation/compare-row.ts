import { BPS } from '../rates/quote.js';
import { amountRounding, exactAt } from '../rates/convert.js';
import type { Ratio } from '../fx.js';
import type { Money } from '../money.js';
import { invertRatio, ratio, ratioText } from '../rates/ratio.js';
import { divideRounded } from '../rounding.js';
import type { BreakType } from './break-types.js';
import type { HubLeg, HubRecord, PartnerRow } from './match-case.js';
import { readTheirPrice } from './their-price.js';

/** One field on which the two sides differ, as each of them wrote it. */
export interface FieldDifference {
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface Finding {
  readonly type: BreakType;
  readonly fields: readonly FieldDifference[];
  /** Theirs less ours in the settlement currency, where money is at stake. */
  readonly differenceMinor: bigint | null;
}

/**
 * Compares a partner's line with the hub's leg and names causes, not symptoms: a wrong price that
 * explains the amounts is one finding, not four. An amount counts as rounded another way when it
 * is a legitimate rounding, up or down, of the same exact amount; anything further off is wrong.
 */
export function compareRow(record: HubRecord, leg: HubLeg, row: PartnerRow): readonly Finding[] {
  const hubSucceeded = record.status === 'succeeded';
  const rowSucceeded = row.result === 'SUCCESS';
  if (hubSucceeded !== rowSucceeded) {
    return [finding('statusMismatch', [differ('result', record.state, row.result)])];
  }
  if (!rowSucceeded) return [];
  const findings: Finding[] = [];
  if (row.cycleId !== record.cycleId) {
    const ours = record.cycleId ?? 'none';
    findings.push(finding('wrongCycle', [differ('settlementBatchId', ours, row.cycleId)]));
  }
  if (row.matchedBy !== 'id') {
    findings.push(finding('referenceMismatch', [differ('transactionId', '', row.transactionId)]));
  }
  return [...findings, ...compareMoney(record, leg, row)];
}

function compareMoney(record: HubRecord, leg: HubLeg, row: PartnerRow): readonly Finding[] {
  const belonging = compareRefund(record, row);
  if (belonging !== undefined) return [belonging];
  const currencies = [
    differ('transactionCurrency', record.transaction.currency, row.transaction.currency),
    differ('settlementCurrency', leg.settlement.currency, row.settlement.currency),
  ].filter(isDifferent);
  if (currencies.length > 0) return [finding('currencyMismatch', currencies)];
  const differenceMinor = row.settlement.minor - leg.settlement.minor;
  const amounts = amountFields(record, leg, row);
  const wrongAmount = record.kind === 'refund' ? 'refundMismatch' : 'amountMismatch';
  if (record.transaction.minor !== row.transaction.minor) {
    // Both the settlement amount and the fees follow from it, so they prove nothing more.
    return [{ type: wrongAmount, fields: amounts, differenceMinor }];
  }
  const rate = compareRate(leg, row);
  if (rate !== undefined) {
    const isExplained =
      rate.theirs !== undefined &&
      isRoundingOf(row.settlement.minor, settlementStep(leg), [
        exactAt(record.transaction, rate.theirs, leg.settlement.currency),
      ]);
    if (isExplained || differenceMinor === 0n) {
      return [{ type: 'rateMismatch', fields: [...rate.fields, ...amounts], differenceMinor }];
    }
  }
  return [
    ...(rate === undefined ? [] : [finding('rateMismatch', rate.fields)]),
    ...compareAmounts(record, leg, row, wrongAmount),
  ];
}

function compareRefund(record: HubRecord, row: PartnerRow): Finding | undefined {
  const fields = [
    differ('transactionType', record.kind, row.kind),
    ...(record.kind === 'refund' && row.kind === 'refund' && row.originalId !== ''
      ? [differ('originalTransactionId', record.originalId ?? '', row.originalId)]
      : []),
  ].filter(isDifferent);
  return fields.length === 0 ? undefined : finding('refundMismatch', fields);
}

function amountFields(record: HubRecord, leg: HubLeg, row: PartnerRow): FieldDifference[] {
  return [
    differMinor('transactionAmountValue', record.transaction.minor, row.transaction.minor),
    differMinor('settlementAmountValue', leg.settlement.minor, row.settlement.minor),
  ].filter(isDifferent);
}

function compareAmounts(
  record: HubRecord,
  leg: HubLeg,
  row: PartnerRow,
  wrongAmount: BreakType,
): readonly Finding[] {
  const exact = exactAmounts(record, leg, row);
  const differenceMinor = row.settlement.minor - leg.settlement.minor;
  const settlement = differMinor(
    'settlementAmountValue',
    leg.settlement.minor,
    row.settlement.minor,
  );
  const fees = [
    {
      field: differMinor('interchangeAmountValue', leg.interchangeMinor, row.interchangeMinor),
      isRounding: isRoundingOf(row.interchangeMinor, 1n, exact.interchange),
    },
    {
      field: differMinor('serviceFeeAmountValue', leg.serviceFeeMinor, row.serviceFeeMinor),
      isRounding: isRoundingOf(row.serviceFeeMinor, 1n, exact.serviceFee),
    },
  ].filter(({ field }) => isDifferent(field));
  const isRounded = isRoundingOf(row.settlement.minor, settlementStep(leg), exact.settlement);
  const rounded = [
    ...(isDifferent(settlement) && isRounded ? [settlement] : []),
    ...fees.filter((fee) => fee.isRounding).map((fee) => fee.field),
  ];
  const wrongFees = fees.filter((fee) => !fee.isRounding).map((fee) => fee.field);
  const feeDifference =
    row.interchangeMinor - leg.interchangeMinor + row.serviceFeeMinor - leg.serviceFeeMinor;
  return [
    ...(isDifferent(settlement) && !isRounded
      ? [{ type: wrongAmount, fields: [settlement], differenceMinor }]
      : []),
    ...(wrongFees.length > 0
      ? [{ type: 'feeMismatch' as const, fields: wrongFees, differenceMinor: feeDifference }]
      : []),
    ...(rounded.length > 0
      ? [
          {
            type: 'roundingDifference' as const,
            fields: rounded,
            differenceMinor: differenceMinor === 0n ? feeDifference : differenceMinor,
          },
        ]
      : []),
  ];
}

interface ExactAmounts {
  readonly settlement: readonly Ratio[];
  readonly interchange: readonly Ratio[];
  readonly serviceFee: readonly Ratio[];
}

/**
 * The amounts before rounding. Where a partner may round an intermediate step or not, or start
 * from its own settlement amount, each way is one candidate. A refund's share is what is left of
 * earlier refunds, so the hub's own figure stands for the exact one.
 */
function exactAmounts(record: HubRecord, leg: HubLeg, row: PartnerRow): ExactAmounts {
  const { shares, settlement, price } = leg;
  if (shares === null) {
    return {
      settlement: [whole(settlement.minor), ...around(settlement.minor, leg)],
      interchange: [whole(leg.interchangeMinor), ...around(leg.interchangeMinor, leg)],
      serviceFee: [whole(leg.serviceFeeMinor)],
    };
  }
  const { currency } = settlement;
  const interchange = shareOf(record.transaction.minor, shares.interchangeBps);
  const rounded: Money = {
    currency: record.transaction.currency,
    minor: divideRounded(interchange.numerator, interchange.denominator, 'halfUp'),
  };
  const unrounded = exactAt({ ...rounded, minor: interchange.numerator }, price, currency);
  return {
    settlement: [exactAt(record.transaction, price, currency)],
    interchange: [
      exactAt(rounded, price, currency),
      { ...unrounded, denominator: unrounded.denominator * interchange.denominator },
    ],
    serviceFee: [
      shareOf(settlement.minor, shares.serviceFeeBps),
      shareOf(row.settlement.minor, shares.serviceFeeBps),
    ],
  };
}

/** A refund's amount may be rounded a step higher or lower, if it was converted at all. */
function around(minor: bigint, leg: HubLeg): readonly Ratio[] {
  if (leg.pair.base === leg.pair.counter) return [];
  const half = { numerator: 1n, denominator: 2n };
  return [1n, -1n].map((sign) => ({
    numerator: minor * half.denominator + sign * half.numerator,
    denominator: half.denominator,
  }));
}

function whole(minor: bigint): Ratio {
  return { numerator: minor, denominator: 1n };
}

function shareOf(minor: bigint, bps: number): Ratio {
  return { numerator: minor * BigInt(bps), denominator: BPS };
}

function settlementStep(leg: HubLeg): bigint {
  if (leg.pair.base === leg.pair.counter) return 1n;
  return amountRounding(leg.settlement.currency).increment;
}

/** Whether an amount is nearer than one step to an exact one: some rounding of it gives that. */
function isRoundingOf(minor: bigint, step: bigint, exact: readonly Ratio[]): boolean {
  return exact.some(({ numerator, denominator }) => {
    const off = minor * denominator - numerator;
    return (off < 0n ? -off : off) < step * denominator;
  });
}

interface RateDifference {
  readonly fields: readonly FieldDifference[];
  /** Their price in the hub's direction; undefined where it is of another pair. */
  readonly theirs: Ratio | undefined;
}

function compareRate(leg: HubLeg, { quote }: PartnerRow): RateDifference | undefined {
  if (quote === null) return undefined;
  const read = readTheirPrice(quote, leg.pair, leg.price);
  if (read.isSame) return undefined;
  const { base, counter } = leg.pair;
  const reversed = quote.pair.base === counter && quote.pair.counter === base && base !== counter;
  const ours = ratioText(reversed ? invertRatio(leg.price) : leg.price);
  const fields = [
    ...(read.price === undefined
      ? [
          differ(
            'quoteCurrencyPair',
            `${base}/${counter}`,
            `${quote.pair.base}/${quote.pair.counter}`,
          ),
        ]
      : []),
    differ('quotePrice', ours, quote.priceText),
  ].filter(isDifferent);
  const { price } = read;
  return {
    fields,
    theirs: price === undefined ? undefined : ratio(price.numerator, price.denominator),
  };
}

function finding(type: BreakType, fields: readonly FieldDifference[]): Finding {
  return { type, fields, differenceMinor: null };
}

function differ(field: string, ours: string, theirs: string): FieldDifference {
  return { field, ours, theirs };
}

function differMinor(field: string, ours: bigint, theirs: bigint): FieldDifference {
  return { field, ours: ours.toString(), theirs: theirs.toString() };
}

function isDifferent({ ours, theirs }: FieldDifference): boolean {
  return ours !== theirs;
}
