/** Units of headlines; `usd` is major units, `percent` of 100, `bps` basis points. */
export type HeadlineUnit =
  'count' | 'usd' | 'percent' | 'bps' | 'ratio' | 'hours' | 'ms' | 'number';

export interface HeadlineDefinition {
  readonly id: string;
  readonly title: string;
  readonly unit: HeadlineUnit;
  /** Which way is better, and for whom the network works: `neither` where that is a matter of view. */
  readonly better: 'more' | 'less' | 'neither';
  /**
   * Half-width at which a figure near zero is sure enough, in its own unit; 0 where only the
   * relative error counts. With `toleranceOf`, that many basis points of another headline.
   */
  readonly tolerance: number;
  readonly toleranceOf?: 'valueUsd';
  /** What it says, in one sentence; formulas are in docs/metrics.md. */
  readonly what: string;
}

/**
 * The figures that a run is summed up in, each a single number, so that replications, sweeps and
 * comparisons can carry them in columns. Money is US dollars at each clearing day's mids, because
 * a sum over corridors has no other currency; the tables keep every currency's own minor units.
 */
export const HEADLINES = [
  {
    id: 'payments',
    title: 'Payments',
    unit: 'count',
    better: 'more',
    tolerance: 1,
    what: 'Purchases paid with a wallet of the network.',
  },
  {
    id: 'valueUsd',
    title: 'Value',
    unit: 'usd',
    better: 'more',
    tolerance: 1,
    what: 'What these purchases came to.',
  },
  {
    id: 'averageTicketUsd',
    title: 'Average ticket',
    unit: 'usd',
    better: 'neither',
    tolerance: 0.01,
    what: 'Value by payments.',
  },
  {
    id: 'spendingSharePercent',
    title: 'Share of visitor spending',
    unit: 'percent',
    better: 'more',
    tolerance: 0.01,
    what: 'Value paid of all that these visitors spend at the destination.',
  },
  {
    id: 'acceptanceGapUsd',
    title: 'Acceptance gap',
    unit: 'usd',
    better: 'less',
    tolerance: 1,
    toleranceOf: 'valueUsd',
    what: 'Purchases meant for a wallet where the shop takes none or is not linked to it.',
  },
  {
    id: 'acceptanceGapPercent',
    title: 'Acceptance gap, of intended value',
    unit: 'percent',
    better: 'less',
    tolerance: 0.01,
    what: 'The acceptance gap of all that was meant to be paid with a wallet.',
  },
  {
    id: 'successPercent',
    title: 'Success rate',
    unit: 'percent',
    better: 'more',
    tolerance: 0.01,
    what: 'Paid of all purchases at shops that take the wallet.',
  },
  {
    id: 'walletRevenueUsd',
    title: 'Revenue of wallets',
    unit: 'usd',
    better: 'more',
    tolerance: 0.1,
    toleranceOf: 'valueUsd',
    what: 'Interchange credited, less scheme fees; net of refunds.',
  },
  {
    id: 'hubRevenueUsd',
    title: 'Revenue of the hub',
    unit: 'usd',
    better: 'more',
    tolerance: 0.1,
    toleranceOf: 'valueUsd',
    what: 'Scheme fees of both sides and the FX margin, net of refunds; before the result of positions and covers.',
  },
  {
    id: 'acquirerRevenueUsd',
    title: 'Revenue of acquirers',
    unit: 'usd',
    better: 'more',
    tolerance: 0.1,
    toleranceOf: 'valueUsd',
    what: 'What merchants pay, less interchange and scheme fees; net of refunds.',
  },
  {
    id: 'merchantCostBps',
    title: 'Merchant’s cost',
    unit: 'bps',
    better: 'less',
    tolerance: 0.1,
    what: 'What merchants pay their acquirers, of value.',
  },
  {
    id: 'payerCostBps',
    title: 'Payer’s cost',
    unit: 'bps',
    better: 'less',
    tolerance: 0.1,
    what: 'What payers pay over mid, of value.',
  },
  {
    id: 'allInCostBps',
    title: 'All-in cost',
    unit: 'bps',
    better: 'less',
    tolerance: 0.1,
    what: 'Merchant’s and payer’s cost together.',
  },
  {
    id: 'savedAgainstCardsUsd',
    title: 'Saved against cards',
    unit: 'usd',
    better: 'more',
    tolerance: 0.1,
    toleranceOf: 'valueUsd',
    what: 'What merchants and payers would have paid more with foreign cards.',
  },
  {
    id: 'savedAgainstCashUsd',
    title: 'Saved against cash exchange',
    unit: 'usd',
    better: 'more',
    tolerance: 0.1,
    toleranceOf: 'valueUsd',
    what: 'What payers would have paid more at an exchange counter.',
  },
  {
    id: 'fxMarginUsd',
    title: 'FX margin',
    unit: 'usd',
    better: 'more',
    tolerance: 0.1,
    toleranceOf: 'valueUsd',
    what: 'Mark-up over mid on payers’ amounts, less what of it goes back with interchange and refunds.',
  },
  {
    id: 'fxResultUsd',
    title: 'FX result of positions',
    unit: 'usd',
    better: 'more',
    tolerance: 1,
    toleranceOf: 'valueUsd',
    what: 'Gain or loss by rates moving between payment and cover, refunds at old rates included.',
  },
  {
    id: 'coverCostUsd',
    title: 'Cost of covers',
    unit: 'usd',
    better: 'less',
    tolerance: 0.1,
    toleranceOf: 'valueUsd',
    what: 'Spread paid to providers on what is open at each cut-off.',
  },
  {
    id: 'rateLockCostUsd',
    title: 'Worth of the rate lock',
    unit: 'usd',
    better: 'less',
    tolerance: 0.1,
    toleranceOf: 'valueUsd',
    what: 'What the free option in a locked quote is worth at the rates’ own volatility: the most that choosing one’s moment can cost.',
  },
  {
    id: 'nettingPercent',
    title: 'Netting ratio',
    unit: 'percent',
    better: 'more',
    tolerance: 0.05,
    what: 'Of gross value, what the design’s netting need not move; participants’ side.',
  },
  {
    id: 'hubOffsetPercent',
    title: 'Offset in the hub',
    unit: 'percent',
    better: 'more',
    tolerance: 0.05,
    what: 'Of all the hub takes in and pays out of a currency in a cycle, what cancels before covers.',
  },
  {
    id: 'liquidityUsd',
    title: 'Liquidity used',
    unit: 'usd',
    better: 'less',
    tolerance: 1,
    what: 'Mean over days of the deepest net debits of participants and hub under the design.',
  },
  {
    id: 'liquidityLowerUsd',
    title: 'Liquidity, lower bound',
    unit: 'usd',
    better: 'less',
    tolerance: 1,
    what: 'The same with one multilateral net a day.',
  },
  {
    id: 'liquidityUpperUsd',
    title: 'Liquidity, upper bound',
    unit: 'usd',
    better: 'less',
    tolerance: 1,
    what: 'The same with every payment settled at once.',
  },
  {
    id: 'hubFundingPeakUsd',
    title: 'Hub’s largest pay-out',
    unit: 'usd',
    better: 'less',
    tolerance: 1,
    toleranceOf: 'valueUsd',
    what: 'The most that the hub has to pay acquirers on one value date.',
  },
  {
    id: 'turnoverRatio',
    title: 'Turnover ratio',
    unit: 'ratio',
    better: 'more',
    tolerance: 0.005,
    what: 'Value settled by liquidity used.',
  },
  {
    id: 'delayIndicator',
    title: 'Delay indicator',
    unit: 'ratio',
    better: 'less',
    tolerance: 0.002,
    what: 'Time from payment to confirmed settlement, of the time to the end of the value date; by value.',
  },
  {
    id: 'hoursToFunds',
    title: 'Hours to funds',
    unit: 'hours',
    better: 'less',
    tolerance: 0.2,
    what: 'From payment to the acquirer’s money, mean by value.',
  },
  {
    id: 'prefundBreachHours',
    title: 'Hours beyond prefund',
    unit: 'hours',
    better: 'less',
    tolerance: 24,
    what: 'Wallet-hours in which a wallet with a prefund owes more than that.',
  },
  {
    id: 'capBreachHours',
    title: 'Hours beyond cap',
    unit: 'hours',
    better: 'less',
    tolerance: 24,
    what: 'Wallet-hours in which exposure is above the net debit cap; none where caps stop payments.',
  },
  {
    id: 'capDeclinedUsd',
    title: 'Declined for the cap',
    unit: 'usd',
    better: 'less',
    tolerance: 1,
    toleranceOf: 'valueUsd',
    what: 'Purchases refused because the wallet’s cap left no room.',
  },
  {
    id: 'peakCapUsePercent',
    title: 'Peak use of a cap',
    unit: 'percent',
    better: 'less',
    tolerance: 0.5,
    what: 'The highest exposure of any wallet against cap and prefund.',
  },
  {
    id: 'answerP95Ms',
    title: 'Answer time, p95',
    unit: 'ms',
    better: 'less',
    tolerance: 10,
    what: 'Nineteen in twenty wallets’ answers come sooner.',
  },
  {
    id: 'dearCorridors',
    title: 'Corridors above 3 %',
    unit: 'number',
    better: 'less',
    tolerance: 0.5,
    what: 'Corridors whose all-in cost is above the G20 ceiling of 3 %.',
  },
  {
    id: 'fundsWithinHourPercent',
    title: 'Funds within an hour',
    unit: 'percent',
    better: 'more',
    tolerance: 0.5,
    what: 'Of payments, those whose money reaches the acquirer within one hour (G20: 75 %).',
  },
  {
    id: 'defaultLossUsd',
    title: 'Unpaid by defaulters',
    unit: 'usd',
    better: 'less',
    tolerance: 1,
    toleranceOf: 'valueUsd',
    what: 'What defaulting participants leave unpaid, before any layer covers it.',
  },
] as const satisfies readonly HeadlineDefinition[];

export type HeadlineId = (typeof HEADLINES)[number]['id'];
export type Headlines = Readonly<Record<HeadlineId, number>>;

export const HEADLINE_IDS: readonly HeadlineId[] = HEADLINES.map(({ id }) => id);

const BY_ID: ReadonlyMap<string, HeadlineDefinition> = new Map(
  HEADLINES.map((headline) => [headline.id, headline]),
);

/** The definition of a headline; undefined for a name that is none. */
export function headlineOf(id: string): HeadlineDefinition | undefined {
  return BY_ID.get(id);
}

/**
 * The absolute half-width at which a headline is sure enough, in its own unit, given what the run
 * came to: a figure near zero is measured by the value it stands beside.
 */
export function absoluteTolerance(
  id: HeadlineId,
  { valueUsd }: Pick<Headlines, 'valueUsd'>,
): number {
  const definition = headlineOf(id);
  if (definition === undefined) return 0;
  const { tolerance, toleranceOf } = definition;
  return toleranceOf === undefined ? tolerance : (tolerance * Math.abs(valueUsd)) / 10_000;
}
