import { z } from 'zod';

/**
 * What a simulation answers, as JSON gives it: `sim run --json`, `run.json` and the API of queued
 * runs. Amounts called `…Minor` are minor units of the currency named beside them, `…Usd` major
 * units of US dollars at each clearing day's mid; docs/metrics.md defines every figure.
 */
const figure = z.number();
const share = z.number();
const minor = z.number().describe('Minor units');
const usd = z.number().describe('US dollars at the day’s mid');
const count = z.number().min(0);
const currency = z.string().regex(/^[A-Z]{3}$/, 'is not a currency code');
const market = z.string();
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is not a day');

const paid = {
  payments: count,
  currency: currency.describe('Shop’s currency'),
  paymentMinor: minor,
  usd,
};

const revenue = { walletUsd: usd, hubUsd: usd, acquirerUsd: usd };

const corridor = z.object({
  corridor: z.string(),
  origin: market,
  destination: market,
  ...paid,
  ...revenue,
  visitors: count,
  spendMinor: minor,
  spendingSharePercent: share,
  intended: count,
  intendedMinor: minor,
  gapMinor: minor,
  gapPercent: share,
  successPercent: share,
  merchantCostBps: figure,
  payerCostBps: figure,
  allInCostBps: figure,
  outcomes: z.array(count),
  outcomeMinor: z.array(minor),
});

const exposure = z.object({
  capMinor: minor,
  prefundMinor: minor,
  peakMinor: minor,
  peakAt: z.string().nullable(),
  meanMinor: minor,
  peakPercent: share,
  hoursBeyondPrefund: count,
  hoursBeyondCap: count,
  hoursLow: count,
  hoursCritical: count,
  openMinor: minor,
});

const wallet = z.object({
  wallet: z.string(),
  name: z.string(),
  origin: market,
  currency,
  payments: count,
  payToMinor: minor,
  interchangeMinor: minor,
  schemeFeeMinor: minor,
  owesMinor: minor,
  usd,
  revenueUsd: usd,
  exposure,
});

const acquirer = z.object({
  acquirer: z.string(),
  name: z.string(),
  destination: market,
  currency,
  payments: count,
  settlementMinor: minor,
  interchangeMinor: minor,
  schemeFeeMinor: minor,
  receivesMinor: minor,
  usd,
  revenueUsd: usd,
});

const fx = z.object({
  marginUsd: usd,
  positionResultUsd: usd,
  refundResultUsd: usd,
  coverCostUsd: usd,
  netUsd: usd,
  coveredUsd: usd,
  largestOpenUsd: usd,
  largestOpenAt: day.nullable(),
  rateLock: z.object({ lockMs: count, driftUsd: usd, optionUsd: usd, optionBps: figure }),
  currencies: z.array(
    z.object({ currency, inMinor: minor, outMinor: minor, coveredUsd: usd, coverCostUsd: usd }),
  ),
});

const currencySettlement = z.object({
  currency,
  legs: count,
  grossMinor: minor,
  bilateralMinor: minor,
  multilateralMinor: minor,
  bilateralTransfers: count,
  multilateralTransfers: count,
  nettingPercent: share,
  hubInMinor: minor,
  hubOutMinor: minor,
  hubOffsetPercent: share,
  liquidityLowerMinor: minor,
  liquidityUsedMinor: minor,
  liquidityUpperMinor: minor,
  liquidityPeakMinor: minor,
  liquidityPeakOn: day.nullable(),
  hubLiquidityMinor: minor,
  turnoverRatio: figure,
});

const settlement = z.object({
  cyclesPerDay: z.int().min(1).max(24),
  netting: z.enum(['gross', 'bilateral', 'multilateral']),
  currencies: z.array(currencySettlement),
  participants: z.array(
    z.object({
      participant: z.string(),
      role: z.enum(['wallet', 'acquirer', 'lossShare']),
      currency,
      paysMinor: minor,
      receivesMinor: minor,
      cycles: count,
      peakDueMinor: minor,
      peakDueOn: day.nullable(),
      meanHours: figure,
      openMinor: minor,
    }),
  ),
  obligations: z.object({
    due: count,
    carried: count,
    held: count,
    heldBecause: z.array(z.string()),
  }),
});

const target = {
  value: figure,
  target: figure,
  unit: z.literal('percent'),
  met: z.boolean(),
  what: z.string(),
};

export const simulationAnswers = z
  .object({
    headlines: z.record(z.string(), figure).describe('By id; see `headlines` of the run'),
    rates: z.object({ currency: z.literal('USD'), basis: z.string(), from: day, to: day }),
    destinations: z.array(z.object({ destination: market, ...paid })),
    corridors: z.array(corridor),
    wallets: z.array(wallet),
    acquirers: z.array(acquirer),
    categories: z.array(
      z.object({
        destination: market,
        category: z.string(),
        mcc: z.string(),
        spend: z.string(),
        ...paid,
      }),
    ),
    areas: z.array(z.object({ destination: market, area: z.string(), name: z.string(), ...paid })),
    days: z.array(z.object({ day, destination: market, ...paid })),
    months: z.array(z.object({ month: z.string(), payments: count, usd })),
    funnel: z.array(
      z.object({
        outcome: z.string(),
        count,
        countBps: z.int().describe('Hundredths of a percent; all steps add up to 10,000'),
        usd,
        usdBps: z.int(),
      }),
    ),
    revenue: z.object({
      wallets: z.object({ interchange: usd, schemeFees: usd, total: usd }),
      hub: z.object({
        schemeFeesOfAcquirers: usd,
        schemeFeesOfWallets: usd,
        fxMargin: usd,
        fxMarginReturned: usd,
        total: usd,
        afterCovers: usd,
      }),
      acquirers: z.object({ mdr: usd, interchange: usd, schemeFees: usd, total: usd }),
      refunded: usd,
    }),
    costs: z.object({
      merchant: z.object({ walletBps: figure, cardBps: figure, savedUsd: usd }),
      payer: z.object({
        walletBps: figure,
        cardBps: figure,
        cashBps: figure,
        savedAgainstCardUsd: usd,
        savedAgainstCashUsd: usd,
      }),
    }),
    fx,
    settlement,
    latency: z.object({
      basis: z.enum(['analytic', 'events']),
      p50Ms: figure,
      p95Ms: figure,
      p99Ms: figure,
      allP50Ms: figure,
      allP95Ms: figure,
      allP99Ms: figure,
      timedOutPercent: share,
      givesUpAfterMs: count,
    }),
    targets: z.object({
      averageCost: z.object(target),
      dearestCorridor: z.object({ ...target, corridor: z.string().nullable() }),
      speed: z.object(target),
      confirmedWithinHourPercent: share,
      remark: z.string(),
    }),
    defaults: z.array(
      z.object({
        participant: z.string(),
        on: day,
        currency,
        lossMinor: minor,
        lossUsd: usd,
        prefundMinor: minor,
        receivablesMinor: minor,
        hubStillOwesMinor: minor,
        hubCapitalMinor: minor,
        survivors: z.array(z.object({ participant: z.string(), minor })),
        residualMinor: minor,
      }),
    ),
  })
  .meta({ title: 'SimulationAnswers' });
