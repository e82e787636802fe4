import { clearingKindSchema, paymentModeSchema, qualitySchema } from '#contracts/operator/network';
import { findCurrency } from '#domain/currency';
import type { Provenance } from '#domain/network';
import { join } from 'node:path';
import { z } from 'zod';
import { dataFault, readJsonl, type Line } from './read-jsonl.js';

/** The shapes of data/network, described in data/README.md. */
const market = z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code');
const currency = z
  .string()
  .refine((code) => findCurrency(code) !== undefined, 'is not a currency of ISO 4217');
const asOf = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'must be a year, month or date');
const bps = z.int().min(0).max(10_000);

/** An amount in minor units and the id of its source. */
const figure = z.strictObject({
  minor: z
    .string()
    .regex(/^\d{1,15}$/, 'must be integer minor units as text')
    .transform((digits) => BigInt(digits)),
  source: z.string(),
});

const sourceLine = z.strictObject({
  id: z.string(),
  quality: qualitySchema,
  asOf,
  url: z.url().nullable(),
  what: z.string(),
});

const walletLine = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['ewallet', 'bankApp', 'nationalScheme', 'cardScheme']),
  homeMarket: market,
  currency,
  network: z.string(),
  codeIssuer: z.string().regex(/^\d{6}$/, 'must be six digits'),
  simulated: z.literal(true),
  perPaymentLimit: figure,
  perDayLimit: figure,
  netDebitCap: figure,
  prefund: figure,
  source: z.string(),
});

const acceptanceLine = z.strictObject({
  market,
  network: z.string(),
  asOf,
  source: z.string(),
  wallets: z.array(z.string()).min(1),
});

const marketLine = z.strictObject({
  market,
  name: z.string(),
  currency,
  maxPayment: figure,
  fxTier: z.string(),
});

const feeLine = z.strictObject({
  id: z.enum(['interchange', 'schemeFeeAcquirer', 'schemeFeeWallet', 'mdr']),
  what: z.string(),
  bps,
  lowBps: bps,
  highBps: bps,
  source: z.string(),
});

const clearingLine = z.strictObject({
  home: market,
  acceptance: market,
  clearing: clearingKindSchema,
  source: z.string(),
});

const schemeLine = z.strictObject({
  id: z.string(),
  name: z.string(),
  market,
  currency,
  template: z.string().regex(/^\d{2}$/, 'must be an EMVCo object id'),
  keyFields: z.array(z.string().regex(/^\d{2}$/)).min(1),
  source: z.string(),
  keySource: z.string(),
});

const acquirerLine = z.strictObject({
  id: z.string(),
  name: z.string(),
  market,
  city: z.string(),
  currency,
  settlementCurrency: currency,
  schemes: z.array(z.string()),
  modes: z.array(paymentModeSchema).min(1),
  orderCodePrefix: z.string().regex(/^281\d{3}04\d{4}$/, 'must be 281xxx04xxxx'),
  refundCap: figure,
  priority: z.int().min(0),
  fictional: z.literal(true),
  source: z.string(),
});

const merchantLine = z.strictObject({
  id: z.string(),
  acquirer: z.string(),
  name: z.string(),
  displayName: z.string().max(25, 'must fit EMVCo field 59: 25 characters'),
  mcc: z.string().regex(/^\d{4}$/, 'must be four digits'),
  market,
  city: z.string().max(15, 'must fit EMVCo field 60: 15 characters'),
  currency,
  fictional: z.literal(true),
  source: z.string(),
  stores: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        address: z.string(),
        terminalId: z.string(),
        codes: z.array(
          z.strictObject({ scheme: z.string(), identifiers: z.record(z.string(), z.string()) }),
        ),
      }),
    )
    .min(1),
});

export type WalletLine = z.infer<typeof walletLine>;
export type AcceptanceLine = z.infer<typeof acceptanceLine>;
export type MarketLine = z.infer<typeof marketLine>;
export type FeeLine = z.infer<typeof feeLine>;
export type ClearingLine = z.infer<typeof clearingLine>;
export type SchemeLine = z.infer<typeof schemeLine>;
export type AcquirerLine = z.infer<typeof acquirerLine>;
export type MerchantLine = z.infer<typeof merchantLine>;

/** Everything in data/network, checked for itself and against each other. */
export interface NetworkFiles {
  readonly sources: ReadonlyMap<string, Provenance>;
  readonly fees: ReadonlyMap<FeeLine['id'], FeeLine>;
  readonly wallets: readonly Line<WalletLine>[];
  readonly acceptance: readonly Line<AcceptanceLine>[];
  readonly markets: readonly Line<MarketLine>[];
  /** Corridors that are cut off more often than the scheme asks. */
  readonly clearing: readonly Line<ClearingLine>[];
  readonly schemes: readonly Line<SchemeLine>[];
  readonly acquirers: readonly Line<AcquirerLine>[];
  readonly merchants: readonly Line<MerchantLine>[];
}

