/**
 * Writes data/demand from the tables the research left outside the project:
 *
 *   node tools/demand/convert-figures.mjs <folder with the tables>
 *
 * Nobody who uses the product needs this; it says, as a program, where each shipped figure came
 * from and what was done to it. `libs/scenarios/src/figures/shipped-figures.spec.ts` compares the
 * result with the tables where they are at hand.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ACQUIRERS, DAYS_OFF, DESTINATIONS, WEEKDAYS } from './own-estimates.mjs';
import { CATEGORY_HOURS } from './opening-hours.mjs';
import { SOURCES } from './sources.mjs';
import { readTable, sharesAddingTo, sum, wholeParts } from './tables.mjs';
import { targetLines } from './targets.mjs';
import { rateLines } from './rates.mjs';

const from = process.argv[2];
if (from === undefined) {
  console.error('usage: node tools/demand/convert-figures.mjs <folder with the tables>');
  process.exit(2);
}
const into = join(dirname(fileURLToPath(import.meta.url)), '../../data/demand');
mkdirSync(into, { recursive: true });

const table = (name) => readTable(readFileSync(join(from, `${name}.csv`), 'utf8'));
const write = (name, lines) => {
  writeFileSync(
    join(into, `${name}.jsonl`),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  console.log(`${name}.jsonl: ${String(lines.length)} lines`);
};

const YEARS = ['2019', '2023', '2024'];
const REST = 'ZZ';

/** Japan by month and origin; what the table does not name is the origin ZZ. */
function arrivalsInJapan() {
  const rows = table('visitors_monthly_japan');
  const lines = [];
  for (const year of YEARS) {
    const byOrigin = new Map();
    for (const row of rows) {
      if (!row.year_month.startsWith(year)) continue;
      const months = byOrigin.get(row.origin) ?? Array(12).fill(undefined);
      months[Number(row.year_month.slice(5)) - 1] = Number(row.visitors);
      byOrigin.set(row.origin, months);
    }
    const total = byOrigin.get('TOTAL');
    const rest = [...total];
    for (const [origin, months] of [...byOrigin].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const whole = months.every((month) => month !== undefined);
      if (!/^[A-Z]{2}$/.test(origin) || !whole) continue;
      for (const [at, month] of months.entries()) rest[at] -= month;
      lines.push({
        destination: 'JP',
        origin,
        year: Number(year),
        months,
        source: 'jnto',
        quality: 'measured',
      });
    }
    lines.push({
      destination: 'JP',
      origin: REST,
      year: Number(year),
      months: rest,
      source: 'jnto',
      quality: 'derived',
    });
  }
  return lines;
}

const EUROPE = new Set(['DE', 'FR', 'GB', 'IT']);
/** Part-year counts of a destination, brought to the whole year by days. */
const PART_YEARS = { 'to 29 Dec': 366 / 364, 'to 17 Dec': 366 / 352 };

/** Elsewhere only years are published by origin; the months are an estimated shape. */
function arrivalsElsewhere() {
  const shapes = new Map();
  for (const row of table('seasonality')) {
    if (row.destination === 'JP') continue;
    const months = shapes.get(row.destination) ?? [];
    months[Number(row.month) - 1] = Number(row.share_of_year);
    shapes.set(row.destination, months);
  }
  const found = new Map();
  for (const row of table('visitors_by_origin')) {
    const { destination, origin, coverage } = row;
    if (destination === 'JP' || row.year !== '2024' || !/^[A-Z]{2}$/.test(origin)) continue;
    const shape = shapes.get(EUROPE.has(destination) ? 'EU' : destination);
    const scale = coverage === 'full_year' ? 1 : PART_YEARS[coverage];
    if (shape === undefined || scale === undefined) continue;
    const key = `${destination} ${origin}`;
    if (found.get(key)?.coverage === 'full_year') continue;
    const months = wholeParts(Math.round(Number(row.visitors) * scale), shape);
    found.set(key, {
      coverage,
      line: {
        destination,
        origin,
        year: 2024,
        months,
        source: row.quality === 'measured' ? 'arrivals_year_measured' : 'arrivals_year_estimated',
        quality: 'estimated',
      },
    });
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { line }]) => line);
}

