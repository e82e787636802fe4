/**
 * What no table holds and we set ourselves, each by the reasoning its source line states. These are
 * the figures to replace first.
 */

/** Where the figures come from; `asOf` is what the figure is of. */
export const SOURCES = [
  {
    id: 'jnto',
    quality: 'measured',
    asOf: '2024-12',
    url: 'https://www.jnto.go.jp/statistics/data/visitors-statistics/',
    what: 'Visitor arrivals in Japan by nationality and month; the rest to the published total is the origin ZZ',
  },
  {
    id: 'arrivals_year_measured',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: 'A year published by the destination, or its part-year count brought to the whole year by days; spread over the months by an estimated shape',
  },
  {
    id: 'arrivals_year_estimated',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: 'A year estimated by analogy or from recollection of the national table; spread over the months by an estimated shape',
  },
  {
    id: 'jta_spend_measured',
    quality: 'measured',
    asOf: '2024',
    url: 'https://www.mlit.go.jp/kankocho/tokei_hakusyo/gaikokujinshohidoko.html',
    what: 'Inbound consumption survey: spend a visitor and its split into categories (rounded percent, brought to 100); nights are of 2025, all purposes, at most 10',
  },
  {
    id: 'jta_spend_shares_estimated',
    quality: 'estimated',
    asOf: '2024',
    url: 'https://www.mlit.go.jp/kankocho/tokei_hakusyo/gaikokujinshohidoko.html',
    what: 'Inbound consumption survey: spend a visitor is measured, the split into categories is by analogy; nights as above',
  },
  {
    id: 'spend_by_analogy',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: 'Macao 0.9 of Hong Kong, Mongolia 0.85 of Vietnam, split and nights as theirs',
  },
  {
    id: 'receipts_by_analogy',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: "Tourism receipts or spend a head of the destination, the same for every origin, split as the origin's spending in Japan; nights estimated",
  },
  {
    id: 'jta_lodging',
    quality: 'measured',
    asOf: '2024',
    url: 'https://www.mlit.go.jp/kankocho/tokei_hakusyo/shukuhakutokei.html',
    what: 'Overnight travel survey: guest nights by nationality and prefecture, and foreign nights by prefecture and month',
  },
  {
    id: 'merchant_split',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: 'Half by convenience stores, a quarter by population (census 2020), a quarter by foreign nights; place is the mean of municipalities weighted by merchants',
  },
  {
    id: 'merchant_categories',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: 'Shares shaped on economic and commerce censuses; tickets by analogy for a party of two; opening hours are ours',
  },
  {
    id: 'own_estimates',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: 'Set by us by analogy: price levels, price steps, weekday weights, persons on one purse',
  },
  {
    id: 'ecb',
    quality: 'measured',
    asOf: '2026-04-13',
    url: 'https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip',
    what: 'Euro reference rates of every business day, unchanged (Source: ECB)',
  },
  {
    id: 'fed_monthly',
    quality: 'estimated',
    asOf: '2026-06',
    url: 'https://www.federalreserve.gov/releases/h10/',
    what: 'Monthly means per US dollar (public domain), placed at mid-month and joined by lines, times the ECB dollar of the day',
  },
  {
    id: 'currency_api',
    quality: 'estimated',
    asOf: '2026-04',
    url: 'https://www.npmjs.com/package/@fawazahmed0/currency-api',
    what: 'Snapshots per US dollar (CC0-1.0), before 2024 yearly means by recollection placed at mid-year, joined by lines, times the ECB dollar of the day',
  },
  {
    id: 'peg',
    quality: 'rule',
    asOf: '2026',
    url: null,
    what: 'A legal peg: MOP 103 are HKD 100; USD 1 is AED 3.6725',
  },
  {
    id: 'users',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: "Users in millions: companies' own figures where there are any, else estimates",
  },
  {
    id: 'payment_mix',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: 'Share of spending paid with wallets by nationality: estimates that were themselves fitted to 10 % of all visitor spending in Japan',
  },
  {
    id: 'wish_fitted',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: 'The shares of payment_mix times one factor, fitted so that wallets pay 10 % of what visitors spend in Japan in 2024; the factor undoes what is paid before the trip, where no wallet is taken, and declines',
  },
  {
    id: 'qr_addressable',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: 'Share of a category spent where a shop could take a wallet at all',
  },
  {
    id: 'ant_share',
    quality: 'company_stated',
    asOf: '2024-03',
    url: 'https://scmp.com/tech/big-tech/article/3256891/ant-international-pushes-significant-expansion-alipay-tourist-payment-service-amid-major-group',
    what: 'Wallets of the network pay about 10 % of what tourists spend in Japan; 2 million merchants; 16 wallets',
  },
  {
    id: 'vixio_japan',
    quality: 'company_stated',
    asOf: '2024-03',
    url: 'https://www.vixio.com/insights/pc-alipay-makes-inroads-japan-2m-merchants-connected',
    what: '2 million merchants, more than 40 acquirers and 16 wallets in Japan',
  },
  {
    id: 'japan_2025',
    quality: 'company_stated',
    asOf: '2025-09',
    url: 'https://www.infocushongkong.com/breaking-news/paypay-to-be-accepted-at-over-2-million-merchants-in-south-korea-via-alipay',
    what: '3 million merchants and 21 wallets in Japan; 2 million merchants in Korea',
  },
  {
    id: 'malaysia_2023',
    quality: 'company_stated',
    asOf: '2023-11',
    url: 'https://www.digitalnewsasia.com/business/malaysia-sees-increased-cross-border-transactions-alipay-and-paynet',
    what: '1.9 million merchants by DuitNow QR',
  },
  {
    id: 'cambodia_2024',
    quality: 'company_stated',
    asOf: '2024-10',
    url: 'https://b2b-cambodia.com/news/cross-border-mobile-payments-in-cambodia-alipay-launches-on-khqr',
    what: '1 million merchants by KHQR',
  },
  {
    id: 'singapore_2025',
    quality: 'secondary',
    asOf: '2025',
    url: 'https://www.straitsx.com/case-study/alipay-grab',
    what: '130,000 merchants',
  },
  {
    id: 'europe_2024',
    quality: 'company_stated',
    asOf: '2024-06',
    url: 'https://paisajournal.com/news/fintech/alipay-partner-e-wallets',
    what: '400,000 merchants in Europe, 120,000 of them in German-speaking countries',
  },
  {
    id: 'korea_pay_abroad',
    quality: 'measured',
    asOf: '2024',
    url: 'https://m.koreatimes.co.kr/pages/article.asp?newsIdx=393206',
    what: 'Korean pay apps abroad in 2024: KRW 640.3 billion in 29.59 million payments',
  },
  {
    id: 'jta_total',
    quality: 'measured',
    asOf: '2024',
    url: 'https://www.nippon.com/ja/japan-data/h02681/',
    what: 'All visitors: JPY 8.1257 trillion in 2024, 5.3065 in 2023, 4.8113 in 2019; JPY 227,000, 212,764 and 158,458 a visitor',
  },
  {
    id: 'qr_adoption',
    quality: 'estimated',
    asOf: '2021',
    url: null,
    what: 'METI survey 2021: 55 % of stores take codes; by category and weighted by purchases our estimate, since chains take them first',
  },
  {
    id: 'conduct',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: 'Success of 96.5 % (92 to 99) and 2.5 s end to end (0.8 to 8) by analogy; the split into reasons is ours',
  },
  {
    id: 'fee_split',
    quality: 'estimated',
    asOf: '2024',
    url: null,
    what: 'Fees of such networks are contractual: low, typical and high by analogy',
  },
  {
    id: 'card_costs',
    quality: 'secondary',
    asOf: '2024',
    url: 'https://www.unixon.co.jp/column/?p=178',
    what: 'Card acceptance of small Japanese merchants 2.5 to 3.75 %; foreign transaction fees of Asian cards 1.5 to 3.5 %',
  },
  {
    id: 'settlement_days',
    quality: 'estimated',
    asOf: '2026',
    url: null,
    what: 'Weekdays on which the settlement system rests (data/calendars) stand in for public holidays',
  },
  {
    id: 'cast',
    quality: 'fictional',
    asOf: '2024',
    url: null,
    what: 'Invented acquirers of markets the shipped network has none in',
  },
];

