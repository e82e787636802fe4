import type { CalendarSet, SettlementCalendar } from '#domain/calendars/settlement-calendar';
import type { SettlementTerms } from '#domain/calendars/settlement-terms';
import type { CurrencyCode } from '#domain/currency';
import type { MidRate, Ratio } from '#domain/fx';
import { pathFor, rateBook } from '#domain/rates/rate-book';
import { dayNumber } from '#domain/rates/calendar-day';
import { parseRatio } from '#domain/rates/ratio';
import type {
  Category,
  Destination,
  Flow,
  MerchantTable,
  Ticket,
  WalletEpoch,
  World,
  WorldAcquirer,
  WorldWallet,
} from '#simulation/world';
import { caseAcquirer, caseCorridor, caseWallet } from './network-cases.js';

/**
 * A world that fits in one's head, for tests of everything that plays or reads worlds: Thais and
 * Koreans in Japan for a fortnight, three wallets, two acquirers (one settled in dollars), and one
 * pair that is not linked. Built from literals, so that no test rests on the compiler of worlds.
 */
export function smallWorld(overrides: Partial<World> = {}): World {
  const firstDay = overrides.firstDay ?? dayNumber('2025-03-03') ?? 0;
  const days = overrides.days ?? 14;
  return {
    name: 'small',
    firstDay,
    days,
    currencies: CURRENCIES,
    origins: ['TH', 'KR'],
    destinations: DESTINATIONS,
    areas: [
      { id: 'JP-13', name: 'Tokyo', destination: 0 },
      { id: 'JP-26', name: 'Kyoto', destination: 0 },
      { id: 'JP-01', name: 'Hokkaido', destination: 0 },
    ],
    categories: CATEGORIES,
    wallets: smallWallets(firstDay, days),
    acquirers: ACQUIRERS,
    merchants: smallMerchants(),
    flows: [smallFlow(0, firstDay, days), smallFlow(1, firstDay, days)],
    fx: { mids: fixedMids(days), markupBps: [50, 30], lockMs: 600_000 },
    outages: [],
    conduct: {
      abandoned: 0.02,
      insufficientFunds: 0.015,
      riskRefused: 0.004,
      timedOut: 0.003,
      answerMedianMs: 800,
      answerSigma: 0.6,
      refunded: 0.01,
      refundAfterDays: 4,
    },
    settlement: {
      cyclesPerDay: 1,
      netting: 'multilateral',
      terms: CURRENCIES.map(termsOf),
      calendars: weekendCalendars(),
      confirmedAtHour: 15,
      capsHold: false,
      capMinor: Float64Array.from([75e9, 20e9, 40e9]),
      prefundMinor: new Float64Array(3),
      coverSpreadBps: 5,
    },
    costs: { cardMerchantBps: 325, cardPayerFxBps: 250, cashExchangeBps: 300 },
    ...overrides,
  };
}

const CURRENCIES: readonly CurrencyCode[] = ['JPY', 'THB', 'KRW', 'USD'];

const DESTINATIONS: readonly Destination[] = [
  { market: 'JP', name: 'Japan', currency: 0, utcOffsetMinutes: 540, priceStepMinor: 10 },
];

const CATEGORIES: readonly Category[] = [
  { id: 'restaurant', mcc: '5812', spend: 'food_drink' },
  { id: 'convenience_store', mcc: '5499', spend: 'food_drink' },
  { id: 'department_store', mcc: '5311', spend: 'shopping' },
  { id: 'hotel', mcc: '7011', spend: 'lodging' },
];

const ACQUIRERS: readonly WorldAcquirer[] = [
  { acquirer: caseAcquirer(), destination: 0, currency: 0 },
  {
    acquirer: caseAcquirer({
      id: 'acq_yodo',
      name: 'Yodo Merchant Services',
      settlementCurrency: 'USD',
      orderCodePrefix: '281703040003',
      refundCap: { currency: 'USD', minor: 100_000_000n },
    }),
    destination: 0,
    currency: 3,
  },
];

function smallWallets(firstDay: number, days: number): readonly WorldWallet[] {
  const always = { fromDay: firstDay, untilDay: firstDay + days };
  const korean = caseWallet({
    id: 'kakaopay',
    name: 'Kakao Pay',
    homeMarket: 'KR',
    currency: 'KRW',
    perPaymentLimit: { currency: 'KRW', minor: 2_000_000n },
    perDayLimit: { currency: 'KRW', minor: 5_000_000n },
    codeIssuer: '259013',
  });
  const bank = caseWallet({
    id: 'kplus',
    name: 'K PLUS',
    kind: 'bankApp',
    perPaymentLimit: { currency: 'THB', minor: 5_000_000n },
    codeIssuer: '259002',
  });
  return [
    { wallet: caseWallet(), origin: 0, currency: 1, ...always },
    { wallet: bank, origin: 0, currency: 1, ...always },
    { wallet: korean, origin: 1, currency: 2, ...always },
  ];
}

/** 360 merchants: 60, 30, 20, 10 of the four categories in Tokyo, as many again in the others. */
function smallMerchants(): MerchantTable {
  const perCell = [60, 30, 20, 10];
  const cells = [...perCell, ...perCell, ...perCell];
  const cellStart = new Uint32Array(cells.length + 1);
  for (const [cell, size] of cells.entries()) cellStart[cell + 1] = (cellStart[cell] ?? 0) + size;
  const count = cellStart[cells.length] ?? 0;
  // Every third merchant with the second acquirer.
  const acquirerOf = Uint8Array.from({ length: count }, (_, merchant) =>
    merchant % 3 === 2 ? 1 : 0,
  );
  // Squares: a quarter of a cell's merchants get half of its visits.
  const popularity = Float64Array.from({ length: 257 }, (_, i) => (i / 256) * (i / 256));
  // K PLUS and the second acquirer are not linked.
  return { count, cellStart, acquirerOf, popularity, links: Uint8Array.of(1, 1, 1, 0, 1, 1) };
}

