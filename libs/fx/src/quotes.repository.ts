import type { EntityManager } from 'typeorm';
import type { MidRate, Quote } from '#domain/fx';
import type { QuoteId } from '#domain/ids';
import { invariant } from '#domain/invariant';
import type { Quality } from '#domain/network';
import { quotePriceText } from '#domain/rates/quote';
import { parseRatio, ratio } from '#domain/rates/ratio';

/** A leg in the `path` column; numbers as text, since JSON has no integer beyond 2⁵³. */
interface StoredLeg {
  readonly base: string;
  readonly counter: string;
  readonly numerator: string;
  readonly denominator: string;
  readonly asOf: string;
  readonly source: string;
  readonly quality: Quality;
  readonly pinned: boolean;
}

interface QuoteRow {
  readonly id: QuoteId;
  readonly base: string;
  readonly counter: string;
  readonly mid_numerator: string;
  readonly mid_denominator: string;
  readonly price: string;
  readonly markup_bps: number;
  readonly tier: string;
  readonly path: readonly StoredLeg[];
  readonly issued_at: Date;
  readonly expires_at: Date;
  readonly pinned: boolean;
}

/**
 * Stores locked quotes in one statement, in the transaction of the payments that carry them. Two
 * transactions may carry the same shared quote; the second then waits for the first's outcome.
 */
export async function commitQuotes(tx: EntityManager, quotes: readonly Quote[]): Promise<void> {
  if (quotes.length === 0) return;
  await tx.query(
    `INSERT INTO quotes (id, base, counter, mid_numerator, mid_denominator, price, markup_bps, tier,
                         path, issued_at, expires_at, pinned)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::numeric[], $5::numeric[],
                          $6::numeric[], $7::int[], $8::text[], $9::jsonb[], $10::timestamptz[],
                          $11::timestamptz[], $12::boolean[])
     ON CONFLICT (id) DO NOTHING`,
    [
      quotes.map((quote) => quote.id),
      quotes.map((quote) => quote.base),
      quotes.map((quote) => quote.counter),
      quotes.map((quote) => quote.mid.numerator.toString()),
      quotes.map((quote) => quote.mid.denominator.toString()),
      quotes.map(quotePriceText),
      quotes.map((quote) => quote.markupBps),
      quotes.map((quote) => quote.tier),
      quotes.map((quote) => JSON.stringify(quote.path.map(storedLegOf))),
      quotes.map((quote) => new Date(quote.issuedAtMs).toISOString()),
      quotes.map((quote) => new Date(quote.expiresAtMs).toISOString()),
      quotes.map((quote) => quote.pinned),
    ],
  );
}

/** The quotes of these ids, by id; an unknown id is absent. */
export async function findQuotes(
  tx: EntityManager,
  ids: readonly string[],
): Promise<Map<string, Quote>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<QuoteRow[]>(
    `SELECT id, base, counter, mid_numerator::text AS mid_numerator,
            mid_denominator::text AS mid_denominator, price::text AS price, markup_bps, tier, path,
            issued_at, expires_at, pinned
     FROM quotes WHERE id = ANY($1::text[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, quoteOf(row)]));
}

export async function findQuote(tx: EntityManager, id: string): Promise<Quote | undefined> {
  return (await findQuotes(tx, [id])).get(id);
}

function quoteOf(row: QuoteRow): Quote {
  const price = parseRatio(row.price);
  invariant(price !== undefined, `quote ${row.id} holds the price ${row.price}`);
  return {
    id: row.id,
    base: row.base,
    counter: row.counter,
    mid: ratio(BigInt(row.mid_numerator), BigInt(row.mid_denominator)),
    markupBps: row.markup_bps,
    tier: row.tier,
    price,
    path: row.path.map(legOf),
    issuedAtMs: row.issued_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    pinned: row.pinned,
  };
}

function storedLegOf(leg: MidRate): StoredLeg {
  return {
    base: leg.base,
    counter: leg.counter,
    numerator: leg.ratio.numerator.toString(),
    denominator: leg.ratio.denominator.toString(),
    asOf: leg.asOf,
    source: leg.source,
    quality: leg.quality,
    pinned: leg.pinned === true,
  };
}

function legOf({ numerator, denominator, pinned, ...leg }: StoredLeg): MidRate {
  return {
    ...leg,
    ratio: ratio(BigInt(numerator), BigInt(denominator)),
    ...(pinned ? { pinned } : {}),
  };
}