const estimate = (
  market,
  name,
  currency,
  utcOffsetMinutes,
  priceStepMinor,
  pricePercentOfJapan,
  rest,
) => ({
  market,
  name,
  currency,
  utcOffsetMinutes,
  priceStepMinor,
  pricePercentOfJapan,
  asOf: '2024',
  ...rest,
});

/** Spend a visitor is receipts by visitors, of 2024 unless the year before is all there is. */
export const DESTINATIONS = [
  estimate('JP', 'Japan', 'JPY', 540, 1, 100, {
    lat: 36.2,
    lon: 138.3,
    nights: 7,
    spendPerVisitorMinor: 227_000,
  }),
  estimate('KR', 'South Korea', 'KRW', 540, 100, 105, {
    lat: 37.57,
    lon: 126.98,
    nights: 6.5,
    spendPerVisitorMinor: 1_366_000,
  }),
  estimate('TH', 'Thailand', 'THB', 420, 100, 60, {
    lat: 13.76,
    lon: 100.5,
    nights: 9,
    spendPerVisitorMinor: 4_670_000,
  }),
  estimate('SG', 'Singapore', 'SGD', 480, 5, 140, {
    lat: 1.35,
    lon: 103.82,
    nights: 3.5,
    spendPerVisitorMinor: 175_800,
  }),
  estimate('MY', 'Malaysia', 'MYR', 480, 5, 55, {
    lat: 3.14,
    lon: 101.69,
    nights: 5,
    spendPerVisitorMinor: 300_000,
  }),
  estimate('HK', 'Hong Kong', 'HKD', 480, 10, 130, {
    lat: 22.32,
    lon: 114.17,
    nights: 1.6,
    spendPerVisitorMinor: 340_000,
  }),
  estimate('MO', 'Macao', 'MOP', 480, 10, 125, {
    lat: 22.2,
    lon: 113.54,
    nights: 1.2,
    spendPerVisitorMinor: 215_900,
  }),
  estimate('VN', 'Vietnam', 'VND', 420, 1_000, 45, {
    lat: 10.78,
    lon: 106.7,
    nights: 8,
    spendPerVisitorMinor: 17_000_000,
  }),
  estimate('PH', 'Philippines', 'PHP', 480, 25, 55, {
    lat: 14.6,
    lon: 120.98,
    nights: 9,
    spendPerVisitorMinor: 12_600_000,
  }),
  estimate('ID', 'Indonesia', 'IDR', 420, 50_000, 45, {
    lat: -6.2,
    lon: 106.82,
    nights: 7.13,
    spendPerVisitorMinor: 2_290_000_000,
  }),
  estimate('KH', 'Cambodia', 'KHR', 420, 10_000, 50, {
    lat: 11.56,
    lon: 104.92,
    nights: 5,
    spendPerVisitorMinor: 231_000_000,
  }),
  estimate('US', 'United States', 'USD', -300, 1, 180, {
    lat: 40.71,
    lon: -74.01,
    nights: 10,
    spendPerVisitorMinor: 297_000,
  }),
  estimate('GB', 'United Kingdom', 'GBP', 0, 1, 165, {
    lat: 51.51,
    lon: -0.13,
    nights: 7,
    spendPerVisitorMinor: 158_000,
  }),
  estimate('FR', 'France', 'EUR', 60, 1, 150, {
    lat: 48.86,
    lon: 2.35,
    nights: 6,
    spendPerVisitorMinor: 69_700,
  }),
  estimate('IT', 'Italy', 'EUR', 60, 1, 140, {
    lat: 41.9,
    lon: 12.5,
    nights: 5,
    spendPerVisitorMinor: 93_800,
  }),
  estimate('DE', 'Germany', 'EUR', 60, 1, 145, {
    lat: 52.52,
    lon: 13.4,
    nights: 4,
    spendPerVisitorMinor: 98_500,
  }),
];

