import { sum } from './tables.mjs';

/**
 * Figures a scenario starts from, by their path in a scenario, and published totals to be judged
 * by. The base scenario takes its values from here.
 */
const line = (path, value, range, source, quality = 'estimated') => ({
  path,
  value,
  ...(range === undefined ? {} : { low: range[0], high: range[1] }),
  source,
  quality,
});

/** Fitted by `wayfare sim calibrate`: see docs/calibration.md. */
export const WISH_FACTOR = 3.048;

export function behaviourLines(table) {
  const lines = [];
  for (const row of table('spend_by_origin_category')) {
    const match = /^qr_addressable_(.+)$/.exec(row.category);
    if (match === null) continue;
    const value = Number(row.share) * 100;
    lines.push(
      line(
        `spending.onSitePercent.${match[1]}`,
        value,
        [Math.round(value * 0.8), Math.min(97, Math.round(value * 1.2))],
        'qr_addressable',
      ),
    );
  }
  lines.push(line('spending.onSitePercent.other', 60, [40, 80], 'qr_addressable'));
  for (const row of table('payment_mix')) {
    if (row.method !== 'hub_wallets' || Number(row.value) === 0) continue;
    const wish = Number((Number(row.value) * WISH_FACTOR).toFixed(1));
    lines.push(
      line(
        `wallets.wishPercentByOrigin.${row.origin}`,
        wish,
        [Number((wish * 0.8).toFixed(1)), Number((wish * 1.2).toFixed(1))],
        'wish_fitted',
      ),
    );
  }
  const qualities = {
    measured: 'measured',
    company_stated: 'company_stated',
    secondary: 'secondary',
  };
  for (const row of table('wallets')) {
    lines.push(
      line(
        `wallets.weights.${row.wallet_id}`,
        Number(row.users_million),
        undefined,
        'users',
        qualities[row.users_quality] ?? 'estimated',
      ),
    );
  }
  return lines;
}

const target = (id, what, value, unit, year, role, source, quality) => ({
  id,
  what,
  value,
  unit,
  year: Number(year),
  role,
  source,
  quality,
});

/** Of Japan's own totals: by year, visitors and what all of them spent. */
function totalsOfJapan(table, year) {
  const visitors = sum(
    table('visitors_monthly_japan')
      .filter((row) => row.origin === 'TOTAL' && row.year_month.startsWith(year))
      .map((row) => Number(row.visitors)),
  );
  const spent = table('receipts_by_destination').find(
    (row) => row.destination === 'JP' && row.year === year,
  );
  const known = [year, 'input'];
  return [
    target(
      `japan-visitors-${year}`,
      'Visitors to Japan',
      visitors,
      'visitors',
      ...known,
      'jnto',
      'measured',
    ),
    target(
      `japan-spending-${year}`,
      'All that visitors spend in Japan',
      Number(spent.value),
      'JPY',
      ...known,
      'jta_total',
      'measured',
    ),
  ];
}

const STATED = ['ant_share', 'company_stated'];
const KOREA = ['korea_pay_abroad', 'measured'];

const PUBLISHED = [
  [
    'japan-wallet-share-2024',
    'Wallets of the Alipay+ network, of all that visitors spend in Japan',
    10,
    'percent',
    2024,
    'fitted',
    ...STATED,
  ],
  [
    'japan-wallets-2024',
    'Wallets of the Alipay+ network in Japan',
    16,
    'wallets',
    2024,
    'input',
    ...STATED,
  ],
  [
    'japan-merchants-2024',
    'Merchants in Japan that take them, March',
    2_000_000,
    'merchants',
    2024,
    'input',
    ...STATED,
  ],
  [
    'japan-merchants-2025',
    'Merchants in Japan that take them, September',
    3_000_000,
    'merchants',
    2025,
    'fitted',
    'japan_2025',
    'company_stated',
  ],
  [
    'korea-ticket-abroad-2024',
    'Mean payment of Korean pay apps abroad',
    21_639,
    'KRW',
    2024,
    'fitted',
    ...KOREA,
  ],
  [
    'korea-value-abroad-2024',
    'Payments of Korean pay apps abroad, all countries',
    640_300_000_000,
    'KRW',
    2024,
    'heldOut',
    ...KOREA,
  ],
  [
    'department-stores-2024-07',
    'Tax-free sales of 87 department stores to visitors, July',
    63_320_000_000,
    'JPY',
    2024,
    'heldOut',
    'department_stores',
    'measured',
  ],
];

export function targetLines(table) {
  const years = ['2019', '2023', '2024'].flatMap((year) => totalsOfJapan(table, year));
  return [...PUBLISHED.map((fields) => target(...fields)), ...years];
}
