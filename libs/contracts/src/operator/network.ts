import { CLEARING_KINDS } from '#domain/clearing-cycles';
import { findCurrency } from '#domain/currency';
import { z } from 'zod';
import { pageQuerySchema, pageSchema } from './paging.js';

/**
 * What the operator API says of the network. Every record shows where its figures come from, and
 * says of itself that the wallet is played by the sandbox or that the shop is invented, so that no
 * reader takes the simulation for the real thing.
 */
const market = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as JP')
  .meta({ description: 'ISO 3166-1 alpha-2 code.', examples: ['JP'] });

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as JPY')
  .refine((code) => findCurrency(code) !== undefined, 'is not a currency of ISO 4217')
  .meta({ description: 'ISO 4217 code.', examples: ['JPY'] });

const moneySchema = z
  .object({
    currency,
    value: z
      .string()
      .regex(/^-?\d+$/)
      .meta({ description: 'Integer minor units.' }),
  })
  .meta({ description: 'An amount in minor units.' });

export const paymentModeSchema = z.enum(['userPresented', 'orderCode', 'entryCode', 'nationalQr']);
export const clearingKindSchema = z.enum(CLEARING_KINDS);
export const participantStatusSchema = z.enum(['active', 'suspended']);
export const qualitySchema = z.enum([
  'measured',
  'company_stated',
  'secondary',
  'derived',
  'estimated',
  'rule',
  'fictional',
]);

export const provenanceSchema = z.object({
  source: z.string(),
  asOf: z.string(),
  quality: qualitySchema,
});

/** Field name to where its figure comes from. */
export const fieldProvenanceSchema = z.record(z.string(), provenanceSchema);
export type FieldProvenance = z.infer<typeof fieldProvenanceSchema>;

const versionFields = {
  version: z.int().min(1).meta({ description: 'Grows by one with every change.' }),
  effectiveFrom: z.iso.datetime().meta({ description: 'UTC instant this version took effect.' }),
};

export const walletSchema = z
  .object({
    id: z.string(),
    ...versionFields,
    name: z.string(),
    kind: z.enum(['ewallet', 'bankApp', 'nationalScheme', 'cardScheme']),
    homeMarket: market,
    currency,
    network: z.string(),
    perPaymentLimit: moneySchema,
    perDayLimit: moneySchema,
    netDebitCap: moneySchema,
    prefund: moneySchema,
    codeIssuer: z.string(),
    status: participantStatusSchema,
    simulated: z.boolean().meta({ description: 'Played by the sandbox; not the real wallet.' }),
    affiliation: z.literal('none').meta({
      description: 'The operator of the real wallet has no part in this.',
    }),
    provenance: fieldProvenanceSchema,
  })
  .meta({ id: 'Wallet' });
export type WalletView = z.infer<typeof walletSchema>;

export const acquirerSchema = z
  .object({
    id: z.string(),
    ...versionFields,
    name: z.string(),
    market,
    city: z.string(),
    currency,
    settlementCurrency: currency,
    schemes: z.array(z.string()),
    modes: z.array(paymentModeSchema),
    orderCodePrefix: z.string(),
    refundCap: moneySchema.meta({
      description: 'Most it may owe the hub by refunding more than it sells.',
    }),
    priority: z.int(),
    status: participantStatusSchema,
    fictional: z.boolean().meta({ description: 'Invented for the simulation.' }),
    provenance: fieldProvenanceSchema,
  })
  .meta({ id: 'Acquirer' });
export type AcquirerView = z.infer<typeof acquirerSchema>;

export const merchantCodeSchema = z.object({
  scheme: z.string(),
  key: z.string().meta({ description: "The scheme's key fields, joined by dots." }),
  identifiers: z.record(z.string(), z.string()).meta({
    description: 'Children of the account template that the printed code carries, by tag.',
  }),
});

export const storeSchema = z.object({
  id: z.string(),
  ...versionFields,
  name: z.string(),
  address: z.string(),
  terminalId: z.string(),
  codes: z.array(merchantCodeSchema),
});

export const merchantSchema = z
  .object({
    id: z.string(),
    ...versionFields,
    acquirerId: z.string(),
    name: z.string(),
    displayName: z.string(),
    mcc: z.string(),
    market,
    city: z.string(),
    currency,
    mdrBps: z.int(),
    status: participantStatusSchema,
    fictional: z.boolean().meta({ description: 'Invented for the simulation.' }),
    provenance: fieldProvenanceSchema,
  })
  .meta({ id: 'Merchant' });
export type MerchantView = z.infer<typeof merchantSchema>;

export const merchantDetailSchema = merchantSchema
  .extend({ stores: z.array(storeSchema) })
  .meta({ id: 'MerchantDetail' });
export type MerchantDetailView = z.infer<typeof merchantDetailSchema>;

export const nationalSchemeSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    market,
    currency,
    template: z.string().meta({ description: 'EMVCo object id of its account template.' }),
    keyFields: z.array(z.string()),
    provenance: provenanceSchema,
  })
  .meta({ id: 'NationalScheme' });
export type NationalSchemeView = z.infer<typeof nationalSchemeSchema>;

