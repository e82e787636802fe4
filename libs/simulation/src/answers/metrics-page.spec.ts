import { readFileSync } from 'node:fs';
import { HEADLINES } from './headlines.js';

// Goal: the page that defines every figure defines these, and says of each what the product says.
// Method: the page's table of headlines is read and held against the list.

const UNITS: Readonly<Record<string, string>> = { usd: 'USD', percent: '%', bps: 'bp' };

it('has a row for each headline, with its title, unit, direction, tolerance and meaning', () => {
  const page = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` .*$/gm)].map(([line]) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const expected = HEADLINES.map((headline) => {
    const { id, title, unit, better, tolerance, what } = headline;
    const ofValue = 'toleranceOf' in headline ? ' bp' : '';
    return [
      `\`${id}\``,
      title,
      UNITS[unit] ?? unit,
      better,
      `${String(tolerance)}${ofValue}`,
      what,
    ];
  });
  expect(rows).toEqual(expected);
});