const SPEND = ['lodging', 'food_drink', 'transport', 'entertainment', 'shopping', 'other'];
/** Persons on one purse, by origin: our estimate, see own-estimates.mjs. */
const PARTY = {
  CN: 2,
  TW: 2.1,
  KR: 1.8,
  HK: 2.1,
  TH: 2.2,
  SG: 2.1,
  MY: 2.3,
  ID: 2.1,
  PH: 2,
  VN: 1.6,
  IN: 1.6,
  MO: 2.1,
  MN: 1.6,
  JP: 1.8,
  KZ: 1.8,
  PK: 1.6,
};
const partyOf = (origin) => PARTY[origin] ?? 1.8;
const MOST_NIGHTS = 10;
/** Origins the survey leaves out, and whose figures stand in for theirs. */
const STAND_IN = { MO: 'HK', MN: 'VN', KH: 'VN', BN: 'MY', NZ: 'AU', PT: 'ES' };

function spendingInJapan() {
  const stays = new Map(table('stay_and_repeat').map((row) => [row.origin, row]));
  const rows = table('spend_by_origin_category').filter((row) => row.period === '2024');
  const origins = [...new Set(rows.map((row) => row.origin))].filter(
    (origin) => origin.length === 2,
  );
  return origins.map((origin) => {
    const of = (category) => rows.find((row) => row.origin === origin && row.category === category);
    const all = of('all');
    const own = stays.get(origin);
    const stay = own ?? stays.get(STAND_IN[origin]);
    const shares = SPEND.map((category) => Number(of(category)?.share ?? 0));
    // What the five named categories leave over is spent on other things.
    shares[SPEND.indexOf('other')] = Math.max(0, 1 - sum(shares));
    const measured = all.quality === 'measured' && of('lodging').quality === 'measured';
    return {
      destination: 'JP',
      origin,
      year: 2024,
      currency: 'JPY',
      perVisitorMinor: Number(all.jpy),
      shares: Object.fromEntries(
        sharesAddingTo(1, shares, 4).map((share, at) => [SPEND[at], share]),
      ),
      nights: Math.min(MOST_NIGHTS, Number(stay?.avg_nights_all_purposes ?? MOST_NIGHTS)),
      repeatPercent: stay === undefined ? null : Number(stay.repeat_visitor_pct),
      partySize: partyOf(origin),
      source: measured
        ? 'jta_spend_measured'
        : all.quality === 'measured'
          ? 'jta_spend_shares_estimated'
          : 'spend_by_analogy',
      quality: measured ? 'measured' : 'estimated',
    };
  });
}

/**
 * Elsewhere receipts are known for a whole destination: every origin spends the mean, split into
 * categories as the same origin splits its spending in Japan, or as all visitors there do.
 */
function spendingElsewhere(arrivals, inJapan, totals) {
  const share = new Map(inJapan.map((line) => [line.origin, line.shares]));
  return arrivals.map(({ destination, origin }) => {
    const place = DESTINATIONS.find(({ market }) => market === destination);
    return {
      destination,
      origin,
      year: 2024,
      currency: place.currency,
      perVisitorMinor: place.spendPerVisitorMinor,
      shares: share.get(origin) ?? totals,
      nights: place.nights,
      repeatPercent: null,
      partySize: partyOf(origin),
      source: 'receipts_by_analogy',
      quality: 'estimated',
    };
  });
}

function totalShares() {
  const rows = table('spend_by_origin_category').filter(
    (row) => row.origin === 'TOTAL' && row.period === '2024',
  );
  const shares = SPEND.map((name) =>
    Number(rows.find((row) => row.category === `total_yen_${name}`)?.share ?? 0),
  );
  return Object.fromEntries(sharesAddingTo(1, shares, 4).map((value, at) => [SPEND[at], value]));
}

function stays() {
  const rows = table('lodging_origin_prefecture');
  const origins = [...new Set(rows.map((row) => row.origin))].filter(
    (name) => name.length === 2 || name === 'TOTAL',
  );
  return origins.sort().flatMap((name) => {
    const own = rows
      .filter((row) => row.origin === name)
      .sort((a, b) => (a.prefecture < b.prefecture ? -1 : 1));
    const nights = own.map((row) => Number(row.guest_nights));
    const shares = sharesAddingTo(
      1,
      nights.map((n) => n / sum(nights)),
      6,
    );
    return own.map((row, at) => ({
      destination: 'JP',
      origin: name === 'TOTAL' ? REST : name,
      area: row.prefecture,
      share: shares[at],
      source: 'jta_lodging',
      quality: 'measured',
    }));
  });
}

