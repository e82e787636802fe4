import { MONEY, MONEY_COLUMNS, type Totals } from '../../totals.js';
import type { Ground } from '../ground.js';
import { add } from '../tally.js';

/** The clearing hour that a day's refunds are booked at: shops give them back over the day. */
export const REFUND_HOUR = 12;

/** What refunds move on each clearing day, `[clearingDay * pairs + pair]`; minor units. */
export interface RefundFlows {
  /** From the hub to the wallet, its currency. */
  readonly creditMinor: Float64Array;
  /** From the acquirer to the hub, settlement currency. */
  readonly debitMinor: Float64Array;
  /** Of the former two, what lies at mid: the hub's positions that go back. */
  readonly walletPosition: Float64Array;
  readonly acquirerPosition: Float64Array;
}

/**
 * Kernels say how much of a day's payments is refunded later, not when. With a mean of m days the
 * chance that a waiting refund comes on a day is 1/(1 + m); what has not come by the last clearing
 * day is not in these flows. Amounts go back at the payment's own rates, scheme fees do not.
 */
export function refundFlowsOf(ground: Ground, totals: Totals): RefundFlows {
  const { pairs, clearingDays, world } = ground;
  const zeros = (): Float64Array => new Float64Array(clearingDays * pairs.length);
  const flows: RefundFlows = {
    creditMinor: zeros(),
    debitMinor: zeros(),
    walletPosition: zeros(),
    acquirerPosition: zeros(),
  };
  const perDay = 1 / (1 + world.conduct.refundAfterDays);
  for (let pair = 0; pair < pairs.length; pair++) {
    const waiting = new Waiting(perDay);
    for (let clearingDay = 0; clearingDay < clearingDays; clearingDay++) {
      const cell = clearingDay * pairs.length + pair;
      const refunded = totals.refundedMinor[cell] ?? 0;
      if (refunded > 0) waiting.add(refundOf(totals, cell, refunded));
      if (waiting.empty) continue;
      const come = waiting.come();
      add(flows.creditMinor, cell, come.credit);
      add(flows.debitMinor, cell, come.debit);
      add(flows.walletPosition, cell, come.walletPosition);
      add(flows.acquirerPosition, cell, come.acquirerPosition);
    }
  }
  return flows;
}

interface RefundPart {
  readonly credit: number;
  readonly debit: number;
  readonly walletPosition: number;
  readonly acquirerPosition: number;
}

function refundOf(totals: Totals, cell: number, refunded: number): RefundPart {
  const money = (column: number): number => totals.money[cell * MONEY_COLUMNS.length + column] ?? 0;
  const share = refunded / money(MONEY.paymentMinor);
  const { wallet, acquirer } = positionsAt(totals, cell);
  const part = (minor: number): number => Math.floor(minor * share + 0.5);
  return {
    credit: part(money(MONEY.payToMinor) - money(MONEY.interchangeCreditedMinor)),
    debit: part(money(MONEY.settlementMinor) - money(MONEY.interchangeChargedMinor)),
    walletPosition: part(wallet),
    acquirerPosition: part(acquirer),
  };
}

/**
 * What one day's payments of a pair put into the hub's positions: both sides without fees and
 * mark-up, worth the same at the mid they were priced with.
 */
export function positionsAt(
  totals: Totals,
  cell: number,
): { readonly wallet: number; readonly acquirer: number } {
  const money = (column: number): number => totals.money[cell * MONEY_COLUMNS.length + column] ?? 0;
  return {
    wallet:
      money(MONEY.walletOwesMinor) -
      money(MONEY.schemeFeeWalletMinor) -
      money(MONEY.fxMarginMinor) +
      money(MONEY.interchangeMarginMinor),
    acquirer: money(MONEY.acquirerReceivesMinor) + money(MONEY.schemeFeeAcquirerMinor),
  };
}

/** Refunds that will come, in whole minor units. */
class Waiting {
  private credit = 0;
  private debit = 0;
  private walletPosition = 0;
  private acquirerPosition = 0;

  constructor(private readonly perDay: number) {}

  get empty(): boolean {
    return this.credit === 0 && this.debit === 0;
  }

  add(part: RefundPart): void {
    this.credit += part.credit;
    this.debit += part.debit;
    this.walletPosition += part.walletPosition;
    this.acquirerPosition += part.acquirerPosition;
  }

  /** At least one minor unit of what waits, so that it ends. */
  come(): RefundPart {
    const part = (minor: number): number => Math.min(minor, Math.ceil(minor * this.perDay));
    const come = {
      credit: part(this.credit),
      debit: part(this.debit),
      walletPosition: part(this.walletPosition),
      acquirerPosition: part(this.acquirerPosition),
    };
    this.credit -= come.credit;
    this.debit -= come.debit;
    this.walletPosition -= come.walletPosition;
    this.acquirerPosition -= come.acquirerPosition;
    return come;
  }
}