/** More fly on weekends and on the eve of holidays; a day off counts as that, not as its weekday. */
export const WEEKDAYS = [
  { of: 'workday', weight: 1 },
  { of: 'weekend', weight: 1.15 },
  { of: 'dayOff', weight: 1.35 },
];

/** Weights of the hours 0 to 23, by kind of shop: workdays, then weekends and days off. */
const MEALS = [
  [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 3, 10, 14, 9, 4, 3, 4, 9, 14, 13, 8, 4, 2, 0],
  [0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 4, 11, 14, 11, 6, 4, 5, 10, 13, 12, 7, 4, 2, 0],
];
const CAFE = [
  [0, 0, 0, 0, 0, 0, 2, 6, 9, 8, 7, 7, 8, 8, 8, 8, 7, 6, 5, 4, 3, 2, 1, 0],
  [0, 0, 0, 0, 0, 0, 1, 4, 8, 9, 9, 8, 8, 9, 10, 10, 8, 6, 5, 4, 3, 2, 1, 0],
];
const BAR = [
  [4, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 3, 9, 15, 18, 17, 14, 10, 7],
  [5, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 5, 11, 15, 17, 16, 13, 10, 7],
];
const ALL_DAY = [
  [3, 2, 1, 1, 1, 1, 3, 6, 8, 6, 5, 5, 6, 5, 5, 5, 5, 6, 6, 6, 6, 7, 6, 5],
  [3, 2, 2, 1, 1, 1, 2, 4, 7, 7, 6, 5, 6, 5, 5, 5, 5, 5, 6, 6, 6, 7, 6, 5],
];
const GROCERY = [
  [0, 0, 0, 0, 0, 0, 0, 0, 1, 5, 7, 7, 6, 6, 6, 7, 9, 10, 11, 10, 8, 5, 2, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 1, 6, 9, 9, 8, 8, 8, 8, 9, 10, 9, 8, 6, 4, 1, 0],
];
const SHOPS = [
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 7, 9, 9, 9, 10, 11, 11, 10, 10, 8, 3, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 8, 10, 11, 12, 13, 12, 11, 9, 7, 5, 2, 0, 0, 0],
];
const LATE_SHOPS = [
  [2, 1, 0, 0, 0, 0, 0, 0, 0, 4, 6, 7, 7, 7, 7, 8, 8, 8, 9, 10, 10, 8, 6, 4],
  [2, 1, 0, 0, 0, 0, 0, 0, 0, 4, 7, 8, 8, 8, 9, 9, 9, 8, 8, 9, 9, 7, 5, 3],
];
const AIRPORT = [
  [1, 0, 0, 0, 0, 2, 6, 8, 8, 8, 8, 7, 6, 6, 6, 7, 7, 7, 6, 5, 4, 3, 2, 1],
  [1, 0, 0, 0, 0, 2, 6, 8, 9, 9, 8, 7, 6, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1],
];
const LODGING = [
  [0, 0, 0, 0, 0, 0, 1, 4, 8, 10, 11, 5, 2, 3, 6, 11, 10, 8, 7, 5, 4, 3, 1, 1],
  [0, 0, 0, 0, 0, 0, 1, 3, 8, 11, 12, 5, 2, 3, 7, 12, 10, 8, 6, 5, 3, 2, 1, 1],
];
const RIDES = [
  [3, 2, 1, 1, 1, 2, 4, 6, 7, 6, 5, 5, 4, 4, 4, 4, 5, 6, 6, 5, 5, 6, 6, 5],
  [4, 3, 2, 1, 1, 2, 3, 4, 5, 6, 6, 5, 5, 5, 5, 5, 6, 6, 6, 5, 5, 6, 6, 5],
];
const TRAINS = [
  [0, 0, 0, 0, 0, 2, 5, 8, 9, 9, 8, 6, 5, 5, 5, 5, 6, 7, 6, 5, 4, 3, 2, 1],
  [0, 0, 0, 0, 0, 2, 4, 7, 10, 10, 9, 7, 5, 5, 5, 6, 6, 7, 6, 4, 3, 2, 1, 1],
];
const SIGHTS = [
  [0, 0, 0, 0, 0, 0, 0, 0, 5, 13, 14, 12, 9, 10, 11, 9, 6, 4, 3, 2, 1, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 1, 7, 14, 14, 12, 9, 10, 11, 9, 6, 4, 2, 1, 1, 0, 0, 0],
];
const EVENINGS = [
  [3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 3, 4, 4, 5, 5, 6, 7, 8, 10, 12, 12, 10, 7, 4],
  [4, 2, 1, 0, 0, 0, 0, 0, 0, 1, 4, 6, 6, 8, 9, 9, 9, 8, 8, 9, 9, 8, 6, 4],
];
const SPA = [
  [0, 0, 0, 0, 0, 0, 1, 1, 2, 5, 7, 7, 6, 7, 8, 9, 9, 9, 9, 9, 8, 5, 2, 1],
  [0, 0, 0, 0, 0, 0, 1, 2, 3, 6, 8, 8, 7, 8, 9, 10, 10, 9, 8, 7, 6, 4, 2, 1],
];
const OFFICE = [
  [0, 0, 0, 0, 0, 0, 0, 0, 1, 10, 13, 11, 5, 6, 12, 12, 10, 8, 4, 1, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 1, 8, 10, 8, 3, 2, 3, 3, 2, 1, 0, 0, 0, 0, 0, 0],
];

