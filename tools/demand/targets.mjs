import { sum } from './tables.mjs';

/** Published totals that a simulation is judged by. */
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