export const corridorSchema = z
  .object({
    id: z.string(),
    ...versionFields,
    homeMarket: market,
    acceptanceMarket: market,
    minPayment: moneySchema,
    maxPayment: moneySchema,
    interchangeBps: z.int(),
    schemeFeeAcquirerBps: z.int(),
    schemeFeeWalletBps: z.int(),
    fxTier: z.string(),
    modes: z.array(paymentModeSchema),
    calendars: z.array(currency),
    clearing: clearingKindSchema.meta({ description: 'Which cycles its payments fall into.' }),
    simulated: z.literal(true),
    provenance: fieldProvenanceSchema,
  })
  .meta({ id: 'Corridor' });
export type CorridorView = z.infer<typeof corridorSchema>;

export const acceptanceSchema = z
  .object({
    walletId: z.string(),
    market,
    ...versionFields,
    network: z.string(),
    provenance: provenanceSchema,
  })
  .meta({ id: 'Acceptance' });
export type AcceptanceView = z.infer<typeof acceptanceSchema>;

export const routeExplanationSchema = z
  .object({
    outcome: z.enum(['routed', 'refused']),
    networkRevision: z.string(),
    wallet: z.string().nullable(),
    acquirer: z.string().nullable(),
    merchant: z.string().nullable(),
    store: z.string().nullable(),
    corridor: z.string().nullable(),
    reasons: z.array(z.string()).meta({ description: 'One sentence for each link, in order.' }),
    considered: z.array(z.object({ acquirerId: z.string(), chosen: z.boolean(), why: z.string() })),
    refusal: z.object({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'RouteExplanation' });
export type RouteExplanationView = z.infer<typeof routeExplanationSchema>;

export const walletPageSchema = pageSchema(walletSchema).meta({ id: 'WalletPage' });
export const acquirerPageSchema = pageSchema(acquirerSchema).meta({ id: 'AcquirerPage' });
export const merchantPageSchema = pageSchema(merchantSchema).meta({ id: 'MerchantPage' });
export const corridorPageSchema = pageSchema(corridorSchema).meta({ id: 'CorridorPage' });
export const acceptancePageSchema = pageSchema(acceptanceSchema).meta({ id: 'AcceptancePage' });
export const nationalSchemeListSchema = z.array(nationalSchemeSchema);

export const walletQuerySchema = pageQuerySchema.extend({
  market: market.optional().meta({ description: 'Home market.' }),
});
export type WalletQuery = z.infer<typeof walletQuerySchema>;

export const acquirerQuerySchema = pageQuerySchema.extend({ market: market.optional() });
export type AcquirerQuery = z.infer<typeof acquirerQuerySchema>;

export const merchantQuerySchema = pageQuerySchema.extend({
  market: market.optional(),
  acquirer: z.string().max(64).optional().meta({ description: 'Acquirer id.' }),
  q: z.string().trim().min(1).max(80).optional().meta({
    description: 'Part of the name, the city or the id, in any case.',
  }),
});
export type MerchantQuery = z.infer<typeof merchantQuerySchema>;

export const corridorQuerySchema = pageQuerySchema.extend({
  home: market.optional(),
  acceptance: market.optional(),
});
export type CorridorQuery = z.infer<typeof corridorQuerySchema>;

export const acceptanceQuerySchema = pageQuerySchema.extend({
  wallet: z.string().max(64).optional().meta({ description: 'Wallet id.' }),
  market: market.optional(),
});
export type AcceptanceQuery = z.infer<typeof acceptanceQuerySchema>;

export const routeQuerySchema = z
  .object({
    wallet: z
      .string()
      .max(64)
      .meta({ description: 'Wallet id.', examples: ['truemoney'] }),
    mode: paymentModeSchema.default('nationalQr'),
    merchant: z.string().max(64).optional().meta({ description: 'Merchant id.' }),
    store: z.string().max(80).optional().meta({ description: 'Store id; needs merchant.' }),
    code: z.string().max(1_000).optional().meta({
      description: "Payload of a merchant's national QR code.",
    }),
    market: market.optional(),
    currency: currency.optional(),
  })
  .refine(
    ({ merchant, code, market: place }) =>
      [merchant, code, place].filter((given) => given !== undefined).length === 1,
    { path: ['merchant'], message: 'give exactly one of merchant, code and market' },
  );
export type RouteExplainQuery = z.infer<typeof routeQuerySchema>;

export const storeCodeQuerySchema = z.object({
  amount: z
    .string()
    .max(20)
    .optional()
    .meta({ description: 'Major units; makes the code dynamic.', examples: ['1200'] }),
});
export type StoreCodeQuery = z.infer<typeof storeCodeQuerySchema>;

export const storeCodeSchema = z
  .object({
    storeId: z.string(),
    storeName: z.string(),
    merchantId: z.string(),
    acquirerId: z.string(),
    market: z.string(),
    city: z.string(),
    currency: z.string(),
    payload: z.string().meta({ description: 'What the picture holds.' }),
    fictional: z.literal(true),
  })
  .meta({ title: 'StoreCode' });
export type StoreCodeView = z.infer<typeof storeCodeSchema>;