export const CATEGORY_HOURS = {
  restaurant: MEALS,
  fast_food_cafe: CAFE,
  bar_izakaya: BAR,
  convenience_store: ALL_DAY,
  supermarket_grocery: GROCERY,
  sweets_bakery_souvenir: SHOPS,
  food_specialty_liquor: GROCERY,
  drugstore_cosmetics: LATE_SHOPS,
  department_store: SHOPS,
  duty_free_airport: AIRPORT,
  discount_variety: LATE_SHOPS,
  apparel_shoes: SHOPS,
  electronics: SHOPS,
  toys_hobby_books: SHOPS,
  luxury_jewelry_leather: SHOPS,
  other_retail: SHOPS,
  hotel_ryokan: LODGING,
  taxi: RIDES,
  rail_bus: TRAINS,
  car_rental: OFFICE,
  theme_park_attraction: SIGHTS,
  karaoke_arcade: EVENINGS,
  onsen_spa_beauty: SPA,
  medical_dental_clinic: OFFICE,
  other_services: OFFICE,
};

/** Whose people are off when the settlement system of a currency rests on a weekday. */
export const DAYS_OFF = Object.entries({
  JP: 'JPY',
  TH: 'THB',
  KR: 'KRW',
  HK: 'HKD',
  SG: 'SGD',
  MY: 'MYR',
  PH: 'PHP',
  CN: 'CNY',
  US: 'USD',
  IT: 'EUR',
  DE: 'EUR',
  FR: 'EUR',
  ID: 'IDR',
  TW: 'TWD',
  VN: 'VND',
  IN: 'INR',
  MO: 'MOP',
  KZ: 'KZT',
  MN: 'MNT',
  PK: 'PKR',
}).map(([market, calendar]) => ({
  market,
  calendar,
  source: 'settlement_days',
  quality: 'estimated',
}));

