import { z } from 'zod';
import { FIDELITIES } from '#simulation/scenario';
import {
  basisPoints,
  days,
  elasticity,
  figure,
  merchantCount,
  milliseconds,
  minutes,
  percentChange,
  percentPerYear,
  percentScale,
  percentShare,
  spread,
  weight,
} from './figure-schema.js';
import type { FigureKind } from './figure-schema.js';

/**
 * The scenario file format, version 1. Two schemas come from one description: that of a file,
 * where nearly everything may be left out, and that of a whole scenario, where nothing may.
 */

const date = z.iso.date().meta({ id: 'date', description: 'ISO date, e.g. 2025-03-31.' });
const instantOrDate = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).meta({
  id: 'instantOrDate',
  description: 'ISO date for whole local days, or ISO instant with its offset.',
});
const market = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .meta({ id: 'market', description: 'ISO 3166-1 alpha-2 code of a market, e.g. JP.' });
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ description: 'ISO 4217 code, e.g. JPY.' });
const id = z.string().regex(/^[a-z][a-z0-9_]*$/);
const area = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/);
const year = z.int().min(2015).max(2100);

function figuresBy(key: z.ZodString, what: string, kind: FigureKind) {
  return z.record(key, figure(what, kind));
}

const period = z.strictObject({ from: date, to: date });

const corridors = z.strictObject({
  origins: z
    .union([z.literal('all'), z.array(market).min(1)])
    .meta({ description: 'Home markets of the payers; `all` is every one that has a wallet.' }),
  destinations: z.array(market).min(1).meta({ description: 'Markets they pay in.' }),
});

const visitors = z.strictObject({
  basisYear: year.meta({ description: 'Arrivals of this year are the basis.' }),
  growthPercentPerYear: figure('Growth of arrivals since the basis year.', percentPerYear),
  growthPercentPerYearByOrigin: figuresBy(market, 'Growth of one origin.', percentPerYear),
  scalePercent: figure('Visitors against what the basis and growth give.', percentScale),
});

const counter = 'Paid at a counter during the stay, not before it.';

const onSite = z.strictObject({
  lodging: figure(counter, percentShare),
  food_drink: figure(counter, percentShare),
  transport: figure(counter, percentShare),
  entertainment: figure(counter, percentShare),
  shopping: figure(counter, percentShare),
  other: figure(counter, percentShare),
});

const spending = z.strictObject({
  basisYear: year.meta({ description: 'Spending per visitor is of this year.' }),
  growthPercentPerYear: figure('Growth of spending per visitor.', percentPerYear),
  scalePercent: figure('Spending against what the basis and growth give.', percentScale),
  onSitePercent: onSite.partial(),
  ticketPercentByOrigin: figuresBy(
    market,
    'Amounts of this origin against the usual ticket.',
    percentScale,
  ),
});

const joiningWallet = z
  .strictObject({
    id,
    name: z.string().min(1),
    origin: market,
    currency,
    joins: date,
    wishPercent: figure(
      'Of its origin’s on-site spending, what its users would like to pay with it.',
      percentShare,
    ),
    cannibalisationPercent: figure(
      'Of that, what they would have paid with another wallet of the network anyway.',
      percentShare,
    ),
    destinations: z.array(market).min(1),
  })
  .meta({ id: 'joiningWallet', description: 'A wallet that joins the network.' });

const leavingWallet = z
  .strictObject({ wallet: id, on: date })
  .meta({ id: 'leavingWallet', description: 'A wallet that leaves the network.' });

const wallets = z.strictObject({
  wishPercentByOrigin: figuresBy(
    market,
    'Of on-site spending, what travellers would like to pay with wallets of this network.',
    percentShare,
  ),
  weights: figuresBy(
    id,
    'How often this wallet is held out among those of its origin; usually millions of users.',
    weight,
  ),
  joining: z.array(joiningWallet),
  leaving: z.array(leavingWallet),
  adoptionGrowthPercentPerYear: figure(
    'Growth of intended wallet spending beside visitors and spending.',
    percentPerYear,
  ),
});

const acceptance = z.strictObject({
  merchants: figuresBy(market, 'Merchants that take the network’s wallets.', merchantCount),
  growthPercentPerYear: figure('Growth of their number since `asOf`.', percentPerYear),
  asOf: date,
  percentByCategory: figuresBy(
    id,
    'Of purchases in the category, how many happen where the wallets are taken.',
    percentShare,
  ),
  scalePercent: figure('Acceptance against the former.', percentScale),
  elasticityToMerchants: figure('Purchases accepted for one percent more merchants.', elasticity),
});

const conduct = z.strictObject({
  abandonedPercent: figure('Payers who give up.', percentShare),
  insufficientFundsPercent: figure('Payments refused for lack of funds.', percentShare),
  riskRefusedPercent: figure('Payments refused as risky.', percentShare),
  timedOutPercent: figure('Payments without an answer in time.', percentShare),
  answerMedianMs: figure('Median time of the wallet to answer.', milliseconds),
  answerSigma: figure('Spread of that time.', spread),
  refundedPercent: figure('Payments refunded later.', percentShare),
  refundAfterDays: figure('Mean time until a refund.', days),
});

