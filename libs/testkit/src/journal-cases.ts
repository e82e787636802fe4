import type { CycleId } from '#domain/ids';
import type { AccountRef, PaymentEntry, JournalLine } from '#domain/journal';
import { HUB } from '#domain/journal';

export interface EntryCase {
  readonly wallet: string;
  readonly walletCurrency: string;
  readonly acquirer: string;
  readonly acquirerCurrency: string;
}

const YEN_SHOP: EntryCase = {
  wallet: 'wal_truemoney',
  walletCurrency: 'THB',
  acquirer: 'acq_kyoto',
  acquirerCurrency: 'JPY',
};

/**
 * A payment's entry with the shape of a real one: eleven lines, three currencies, each summing to
 * zero. Amounts depend on `n` so that two entries are never mistaken for each other.
 */
export function entryCase(
  n: number,
  cycleId: CycleId,
  terms: EntryCase = YEN_SHOP,
): PaymentEntry & { readonly traceId: string } {
  const { wallet, walletCurrency, acquirer, acquirerCurrency } = terms;
  const owed = 28_000n + BigInt(n % 9_000);
  const due = 120_000n + BigInt(n % 7_000);
  const margin = 140n;
  const fee = 30n;
  const usd = 810n + BigInt(n % 90);
  const hub = (kind: AccountRef['kind'], currency: string): AccountRef => ({
    owner: HUB,
    kind,
    currency,
  });
  const line = (account: AccountRef, minor: bigint): JournalLine => ({ account, minor });
  const mirror = (of: string): AccountRef => ({
    owner: HUB,
    kind: 'fxPositionUsd',
    currency: 'USD',
    of,
  });
  const number = String(n).padStart(26, '0');
  return {
    id: `ent_${number}`,
    kind: 'paymentCleared',
    event: `pay_${number}:paymentCleared`,
    paymentId: `pay_${number}`,
    cycleId,
    traceId: number.padStart(32, '0'),
    lines: [
      line({ owner: wallet, kind: 'walletReceivable', currency: walletCurrency }, owed),
      line(hub('fxPosition', walletCurrency), -(owed - margin - fee)),
      line(hub('fxMargin', walletCurrency), -margin),
      line(hub('schemeFeeWallet', walletCurrency), -fee),
      line({ owner: acquirer, kind: 'acquirerPayable', currency: acquirerCurrency }, -due),
      line(hub('fxPosition', acquirerCurrency), due + fee + 1n),
      line(hub('schemeFeeAcquirer', acquirerCurrency), -fee),
      line(hub('rounding', acquirerCurrency), -1n),
      line(mirror(walletCurrency), usd + 2n),
      line(mirror(acquirerCurrency), -usd),
      line(hub('interchangeFxDifference', 'USD'), -2n),
    ],
  };
}
