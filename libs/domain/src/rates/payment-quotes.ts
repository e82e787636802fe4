import type { CurrencyCode } from '../currency.js';
import type { FxTier, Quote } from '../fx.js';
import type { QuoteId } from '../ids.js';
import { accepted, type Outcome } from '../rejection.js';
import { decideQuote, type QuoteContext } from './quote.js';
import { usdMids, type UsdMids } from './rate-book.js';

/** What the hub owes an acquirer is converted at mid: its earning is on the payer's side. */
export const MID_TIER: FxTier = { id: 'mid', markupBps: 0 };

export interface PaymentCurrencies {
  readonly payment: CurrencyCode;
  readonly payer: CurrencyCode;
  readonly settlement: CurrencyCode;
}

export interface LockedQuotes {
  readonly payerQuote: Quote;
  readonly settlementQuote: Quote;
  readonly usd: UsdMids;
}

/** Locks both legs and the dollar mids of one payment out of one book, or says what is missing. */
export function decidePaymentQuotes(
  context: QuoteContext,
  currencies: PaymentCurrencies,
  nowMs: number,
  ids: { readonly payer: QuoteId; readonly settlement: QuoteId },
): Outcome<LockedQuotes> {
  const base = currencies.payment;
  const payer = decideQuote(context, { base, counter: currencies.payer }, nowMs, ids.payer);
  if (!payer.ok) return payer;
  const settlement = decideQuote(
    { ...context, tier: MID_TIER },
    { base, counter: currencies.settlement },
    nowMs,
    ids.settlement,
  );
  if (!settlement.ok) return settlement;
  const usd = usdMids(context.book, currencies);
  if (!usd.ok) return usd;
  return accepted({ payerQuote: payer.value, settlementQuote: settlement.value, usd: usd.value });
}
