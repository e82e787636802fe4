import type { CheckedLine } from '#contracts/clearing-files/check-lines';
import type { LegKind, LegSide } from '#domain/clearing-files/recompute-leg';

type Sums = Record<
  'count' | 'transaction' | 'settlement' | 'interchange' | 'serviceFee' | 'net',
  bigint
>;

const nothing = (): Sums => ({
  count: 0n,
  transaction: 0n,
  settlement: 0n,
  interchange: 0n,
  serviceFee: 0n,
  net: 0n,
});

const KINDS: readonly LegKind[] = ['PAYMENT', 'REFUND'];

/** What recomputed lines come to, and what the files above them must therefore say. */
export class SetTotals {
  private readonly sums = new Map<string, Sums>();

  add({ terms, amounts }: CheckedLine): void {
    for (const key of [terms.kind, `${terms.kind} ${terms.transaction.currency}`]) {
      const sums = this.sums.get(key) ?? nothing();
      sums.count += 1n;
      sums.transaction += terms.transaction.minor;
      sums.settlement += amounts.settlement;
      sums.interchange += amounts.interchange;
      sums.serviceFee += amounts.serviceFee;
      sums.net += amounts.net;
      this.sums.set(key, sums);
    }
  }

  of(key: string): Sums {
    return this.sums.get(key) ?? nothing();
  }

  get net(): bigint {
    return this.of('PAYMENT').net + this.of('REFUND').net;
  }

  private less(name: 'settlement' | 'interchange' | 'serviceFee'): string {
    return (this.of('PAYMENT')[name] - this.of('REFUND')[name]).toString();
  }

  transactionSummary(currency: string): Record<string, string> {
    const [payments, refunds] = [this.of('PAYMENT').count, this.of('REFUND').count];
    return {
      totalCount: (payments + refunds).toString(),
      partCount: '1',
      paymentCount: payments.toString(),
      refundCount: refunds.toString(),
      settlementCurrency: currency,
      settlementAmountValue: this.less('settlement'),
      interchangeAmountValue: this.less('interchange'),
      serviceFeeAmountValue: this.less('serviceFee'),
    };
  }

  feeSummary(currency: string): Record<string, string> {
    const [payments, refunds] = [this.of('PAYMENT').count, this.of('REFUND').count];
    return {
      totalCount: (payments * 2n + refunds).toString(),
      interchangeCount: (payments + refunds).toString(),
      serviceFeeCount: payments.toString(),
      settlementCurrency: currency,
      interchangeAmountValue: this.less('interchange'),
      serviceFeeAmountValue: this.less('serviceFee'),
    };
  }

  summaryLines(cycleId: string, currency: string, role: LegSide): Record<string, string>[] {
    return KINDS.flatMap((kind) => {
      const currencies = [...this.sums.keys()]
        .filter((key) => key.startsWith(`${kind} `))
        .map((key) => key.slice(kind.length + 1))
        .sort();
      return (currencies.length === 0 ? [''] : currencies).map((transactionCurrency) => ({
        settlementBatchId: cycleId,
        transactionCurrency,
        transactionAmountValue: this.of(`${kind} ${transactionCurrency}`).transaction.toString(),
        ...amountsOf(kind, this.of(`${kind} ${transactionCurrency}`), currency, role),
        transactionType: kind,
      }));
    });
  }

  settlementLines(cycleId: string, currency: string, role: LegSide): Record<string, string>[] {
    return KINDS.map((kind) => ({
      settlementBatchId: cycleId,
      clearingBatchId: cycleId,
      itemType: kind,
      ...amountsOf(kind, this.of(kind), currency, role),
    }));
  }
}

function amountsOf(
  kind: LegKind,
  sums: Sums,
  currency: string,
  role: LegSide,
): Record<string, string> {
  return {
    direction: (role === 'wallet') === (kind === 'PAYMENT') ? 'D' : 'C',
    totalCount: sums.count.toString(),
    settlementCurrency: currency,
    settlementAmountValue: sums.settlement.toString(),
    interchangeAmountValue: sums.interchange.toString(),
    serviceFeeAmountValue: sums.serviceFee.toString(),
    netAmountValue: sums.net.toString(),
  };
}
