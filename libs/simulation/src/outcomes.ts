/**
 * What can become of a purchase that a traveller would like to pay with a wallet, in the order in
 * which it is decided. Every purchase ends in exactly one, so that the funnel sums to 100 %.
 */
export const OUTCOMES = [
  'paid',
  /** The shop takes no wallet of this network. */
  'notAccepted',
  /** The shop's acquirer and this wallet are not linked. */
  'noRoute',
  /** The wallet, the acquirer or the place is out of service. */
  'outage',
  /** The payer gave up before the code was scanned or the payment confirmed. */
  'abandoned',
  /** Below the corridor's smallest payment or above its largest. */
  'outsideCorridorLimits',
  /** Above the wallet's limit of one payment or of the payer's day. */
  'abovePayerLimit',
  /** The wallet's net debit cap leaves no room until more is settled. */
  'capExceeded',
  'insufficientFunds',
  'riskRefused',
  /** No answer in time; the hub cancelled it. */
  'timedOut',
] as const;

export type SimulatedOutcome = (typeof OUTCOMES)[number];

/** Index of an outcome in `OUTCOMES`, as columns hold it. */
export const OUTCOME = Object.fromEntries(OUTCOMES.map((name, index) => [name, index])) as Readonly<
  Record<SimulatedOutcome, number>
>;