/**
 * Reads the shipped network.
 *
 * @param dataDir the project's `data` folder
 * @throws ExplainedError naming file, line and field
 */
export function readNetworkFiles(dataDir: string): NetworkFiles {
  const at = (name: string) => join(dataDir, 'network', `${name}.jsonl`);
  const sources = uniqueById(readJsonl(at('sources'), sourceLine));
  const fees = uniqueById(readJsonl(at('fees'), feeLine));
  const files: NetworkFiles = {
    sources: new Map(
      [...sources].map(([id, { value }]) => [
        id,
        { source: value.url ?? value.what, asOf: value.asOf, quality: value.quality },
      ]),
    ),
    fees: new Map([...fees.values()].map(({ value }) => [value.id, value])),
    wallets: [...uniqueById(readJsonl(at('wallets'), walletLine)).values()],
    acceptance: readJsonl(at('acceptance'), acceptanceLine),
    markets: readJsonl(at('markets'), marketLine),
    clearing: readJsonl(at('clearing'), clearingLine),
    schemes: [...uniqueById(readJsonl(at('national-schemes'), schemeLine)).values()],
    acquirers: [...uniqueById(readJsonl(at('acquirers'), acquirerLine)).values()],
    merchants: [...uniqueById(readJsonl(at('merchants'), merchantLine)).values()],
  };
  for (const fee of fees.values()) checkKnown(fee, 'source', fee.value.source, files.sources);
  checkReferences(files);
  return files;
}

function uniqueById<T extends { readonly id: string }>(
  lines: readonly Line<T>[],
): Map<string, Line<T>> {
  const byId = new Map<string, Line<T>>();
  for (const line of lines) {
    const earlier = byId.get(line.value.id);
    if (earlier !== undefined) {
      throw dataFault(line, 'id', `${line.value.id} is also on line ${String(earlier.line)}`);
    }
    byId.set(line.value.id, line);
  }
  return byId;
}

function checkKnown(
  line: Line<unknown>,
  field: string,
  id: string,
  known: { has(id: string): boolean },
): void {
  if (!known.has(id)) throw dataFault(line, field, `${id} is not known`);
}

function checkReferences(files: NetworkFiles): void {
  const { sources } = files;
  const ids = (lines: readonly Line<{ id: string }>[]) =>
    new Set(lines.map(({ value }) => value.id));
  const wallets = ids(files.wallets);
  const schemes = ids(files.schemes);
  const acquirers = ids(files.acquirers);
  const markets = new Set(files.markets.map(({ value }) => value.market));
  for (const line of files.wallets) {
    checkKnown(line, 'source', line.value.source, sources);
    for (const field of ['perPaymentLimit', 'perDayLimit', 'netDebitCap', 'prefund'] as const) {
      checkKnown(line, `${field}.source`, line.value[field].source, sources);
    }
  }
  for (const line of files.acceptance) {
    checkKnown(line, 'source', line.value.source, sources);
    checkKnown(line, 'market', line.value.market, markets);
    for (const wallet of line.value.wallets) checkKnown(line, 'wallets', wallet, wallets);
  }
  for (const line of files.markets) {
    checkKnown(line, 'maxPayment.source', line.value.maxPayment.source, sources);
  }
  for (const line of files.clearing) {
    checkKnown(line, 'source', line.value.source, sources);
    checkKnown(line, 'acceptance', line.value.acceptance, markets);
    const homes = new Set(files.wallets.map(({ value }) => value.homeMarket));
    checkKnown(line, 'home', line.value.home, homes);
  }
  for (const line of files.schemes) {
    checkKnown(line, 'source', line.value.source, sources);
    checkKnown(line, 'keySource', line.value.keySource, sources);
  }
  for (const line of files.acquirers) {
    checkKnown(line, 'source', line.value.source, sources);
    checkKnown(line, 'refundCap.source', line.value.refundCap.source, sources);
    for (const scheme of line.value.schemes) checkKnown(line, 'schemes', scheme, schemes);
  }
  for (const line of files.merchants) {
    checkKnown(line, 'source', line.value.source, sources);
    checkKnown(line, 'acquirer', line.value.acquirer, acquirers);
    for (const code of line.value.stores.flatMap((store) => store.codes)) {
      checkKnown(line, 'stores.codes.scheme', code.scheme, schemes);
    }
  }
}
