import type { Figure } from '#simulation/scenario';

/** What a reader calls the things a scenario names by code. */
export interface Namer {
  readonly market: (code: string) => string;
  readonly wallet: (id: string) => string;
  readonly acquirer: (id: string) => string;
  readonly area: (id: string) => string;
  readonly category: (id: string) => string;
}

type Sentence = (amount: string, key: string, name: Namer) => string;

interface Told {
  readonly group: Group;
  /** Said after the number, e.g. ` %`. */
  readonly unit: string;
  readonly sentence: Sentence;
}

export const GROUPS = [
  'Who travels',
  'What they spend',
  'Wallets',
  'Where wallets are taken',
  'How payments go',
  'Rates',
  'Fees',
  'Settlement',
  'What else it would cost',
  'Shocks',
  'Run',
] as const;
export type Group = (typeof GROUPS)[number];

const SPEND: Readonly<Record<string, string>> = {
  lodging: 'lodging',
  food_drink: 'food and drink',
  transport: 'transport',
  entertainment: 'entertainment',
  shopping: 'shopping',
  other: 'other things',
};

/** By path, `*` for a key or place; in the order in which a reader hears them. */
const TOLD: Readonly<Record<string, Told>> = {
  'visitors.growthPercentPerYear': told(
    'Who travels',
    ' % a year',
    (x) => `Arrivals grow by ${x}.`,
  ),
  'visitors.growthPercentPerYearByOrigin.*': told(
    'Who travels',
    ' % a year',
    (x, key, name) => `Arrivals from ${name.market(key)} grow by ${x}.`,
  ),
  'visitors.scalePercent': told(
    'Who travels',
    ' %',
    (x) => `Of the arrivals so worked out, ${x} come.`,
  ),
  'spending.growthPercentPerYear': told(
    'What they spend',
    ' % a year',
    (x) => `Spending of a visitor grows by ${x}.`,
  ),
  'spending.scalePercent': told(
    'What they spend',
    ' %',
    (x) => `Of the spending so worked out, ${x} is spent.`,
  ),
  'spending.onSitePercent.*': told(
    'What they spend',
    ' %',
    (x, key) => `Of ${SPEND[key] ?? key}, ${x} is paid at a counter during the stay.`,
  ),
  'spending.ticketPercentByOrigin.*': told(
    'What they spend',
    ' %',
    (x, key, name) => `Amounts of travellers from ${name.market(key)} are ${x} of the usual ones.`,
  ),
  'wallets.wishPercentByOrigin.*': told(
    'Wallets',
    ' %',
    (x, key, name) =>
      `Travellers from ${name.market(key)} would like to pay ${x} of on-site spending with wallets of the network.`,
  ),
  'wallets.weights.*': told(
    'Wallets',
    '',
    (x, key, name) => `${name.wallet(key)} weighs ${x} among the wallets of its origin.`,
  ),
  'wallets.joining.*.wishPercent': told(
    'Wallets',
    ' %',
    (x, key) =>
      `Users of ${key} would like to pay ${x} of their origin’s on-site spending with it.`,
  ),
  'wallets.joining.*.cannibalisationPercent': told(
    'Wallets',
    ' %',
    (x, key) =>
      `Of what is paid with ${key}, ${x} would have gone to other wallets of the network.`,
  ),
  'wallets.adoptionGrowthPercentPerYear': told(
    'Wallets',
    ' % a year',
    (x) => `The wish to pay by wallet grows by ${x}.`,
  ),
  'acceptance.merchants.*': told(
    'Where wallets are taken',
    ' merchants',
    (x, key, name) => `${name.market(key)} has ${x} that take them.`,
  ),
  'acceptance.growthPercentPerYear': told(
    'Where wallets are taken',
    ' % a year',
    (x) => `Merchants that take them grow by ${x}.`,
  ),
  'acceptance.percentByCategory.*': told(
    'Where wallets are taken',
    ' %',
    (x, key, name) => `${name.category(key)}: ${x} of purchases happen where they are taken.`,
  ),
  'acceptance.scalePercent': told(
    'Where wallets are taken',
    ' %',
    (x) => `Acceptance is ${x} of that by category.`,
  ),
  'acceptance.elasticityToMerchants': told(
    'Where wallets are taken',
    ' %',
    (x) => `One percent more merchants means ${x} more purchases accepted.`,
  ),
  'conduct.abandonedPercent': told(
    'How payments go',
    ' %',
    (x) => `Of payments begun, ${x} are given up by the payer.`,
  ),
  'conduct.insufficientFundsPercent': told(
    'How payments go',
    ' %',
    (x) => `Of the rest, ${x} fail for lack of funds.`,
  ),
  'conduct.riskRefusedPercent': told(
    'How payments go',
    ' %',
    (x) => `Of the rest, ${x} are refused as risky.`,
  ),
  'conduct.timedOutPercent': told(
    'How payments go',
    ' %',
    (x) => `Of the rest, ${x} get no answer in time.`,
  ),
  'conduct.answerMedianMs': told(
    'How payments go',
    ' ms',
    (x) => `Half of the answers take less than ${x}.`,
  ),
  'conduct.answerSigma': told(
    'How payments go',
    '',
    (x) => `Answer times are log-normal with a spread of ${x}.`,
  ),
  'conduct.refundedPercent': told(
    'How payments go',
    ' %',
    (x) => `Of payments made, ${x} are refunded in full.`,
  ),
  'conduct.refundAfterDays': told(
    'How payments go',
    ' days',
    (x) => `A refund comes after ${x} on average.`,
  ),
  'fx.markupBps': told('Rates', ' basis points', (x) => `The payer’s rate is ${x} above mid.`),
  'fx.rateLockMinutes': told('Rates', ' minutes', (x) => `A quote is locked for ${x}.`),
  'fx.visitorElasticity': told(
    'Rates',
    ' %',
    (x) => `In a rate shock, a currency 1 % cheaper brings ${x} more visitors.`,
  ),
  'fx.spendElasticity': told(
    'Rates',
    ' %',
    (x) => `In a rate shock, a currency 1 % cheaper makes each spend ${x} more of it.`,
  ),
  'fees.mdrBps': told('Fees', ' basis points', (x) => `Merchants pay their acquirer ${x}.`),
  'fees.interchangeBps': told('Fees', ' basis points', (x) => `Acquirers pay the wallet ${x}.`),
  'fees.schemeFeeAcquirerBps': told('Fees', ' basis points', (x) => `Acquirers pay the hub ${x}.`),
  'fees.schemeFeeWalletBps': told('Fees', ' basis points', (x) => `Wallets pay the hub ${x}.`),
  'settlement.capDays': told(
    'Settlement',
    ' days',
    (x) => `A wallet may owe ${x} of its mean flow.`,
  ),
  'settlement.prefundDays': told(
    'Settlement',
    ' days',
    (x) => `A wallet pays in ${x} of its mean flow beforehand.`,
  ),
  'settlement.coverSpreadBps': told(
    'Settlement',
    ' basis points',
    (x) => `Cover trades cost the hub ${x} around mid.`,
  ),
  'costs.cardMerchantBps': told(
    'What else it would cost',
    ' basis points',
    (x) => `A card would cost the merchant ${x}.`,
  ),
  'costs.cardPayerFxBps': told(
    'What else it would cost',
    ' basis points',
    (x) => `A card abroad would cost the payer ${x}.`,
  ),
  'costs.cashExchangeBps': told(
    'What else it would cost',
    ' basis points',
    (x) => `Changing cash would cost the payer ${x}.`,
  ),
};