const fx = z.strictObject({
  path: z.enum(['history', 'fixed']).meta({
    description: '`history` takes the rates of each day, `fixed` those of one day.',
  }),
  year: year.nullable().meta({ description: 'Replays this year’s rates; null: each day’s own.' }),
  on: date.nullable().meta({ description: 'Day whose rates `fixed` takes.' }),
  markupBps: figure('Mark-up over mid on the payer’s leg.', basisPoints),
  rateLockMinutes: figure('How long a quote is locked.', minutes),
  visitorElasticity: figure('More visitors for a currency 1 % cheaper.', elasticity),
  spendElasticity: figure('More spending in local money for a currency 1 % cheaper.', elasticity),
});

const fees = z.strictObject({
  mdrBps: figure('Merchant to acquirer.', basisPoints),
  interchangeBps: figure('Acquirer to wallet.', basisPoints),
  schemeFeeAcquirerBps: figure('Acquirer to hub.', basisPoints),
  schemeFeeWalletBps: figure('Wallet to hub.', basisPoints),
});

const settlement = z.strictObject({
  cyclesPerDay: z
    .literal([1, 2, 4, 6, 12, 24])
    .meta({ description: 'Cut-offs in a clearing day.' }),
  netting: z.enum(['gross', 'bilateral', 'multilateral']),
  lagDays: z
    .int()
    .min(0)
    .max(10)
    .nullable()
    .meta({ description: 'Business days after the clearing day; null: the agreed terms.' }),
  capsHold: z.boolean().meta({ description: 'Whether net debit caps stop payments.' }),
  capDays: figure('Cap in days of the wallet’s mean flow; null: the agreed cap.', days).nullable(),
  prefundDays: figure(
    'Prefund in days of the wallet’s mean flow; null: the agreed prefund.',
    days,
  ).nullable(),
  coverSpreadBps: figure('What the provider of cover trades takes around mid.', basisPoints),
});

const costs = z.strictObject({
  cardMerchantBps: figure('What a card would cost the merchant.', basisPoints),
  cardPayerFxBps: figure('What a card abroad would cost the payer.', basisPoints),
  cashExchangeBps: figure('What changing cash would cost the payer.', basisPoints),
});

const rateShock = z.strictObject({
  kind: z.literal('rate'),
  currency,
  percent: figure('Move of the currency against all others; −8 is 8 % cheaper.', percentChange),
  from: date,
  to: date,
});

const visitorShock = z.strictObject({
  kind: z.literal('visitors'),
  percent: figure('Change of visitors; −30 leaves 70 %.', percentChange),
  origins: z.array(market).min(1).nullish().meta({ description: 'All, if left out.' }),
  areas: z.array(area).min(1).nullish().meta({ description: 'All, if left out.' }),
  from: date,
  to: date,
});

const outageShock = z.strictObject({
  kind: z.literal('outage'),
  wallet: id.nullish().meta({ description: 'Every wallet, if left out.' }),
  acquirer: id.nullish().meta({ description: 'Every acquirer, if left out.' }),
  area: area.nullish().meta({ description: 'Everywhere, if left out.' }),
  percent: figure('Share of purchases that fail.', percentShare),
  from: instantOrDate,
  to: instantOrDate,
});

const defaultShock = z.strictObject({
  kind: z.literal('default'),
  participant: id.meta({ description: 'A wallet or an acquirer.' }),
  on: date,
});

const shock = z
  .discriminatedUnion('kind', [rateShock, visitorShock, outageShock, defaultShock])
  .meta({ id: 'shock', description: 'Something that happens in the period.' });

const run = z.strictObject({
  fidelity: z.enum(FIDELITIES),
  replications: z.int().min(1).max(10_000),
  untilRelativeError: z
    .number()
    .gt(0)
    .max(1)
    .nullable()
    .meta({ description: 'e.g. 0.01: go on until every headline is known within 1 %.' }),
  mostReplications: z.int().min(1).max(10_000),
});

const head = {
  wayfareScenario: z.literal(1).meta({ description: 'Version of the file format.' }),
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .meta({ description: 'Lower case words joined by hyphens.' }),
  title: z.string().min(3).meta({ description: 'One line for tables and reports.' }),
  description: z.string().meta({ description: 'What is asked, and why.' }),
};

/** A list in a file replaces the parent's, or adds to it. */
function listOf<T extends z.ZodType>(item: T) {
  return z.union([z.array(item), z.strictObject({ add: z.array(item).min(1) })]);
}

/** What one file may say. */
export const scenarioFileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    wayfareScenario: head.wayfareScenario,
    name: head.name,
    title: head.title,
    description: head.description.optional(),
    extends: z
      .string()
      .min(1)
      .meta({
        description: 'A shipped scenario, or a file beside this one, whose figures hold here too.',
      })
      .optional(),
    period: period.optional(),
    corridors: corridors.partial().optional(),
    visitors: visitors.partial().optional(),
    spending: spending.partial().optional(),
    wallets: wallets
      .extend({ joining: listOf(joiningWallet), leaving: listOf(leavingWallet) })
      .partial()
      .optional(),
    acceptance: acceptance.partial().optional(),
    conduct: conduct.partial().optional(),
    fx: fx.partial().optional(),
    fees: fees.partial().optional(),
    settlement: settlement.partial().optional(),
    costs: costs.partial().optional(),
    shocks: listOf(shock).optional(),
    run: run.partial().optional(),
  })
  .meta({ title: 'Wayfare scenario', description: 'A scenario of cross-border wallet payments.' });

/** A scenario in which every key is there: a chain of files put together. */
export const wholeScenarioSchema = z.strictObject({
  ...head,
  period,
  corridors,
  visitors,
  spending,
  wallets,
  acceptance,
  conduct,
  fx,
  fees,
  settlement,
  costs,
  shocks: z.array(shock),
  run,
});
