import { qualitySchema } from '#contracts/operator/network';
import { readJsonl } from '#corridors';
import { findCurrency } from '#domain/currency';
import { isRatioText } from '#domain/rates/ratio';
import { ExplainedError } from '#platform/explained-error';
import { join } from 'node:path';
import { z } from 'zod';

/** The shapes of data/demand, described in data/README.md. */
const market = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code');
const currency = z
  .string()
  .refine((code) => findCurrency(code) !== undefined, 'is not a currency of ISO 4217');
const sourced = { source: z.string(), quality: qualitySchema };
const year = z.int().min(2000).max(2100);
const share = z.number().min(0).max(1);
const months = z.array(z.number().min(0)).length(12);
const hours = z.array(z.number().min(0)).length(24);

const sourceLine = z.strictObject({
  id: z.string(),
  quality: qualitySchema,
  asOf: z.string(),
  url: z.url().nullable(),
  what: z.string().min(1),
});

const LINES = {
  arrivals: z.strictObject({ destination: market, origin: market, year, months, ...sourced }),
  spending: z.strictObject({
    destination: market,
    origin: market,
    year,
    currency,
    perVisitorMinor: z.int().min(1),
    shares: z
      .record(z.string(), share)
      .refine((shares) => addsToOne(Object.values(shares)), 'must add up to 1'),
    nights: z.number().positive(),
    repeatPercent: z.number().min(0).max(100).nullable(),
    partySize: z.number().min(1),
    ...sourced,
  }),
  stays: z.strictObject({
    destination: market,
    origin: market,
    area: z.string(),
    share,
    ...sourced,
  }),
  'area-months': z.strictObject({ area: z.string(), months, ...sourced }),
  areas: z.strictObject({
    id: z.string(),
    name: z.string(),
    destination: market,
    merchantShare: share,
    lat: z.number().min(-90).max(90),
    lon: z.number().min(-180).max(180),
    bigCity: z.boolean(),
    ...sourced,
  }),
  categories: z.strictObject({
    id: z.string(),
    mcc: z.string().regex(/^\d{4}$/),
    spend: z.string(),
    merchantShare: share,
    purchaseShare: share,
    medianJpy: z.number().positive(),
    sigma: z.number().positive(),
    workdayHours: hours,
    dayOffHours: hours,
    ...sourced,
  }),
  destinations: z.strictObject({
    market,
    name: z.string(),
    currency,
    utcOffsetMinutes: z.int().min(-720).max(840),
    priceStepMinor: z.int().min(1),
    pricePercentOfJapan: z.number().positive(),
    asOf: z.string(),
    ...sourced,
  }),
  weekdays: z.strictObject({
    of: z.enum(['workday', 'weekend', 'dayOff']),
    weight: z.number().positive(),
    ...sourced,
  }),
  'days-off': z.strictObject({ market, calendar: currency, ...sourced }),
  acquirers: z.strictObject({
    id: z.string(),
    name: z.string(),
    market,
    currency,
    settlementCurrency: currency,
    schemes: z.array(z.string()),
    modes: z.array(z.enum(['userPresented', 'orderCode', 'entryCode', 'nationalQr'])),
    orderCodePrefix: z.string().regex(/^281\d{3}04\d{4}$/),
    refundCap: z.strictObject({
      currency,
      minor: z
        .string()
        .regex(/^\d{1,15}$/)
        .transform((digits) => BigInt(digits)),
    }),
    priority: z.int().min(0),
    fictional: z.literal(true),
    ...sourced,
  }),
  rates: z.union([
    z.strictObject({ days: z.array(z.int()).min(1) }),
    z.strictObject({
      currency,
      perEuro: z
        .string()
        .transform((text) => text.split(' ').map((rate) => (rate === '-' ? null : rate))),
      ...sourced,
    }),
  ]),
  targets: z.strictObject({
    id: z.string(),
    what: z.string(),
    value: z.number(),
    unit: z.string(),
    year,
    role: z.enum(['fitted', 'heldOut', 'input']),
    ...sourced,
  }),
} as const;

export type DemandFile = keyof typeof LINES;
export type DemandLine<File extends DemandFile> = z.infer<(typeof LINES)[File]>;
export type DemandSource = z.infer<typeof sourceLine>;

/** Shares are written to four or more places. */
function addsToOne(shares: readonly number[]): boolean {
  return Math.abs(shares.reduce((sum, one) => sum + one, 0) - 1) < 1e-6;
}

/** The sources that figures of data/demand name. */
export function readSources(dataDir: string): ReadonlyMap<string, DemandSource> {
  const lines = readJsonl(join(dataDir, 'demand', 'sources.jsonl'), sourceLine);
  return new Map(lines.map(({ value }) => [value.id, value]));
}

/**
 * Reads one file of data/demand; every figure must name a known source.
 *
 * @throws ExplainedError naming file, line and field
 */
export function readDemandFile<File extends DemandFile>(
  dataDir: string,
  file: File,
  sources: ReadonlyMap<string, DemandSource>,
): DemandLine<File>[] {
  // The table's type is a union over files; the key picks the one that is asked for.
  const schema = LINES[file] as unknown as z.ZodType<DemandLine<File>>;
  const lines = readJsonl(join(dataDir, 'demand', `${file}.jsonl`), schema);
  return lines.map(({ value, file: name, line }) => {
    const named = (value as { readonly source?: string }).source;
    if (named === undefined || sources.has(named)) return value;
    throw new ExplainedError(
      `${name}, line ${String(line)}, source: ${named} is not in sources.jsonl`,
    );
  });
}

/** True for a rate as it is written in rates.jsonl. */
export function isRate(text: string | null): boolean {
  return text === null || isRatioText(text);
}