function told(group: Group, unit: string, sentence: Sentence): Told {
  return { group, unit, sentence };
}

/** A minus sign and separators, as in print. */
export function numberText(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 }).replace('-', '−');
}

/** `8 % a year (−4 to 16)`. */
export function amountText(
  { value, range }: Pick<Figure, 'value' | 'range'>,
  unit: string,
): string {
  const between =
    range === undefined ? '' : ` (${numberText(range.low)} to ${numberText(range.high)})`;
  return `${numberText(value)}${unit}${between}`;
}

/** The sentence of a figure outside shocks, or undefined where none is known for its path. */
export function sentenceOf(
  path: string,
  figure: Figure,
  name: Namer,
  key: string,
): { readonly group: Group; readonly sentence: string } | undefined {
  const keys = path.split('.');
  const pattern = keys
    .map((word, i) => (i >= 2 && TOLD[path] === undefined ? '*' : word))
    .join('.');
  const found = TOLD[path] ?? TOLD[pattern] ?? TOLD[joiningPattern(keys)];
  if (found === undefined) return undefined;
  return {
    group: found.group,
    sentence: found.sentence(amountText(figure, found.unit), key, name),
  };
}

function joiningPattern(keys: readonly string[]): string {
  return keys.map((word, i) => (i === 2 ? '*' : word)).join('.');
}

/** Patterns that have a sentence, for the test that none is missing. */
export const TOLD_PATTERNS = Object.keys(TOLD);
