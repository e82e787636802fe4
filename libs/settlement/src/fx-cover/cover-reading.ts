import type { CoverListView, CoverView } from '#contracts/operator/fx-books';
import type { CurrencyCode } from '#domain/currency';
import type { CoverQuote, CoverRequest } from '#domain/fx-books/cover-quote';
import { decideCover, type CoverFill } from '#domain/fx-books/decide-cover';
import { invariant } from '#domain/invariant';
import { FUNCTIONAL_CURRENCY } from '#domain/rates/rate-book';
import { parseRatio, ratio, ratioText } from '#domain/rates/ratio';
import { accepted, type Outcome } from '#domain/rejection';
import type { EntityManager } from 'typeorm';
import { amount, findFxDay } from './fx-statement.js';

const MID_PLACES = 12;

interface QuoteRow {
  readonly provider: string;
  readonly answer: 'firm' | 'declined';
  readonly reason: string | null;
  readonly price: string | null;
  readonly least: string | null;
  readonly most: string | null;
}

interface TradeRow {
  readonly id: string;
  readonly provider: string;
  readonly minor: string;
  readonly usd: string;
  readonly realised: string;
  readonly state: 'traded' | 'settled';
}

interface RequestRow {
  readonly id: string;
  readonly cycle_id: string;
  readonly currency: CurrencyCode;
  readonly side: 'buy' | 'sell';
  readonly minor: string;
  readonly mid_numerator: string;
  readonly mid_denominator: string;
  readonly uncovered_minor: string;
  readonly not_asked: string | null;
  readonly value_date: string | null;
  readonly estimated: boolean | null;
  readonly quotes: readonly QuoteRow[];
  readonly trades: readonly TradeRow[];
}

// Amounts travel as text: a number of JSON would round them.
const REQUESTS = `
  SELECT q.id, r.cycle_id, q.currency, q.side, q.minor, q.mid_numerator, q.mid_denominator,
         q.uncovered_minor, q.not_asked, q.value_date::text AS value_date, q.estimated,
         coalesce((SELECT json_agg(json_build_object('provider', f.provider_id,
                     'answer', f.answer, 'reason', f.reason, 'price', f.price::text,
                     'least', f.min_minor::text, 'most', f.max_minor::text) ORDER BY f.provider_id)
                   FROM fx_cover_quotes f WHERE f.request_id = q.id), '[]') AS quotes,
         coalesce((SELECT json_agg(json_build_object('id', t.id, 'provider', t.provider_id,
                     'minor', t.minor::text, 'usd', t.usd_minor::text,
                     'realised', t.realised_usd::text, 'state', t.state)
                     ORDER BY CASE q.side WHEN 'buy' THEN f.price ELSE -f.price END, t.provider_id)
                   FROM fx_cover_trades t JOIN fx_cover_quotes f USING (request_id, provider_id)
                   WHERE t.request_id = q.id), '[]') AS trades
  FROM fx_cover_requests q JOIN fx_runs r ON r.no = q.run_no
  WHERE r.cycle_id = ANY($1) ORDER BY r.no, q.currency`;

/**
 * A day's covers with every quote there was, and whether the choice, made again from those quotes
 * alone, gives the trades that were made.
 */
export async function readCovers(
  tx: EntityManager,
  day: string | undefined,
): Promise<Outcome<CoverListView>> {
  const found = await findFxDay(tx, day);
  if (!found.ok) return found;
  const rows = await tx.query<RequestRow[]>(REQUESTS, [found.value.cycles]);
  return accepted({ day: found.value.day, covers: rows.map(coverViewOf) });
}

function coverViewOf(row: RequestRow): CoverView {
  const own = (minor: string) => amount(row.currency, BigInt(minor));
  const usd = (minor: string) => amount(FUNCTIONAL_CURRENCY, BigInt(minor));
  const mid = ratio(BigInt(row.mid_numerator), BigInt(row.mid_denominator));
  const quotes = row.quotes.map(quoteOf);
  const request: CoverRequest = {
    currency: row.currency,
    side: row.side,
    minor: BigInt(row.minor),
    mid,
  };
  const again = decideCover(request, quotes);
  return {
    request: row.id,
    cycle: row.cycle_id,
    side: row.side,
    amount: own(row.minor),
    mid: ratioText(mid, MID_PLACES),
    valueDate: row.value_date,
    estimated: row.estimated,
    notAsked: row.not_asked,
    uncovered: own(row.uncovered_minor),
    quotes: row.quotes.map((quote) => ({
      provider: quote.provider,
      answer: quote.answer,
      reason: quote.reason,
      price: quote.price,
      least: quote.least === null ? null : own(quote.least),
      most: quote.most === null ? null : own(quote.most),
    })),
    trades: row.trades.map((trade) => ({
      id: trade.id,
      provider: trade.provider,
      amount: own(trade.minor),
      usd: usd(trade.usd),
      price: row.quotes.find(({ provider }) => provider === trade.provider)?.price ?? '',
      realised: usd(trade.realised),
      state: trade.state,
    })),
    choiceHolds:
      again.uncoveredMinor === BigInt(row.uncovered_minor) && sameTrades(again.fills, row.trades),
  };
}

function sameTrades(fills: readonly CoverFill[], trades: readonly TradeRow[]): boolean {
  const made = trades.map(({ provider, minor, usd }) => `${provider} ${minor} ${usd}`).sort();
  const chosen = fills
    .map((fill) => `${fill.providerId} ${fill.minor.toString()} ${fill.usd.toString()}`)
    .sort();
  return made.join() === chosen.join();
}

function quoteOf(row: QuoteRow): CoverQuote {
  if (row.answer === 'declined') {
    return { providerId: row.provider, answer: 'declined', reason: row.reason ?? '' };
  }
  const price = parseRatio(row.price ?? '');
  invariant(price !== undefined, `${row.provider} quoted ${row.price ?? 'nothing'}`);
  return {
    providerId: row.provider,
    answer: 'firm',
    price,
    minMinor: BigInt(row.least ?? 0),
    maxMinor: BigInt(row.most ?? 0),
  };
}