const invented = (id, name, market, currency, settlementCurrency, number) => ({
  id,
  name,
  market,
  currency,
  settlementCurrency,
  schemes: [],
  modes: ['userPresented', 'orderCode', 'entryCode'],
  orderCodePrefix: `281${String(number)}04${String(number - 700).padStart(4, '0')}`,
  refundCap: { currency: settlementCurrency, minor: '100000000' },
  priority: 10,
  fictional: true,
  source: 'cast',
  quality: 'fictional',
});

/** Acquirers of markets where the shipped network has none; settled in dollars without a calendar of their own. */
export const ACQUIRERS = [
  invented('acq_coloane', 'Coloane Acquiring', 'MO', 'MOP', 'MOP', 721),
  invented('acq_songhuong', 'Song Huong Payments', 'VN', 'VND', 'VND', 722),
  invented('acq_tonle', 'Tonle Merchant Services', 'KH', 'KHR', 'USD', 723),
  invented('acq_willamette', 'Willamette Acquiring', 'US', 'USD', 'USD', 724),
  invented('acq_ouse', 'Ouse Payments', 'GB', 'GBP', 'USD', 725),
  invented('acq_dordogne', 'Dordogne Acquiring', 'FR', 'EUR', 'EUR', 726),
  invented('acq_arno', 'Arno Merchant Services', 'IT', 'EUR', 'EUR', 727),
  invented('acq_neckar', 'Neckar Payments', 'DE', 'EUR', 'EUR', 728),
];
