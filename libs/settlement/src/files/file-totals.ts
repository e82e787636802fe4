import type { SettlementCells, SummaryCells } from '#contracts/clearing-files/file-columns';
import type { LegKind } from '#domain/clearing-files/recompute-leg';
import type { FileLeg, LegsOf } from './file-legs.js';
import { directionOf, legPays } from './file-lines.js';

/** Sums over legs of one kind; minor units of the settlement currency unless named otherwise. */
export interface LegTotals {
  readonly count: number;
  /** In the shop's currency; only of use where the legs share one. */
  readonly transaction: bigint;
  readonly settlement: bigint;
  readonly interchange: bigint;
  readonly serviceFee: bigint;
  /** Positive: the participant pays the hub. */
  readonly net: bigint;
}

const NOTHING: LegTotals = {
  count: 0,
  transaction: 0n,
  settlement: 0n,
  interchange: 0n,
  serviceFee: 0n,
  net: 0n,
};

function plus(a: LegTotals, b: LegTotals): LegTotals {
  return {
    count: a.count + b.count,
    transaction: a.transaction + b.transaction,
    settlement: a.settlement + b.settlement,
    interchange: a.interchange + b.interchange,
    serviceFee: a.serviceFee + b.serviceFee,
    net: a.net + b.net,
  };
}

/** What the lines of a set come to, kept while they pass. */
export class FileTotals {
  private readonly byCurrency = {
    PAYMENT: new Map<string, LegTotals>(),
    REFUND: new Map<string, LegTotals>(),
  } as const;

  add({ terms, amounts }: FileLeg): void {
    const { currency, minor } = terms.transaction;
    const groups = this.byCurrency[terms.kind];
    const leg = { count: 1, transaction: minor, ...amounts };
    groups.set(currency, plus(groups.get(currency) ?? NOTHING, leg));
  }

  of(kind: LegKind): LegTotals {
    return [...this.byCurrency[kind].values()].reduce(plus, NOTHING);
  }

  get count(): number {
    return this.of('PAYMENT').count + this.of('REFUND').count;
  }

  get net(): bigint {
    return this.of('PAYMENT').net + this.of('REFUND').net;
  }

  /** Payments less refunds. */
  get less(): Pick<LegTotals, 'settlement' | 'interchange' | 'serviceFee'> {
    const [payments, refunds] = [this.of('PAYMENT'), this.of('REFUND')];
    return {
      settlement: payments.settlement - refunds.settlement,
      interchange: payments.interchange - refunds.interchange,
      serviceFee: payments.serviceFee - refunds.serviceFee,
    };
  }

  /** Both kinds, each at least once, so that an empty cycle says nought in so many words. */
  summaryLines(of: LegsOf): Omit<SummaryCells, 'lineDigest'>[] {
    return (['PAYMENT', 'REFUND'] as const).flatMap((kind) => {
      const groups = [...this.byCurrency[kind]].sort(([a], [b]) => (a < b ? -1 : 1));
      const filled: [string, LegTotals][] = groups.length === 0 ? [['', NOTHING]] : groups;
      return filled.map(([currency, totals]) => ({
        settlementBatchId: of.cycleId,
        direction: directionOf(legPays(of, kind)),
        transactionType: kind,
        totalCount: String(totals.count),
        transactionCurrency: currency,
        transactionAmountValue: totals.transaction.toString(),
        settlementCurrency: of.currency,
        settlementAmountValue: totals.settlement.toString(),
        interchangeAmountValue: totals.interchange.toString(),
        serviceFeeAmountValue: totals.serviceFee.toString(),
        netAmountValue: totals.net.toString(),
      }));
    });
  }

  settlementLines(of: LegsOf): Omit<SettlementCells, 'lineDigest'>[] {
    return (['PAYMENT', 'REFUND'] as const).map((kind) => {
      const totals = this.of(kind);
      return {
        settlementBatchId: of.cycleId,
        clearingBatchId: of.cycleId,
        itemType: kind,
        totalCount: String(totals.count),
        direction: directionOf(legPays(of, kind)),
        settlementAmountValue: totals.settlement.toString(),
        interchangeAmountValue: totals.interchange.toString(),
        serviceFeeAmountValue: totals.serviceFee.toString(),
        netAmountValue: totals.net.toString(),
        settlementCurrency: of.currency,
      };
    });
  }
}
