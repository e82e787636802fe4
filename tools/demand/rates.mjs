/**
 * Units per euro on every ECB day. Currencies the ECB leaves out are known per US dollar on some
 * days only; between two of them we take the line, and times the ECB's dollar of the day.
 */
const ECB = [
  'USD',
  'JPY',
  'GBP',
  'CNY',
  'HKD',
  'KRW',
  'SGD',
  'MYR',
  'THB',
  'PHP',
  'IDR',
  'INR',
  'AUD',
  'CAD',
  'CHF',
  'TRY',
];
const MONTHLY = ['TWD', 'LKR'];
const SNAPSHOTS = ['VND', 'MNT', 'KZT', 'KHR', 'PKR'];

const dayOf = (iso) => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;

function anchorsOf(currency, table) {
  const extra = table('fx-extra').filter((row) => row.base === 'USD' && row.currency === currency);
  const monthly = extra
    .filter((row) => /^\d{4}-\d{2}$/.test(row.period))
    .map((row) => [dayOf(`${row.period}-15`), Number(row.rate_per_base)]);
  if (MONTHLY.includes(currency)) return monthly;
  const yearly = extra
    .filter((row) => /^\d{4}$/.test(row.period))
    .map((row) => [dayOf(`${row.period}-07-01`), Number(row.rate_per_base)]);
  const snapshots = table('fx-snapshots')
    .filter((row) => row.currency === currency)
    .map((row) => [dayOf(row.date), Number(row.rate_per_base)]);
  return [...yearly, ...snapshots].sort(([a], [b]) => a - b);
}

/** On the line between two anchors; before the first one its own value, for at most 200 days. */
function onLine(anchors, day) {
  const after = anchors.findIndex(([at]) => at >= day);
  if (after === -1) return undefined;
  const [b, valueB] = anchors[after];
  if (after === 0) return b - day <= 200 ? valueB : undefined;
  const [a, valueA] = anchors[after - 1];
  return valueA + ((valueB - valueA) * (day - a)) / (b - a);
}

const sixDigits = (value) => {
  const text = value.toPrecision(7);
  return text.includes('e') ? String(Number(text)) : text;
};

export function rateLines(table) {
  const rows = table('fx-daily');
  const isoDays = rows.map((row) => row.date);
  const lines = [{ days: isoDays.map(dayOf) }];
  for (const currency of ECB) {
    lines.push({
      currency,
      perEuro: rows.map((row) => row[currency]).join(' '),
      source: 'ecb',
      quality: 'measured',
    });
  }
  const times = (currency, base, factor) => ({
    currency,
    perEuro: rows.map((row) => sixDigits(Number(row[base]) * factor)).join(' '),
    source: 'peg',
    quality: 'rule',
  });
  lines.push(times('MOP', 'HKD', 1.03), times('AED', 'USD', 3.6725));
  for (const currency of [...MONTHLY, ...SNAPSHOTS]) {
    const anchors = anchorsOf(currency, table);
    const perEuro = rows.map((row) => {
      const perDollar = onLine(anchors, dayOf(row.date));
      return perDollar === undefined ? '-' : sixDigits(perDollar * Number(row.USD));
    });
    lines.push({
      currency,
      perEuro: perEuro.join(' '),
      source: MONTHLY.includes(currency) ? 'fed_monthly' : 'currency_api',
      quality: 'estimated',
    });
  }
  return lines;
}