function areaMonths() {
  const byArea = new Map();
  for (const row of table('lodging_monthly_prefecture')) {
    const months = byArea.get(row.prefecture) ?? [];
    months[Number(row.year_month.slice(5)) - 1] = Number(row.foreign_guest_nights);
    byArea.set(row.prefecture, months);
  }
  return [...byArea]
    .sort()
    .map(([area, months]) => ({ area, months, source: 'jta_lodging', quality: 'measured' }));
}

/** The eight prefectures of the three big-city areas, as the travel survey draws them. */
const BIG_CITY = new Set(['JP-11', 'JP-12', 'JP-13', 'JP-14', 'JP-23', 'JP-26', 'JP-27', 'JP-28']);

function areas() {
  const places = table('merchant_weights_municipality');
  const rows = table('merchant_weights_prefecture').sort((a, b) =>
    a.prefecture < b.prefecture ? -1 : 1,
  );
  const shares = sharesAddingTo(
    1,
    rows.map((row) => Number(row.merchant_share)),
    6,
  );
  const centre = (prefecture, axis) => {
    const own = places.filter(
      (row) => row.prefecture === prefecture && row.lat !== '' && row.lon !== '',
    );
    const weight = sum(own.map((row) => Number(row.merchant_weight)));
    return Number(
      (sum(own.map((row) => Number(row[axis]) * Number(row.merchant_weight))) / weight).toFixed(4),
    );
  };
  const japan = rows.map((row, at) => ({
    id: row.prefecture,
    name: row.name_en,
    destination: 'JP',
    merchantShare: shares[at],
    lat: centre(row.prefecture, 'lat'),
    lon: centre(row.prefecture, 'lon'),
    bigCity: BIG_CITY.has(row.prefecture),
    source: 'merchant_split',
    quality: 'estimated',
  }));
  const others = DESTINATIONS.filter(({ market }) => market !== 'JP').map(
    ({ market, name, lat, lon }) => ({
      id: market,
      name,
      destination: market,
      merchantShare: 1,
      lat,
      lon,
      bigCity: false,
      source: 'own_estimates',
      quality: 'estimated',
    }),
  );
  return [...japan, ...others];
}

function categories() {
  const rows = table('merchant_categories');
  const merchantShares = sharesAddingTo(
    1,
    rows.map((row) => Number(row.share_of_merchants)),
    5,
  );
  const spendTotal = new Map();
  for (const row of rows) {
    const name = row.jta_spend_category;
    spendTotal.set(name, (spendTotal.get(name) ?? 0) + Number(row.share_of_tourist_payments));
  }
  return rows.map((row, at) => {
    const [workdayHours, dayOffHours] = CATEGORY_HOURS[row.category];
    return {
      id: row.category,
      mcc: row.mcc.split('|')[0],
      spend: row.jta_spend_category,
      merchantShare: merchantShares[at],
      purchaseShare: Number(
        (Number(row.share_of_tourist_payments) / spendTotal.get(row.jta_spend_category)).toFixed(5),
      ),
      medianJpy: Number(row.median_ticket_jpy),
      sigma: Number(row.lognormal_sigma),
      workdayHours,
      dayOffHours,
      source: 'merchant_categories',
      quality: 'estimated',
    };
  });
}

const japan = arrivalsInJapan();
const elsewhere = arrivalsElsewhere();
const inJapan = spendingInJapan();
write('sources', SOURCES);
write('arrivals', [...japan, ...elsewhere]);
write('spending', [...inJapan, ...spendingElsewhere(elsewhere, inJapan, totalShares())]);
write('stays', stays());
write('area-months', areaMonths());
write('areas', areas());
write('categories', categories());
write(
  'destinations',
  DESTINATIONS.map(({ lat: _lat, lon: _lon, nights: _n, spendPerVisitorMinor: _s, ...line }) => ({
    ...line,
    source: 'own_estimates',
    quality: 'estimated',
  })),
);
write(
  'weekdays',
  WEEKDAYS.map((line) => ({ ...line, source: 'own_estimates', quality: 'estimated' })),
);
write('days-off', DAYS_OFF);
write('acquirers', ACQUIRERS);
write('rates', rateLines(table));
write('targets', targetLines(table));