const HOURS: readonly (readonly number[])[] = [
  [0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 4, 9, 12, 8, 4, 3, 4, 8, 13, 12, 8, 4, 1, 0],
  [2, 1, 1, 1, 1, 1, 2, 5, 6, 5, 4, 4, 5, 5, 4, 4, 5, 5, 5, 6, 7, 7, 6, 4],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 8, 9, 8, 8, 9, 10, 10, 9, 8, 6, 2, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 1, 4, 8, 10, 12, 6, 2, 2, 5, 9, 8, 6, 4, 3, 2, 1, 0, 0],
];

const TICKETS: readonly Ticket[] = [
  { medianMinor: 2_800, sigma: 0.75, minMinor: 100, maxMinor: 100_000, stepMinor: 10 },
  { medianMinor: 750, sigma: 0.55, minMinor: 100, maxMinor: 20_000, stepMinor: 1 },
  { medianMinor: 9_000, sigma: 1, minMinor: 300, maxMinor: 900_000, stepMinor: 10 },
  { medianMinor: 16_000, sigma: 0.7, minMinor: 3_000, maxMinor: 300_000, stepMinor: 100 },
];

/** Thais (0) hold out two wallets, Koreans (1) one; K PLUS is weighed less from the second week. */
function smallFlow(origin: number, firstDay: number, days: number): Flow {
  const home = origin === 0 ? 'TH' : 'KR';
  const size = origin === 0 ? 400 : 900;
  const dayKinds = Uint8Array.from({ length: days }, (_, day) =>
    // 1970-01-01 was a Thursday: remainders 2 and 3 are Saturday and Sunday.
    [2, 3].includes((firstDay + day) % 7) ? 1 : 0,
  );
  const shareOfHour = [0.46, 0.34, 0.14, 0.06];
  const hourWeights = [0, 1].map((kind) =>
    Float64Array.from({ length: CATEGORIES.length * 24 }, (_, slot) => {
      const [category, hour] = [Math.floor(slot / 24), slot % 24];
      const later = kind === 1 && hour >= 18 ? 1.2 : 1;
      return (shareOfHour[category] ?? 0) * (HOURS[category]?.[hour] ?? 0) * later;
    }),
  );
  const epochs: WalletEpoch[] =
    origin === 0
      ? [
          { fromDay: firstDay, weights: Float64Array.of(27, 23, 0) },
          { fromDay: firstDay + 7, weights: Float64Array.of(27, 12, 0) },
        ]
      : [{ fromDay: firstDay, weights: Float64Array.of(0, 0, 1) }];
  return {
    origin,
    destination: 0,
    corridor: caseCorridor({ homeMarket: home, calendars: [home === 'TH' ? 'THB' : 'KRW', 'JPY'] }),
    mdrBps: 180,
    intended: Float64Array.from(
      { length: days },
      (_, day) => size * (1 + 0.25 * (dayKinds[day] ?? 0)),
    ),
    visitors: new Float64Array(days).fill(size / 4),
    spendMinor: new Float64Array(days).fill(size * 40_000),
    walletEpochs: epochs,
    areaWeights: Array.from({ length: 12 }, () => Float64Array.of(0.6, 0.3, 0.1)),
    hourWeights: [hourWeights[0] ?? new Float64Array(), hourWeights[1] ?? new Float64Array()],
    dayKinds,
    acceptance: Float64Array.of(0.7, 0.95, 0.9, 0.4),
    tickets: TICKETS,
  };
}

/** One euro in each currency, the same every day. */
const PER_EURO: readonly (readonly [CurrencyCode, string])[] = [
  ['JPY', '161.52'],
  ['THB', '36.415'],
  ['KRW', '1564.27'],
  ['USD', '1.0824'],
];

function fixedMids(days: number): readonly (readonly (Ratio | undefined)[])[] {
  const book = rateBook(
    PER_EURO.map(([counter, text]): MidRate => {
      const ratio = parseRatio(text);
      if (ratio === undefined) throw new Error(`not a rate: ${text}`);
      const [source, quality] = ['test', 'measured'] as const;
      return { base: 'EUR', counter, ratio, asOf: '2025-03-03', source, quality };
    }),
  );
  const table = CURRENCIES.flatMap((from) =>
    CURRENCIES.map((to): Ratio => {
      const path = pathFor(book, from, to);
      if (!path.ok) throw new Error(path.rejection.detail);
      return path.value.ratio;
    }),
  );
  return Array.from({ length: days }, () => table);
}

function termsOf(currency: CurrencyCode): SettlementTerms {
  return {
    participantId: null,
    currency,
    lag: 2,
    minimumMinor: 0n,
    quality: 'rule',
    source: 'test',
  };
}

/** Saturdays and Sundays are closed, nothing else is; years enough for any test. */
function weekendCalendars(): CalendarSet {
  const years = new Map(
    Array.from({ length: 12 }, (_, i) => {
      const year = 2018 + i;
      return [year, { year, basis: 'official' as const, source: 'test' }];
    }),
  );
  const calendar = (currency: CurrencyCode): SettlementCalendar => ({
    currency,
    version: 1,
    system: 'test',
    weekend: [6, 7],
    years,
    exceptions: new Map(),
  });
  return new Map(CURRENCIES.map((currency) => [currency, calendar(currency)]));
}
