import type { Money } from '#domain/money';
import type { CastWallet } from './cast.js';
import type { JournalFile, JournalRecord } from './journal-file.js';

/** `open`: answered U and not decided. `cancelled` also marks a cancel that came before its pay. */
export type DebitState = 'paid' | 'refused' | 'open' | 'cancelled';

/** What a wallet knows of one refund of a payment; `open` was answered U and is not decided. */
export interface PaidBack {
  /** The hub's refund id, unique for ever. */
  readonly requestId: string;
  /** `JPY 300`. */
  readonly refundAmount: string;
  /** `THB 6091`: what the user gets back. */
  readonly refundFromAmount: string;
  readonly minor: bigint;
  readonly state: 'paid' | 'refused' | 'open';
  /** Result code of a refusal. */
  readonly code: string;
  readonly atMs: number;
}

/** What a wallet knows of one payment request of the hub. */
export interface Debit {
  /** The hub's payment id, unique for ever. */
  readonly requestId: string;
  /** The wallet's own id of it. */
  readonly paymentId: string;
  readonly customerId: string;
  /** `JPY 1200`. */
  readonly paymentAmount: string;
  /** `THB 28286`: what the payer is debited. */
  readonly payToAmount: string;
  readonly owedMinor: bigint;
  readonly state: DebitState;
  /** Result code of a refusal. */
  readonly code: string;
  readonly atMs: number;
  /** Kept with the debit, so that a refund and its debit are one record on disk. */
  readonly refunds?: readonly PaidBack[];
}

/** Debits kept in memory; older ones are looked up in the file. */
const DEBITS_KEPT = 50_000;

/** A wallet's customers, balances and processed requests; durable before it answers. */
export class WalletBook {
  private readonly balances = new Map<string, bigint>();
  private readonly debits = new Map<string, Debit>();
  /** Ids sort by time: what is above the newest forgotten one was never forgotten. */
  private newestForgotten = '';

  constructor(
    readonly wallet: CastWallet,
    private readonly journal: () => JournalFile,
    private readonly debitsKept = DEBITS_KEPT,
  ) {}

  balanceOf(customerId: string): bigint {
    return this.balances.get(customerId) ?? this.wallet.openingBalance;
  }

  /** Customers who have moved money so far. */
  balanceList(): { customerId: string; balance: bigint }[] {
    return [...this.balances].map(([customerId, balance]) => ({ customerId, balance }));
  }

  async find(requestId: string): Promise<Debit | undefined> {
    const held = this.debits.get(requestId);
    if (held !== undefined || requestId > this.newestForgotten) return held;
    const record = await this.journal().findLast(
      (item) => item.p === this.wallet.id && item.k === 'debit' && item['requestId'] === requestId,
    );
    if (record === undefined) return undefined;
    // Back in memory, so that a change to it knows what it changes.
    const debit = debitOf(record);
    this.keep(debit);
    return debit;
  }

  /** What memory has of a debit at this very moment; `find` brings an old one back into it. */
  held(requestId: string): Debit | undefined {
    return this.debits.get(requestId);
  }

  /**
   * Records a debit or its change; resolves when it is on disk. Memory changes at once, so that
   * two requests in the same moment cannot spend the same money.
   */
  put(debit: Debit): Promise<void> {
    const change = taken(this.debits.get(debit.requestId)) - taken(debit);
    this.move(debit.customerId, change);
    this.keep(debit);
    // The movement is written too: a replay may no longer hold what came before.
    return this.journal().append({
      p: this.wallet.id,
      k: 'debit',
      ...debit,
      owedMinor: debit.owedMinor.toString(),
      change: change.toString(),
      ...(debit.refunds === undefined
        ? {}
        : { refunds: debit.refunds.map((one) => ({ ...one, minor: one.minor.toString() })) }),
    });
  }

  topUp(customerId: string, minor: bigint): Promise<void> {
    this.move(customerId, minor);
    const record = { p: this.wallet.id, k: 'topUp', customerId, minor: minor.toString() };
    return this.journal().append(record);
  }

  settled(): Promise<void> {
    return this.journal().settled();
  }

  /** Takes in a record of an earlier run. */
  replay(record: JournalRecord): void {
    if (record.k === 'debit') {
      this.move(String(record['customerId']), BigInt(String(record['change'])));
      this.keep(debitOf(record));
    }
    if (record.k === 'topUp') {
      this.move(String(record['customerId']), BigInt(String(record['minor'])));
    }
  }

  private keep(debit: Debit): void {
    this.debits.set(debit.requestId, debit);
    if (this.debits.size > this.debitsKept) this.forgetOldest();
  }

  private forgetOldest(): void {
    const oldest = this.debits.keys().next().value;
    if (oldest === undefined) return;
    this.debits.delete(oldest);
    if (oldest > this.newestForgotten) this.newestForgotten = oldest;
  }

  private move(customerId: string, minor: bigint): void {
    if (minor !== 0n) this.balances.set(customerId, this.balanceOf(customerId) + minor);
  }
}

/** What a debit has taken from its customer. */
function taken(debit: Debit | undefined): bigint {
  return debit?.state === 'paid' ? debit.owedMinor - paidBack(debit) : 0n;
}

function paidBack({ refunds = [] }: Debit): bigint {
  return refunds.reduce((sum, one) => (one.state === 'paid' ? sum + one.minor : sum), 0n);
}

/** For records and comparisons: `JPY 1200`. */
export function amountText(amount: Money): string {
  return `${amount.currency} ${amount.minor.toString()}`;
}

function debitOf(record: JournalRecord): Debit {
  const { requestId, paymentId, customerId, paymentAmount, payToAmount, owedMinor, state, code } =
    record as unknown as Omit<Debit, 'owedMinor' | 'refunds'> & { owedMinor: string };
  const refunds = record['refunds'] as (Omit<PaidBack, 'minor'> & { minor: string })[] | undefined;
  return {
    requestId,
    paymentId,
    customerId,
    paymentAmount,
    payToAmount,
    owedMinor: BigInt(owedMinor),
    state,
    code,
    atMs: Number(record['atMs']),
    ...(refunds === undefined
      ? {}
      : { refunds: refunds.map((one) => ({ ...one, minor: BigInt(one.minor) })) }),
  };
}
