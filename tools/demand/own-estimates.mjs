/**
 * What no table holds and we set ourselves, each by the reasoning its source line states. These are
 * the figures to replace first.
 */

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
