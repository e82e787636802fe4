/**
 * Goal: the tables in docs/qr.md stay those of the code. Method: look up every issue code with its
 * severity and every scheme with its name, and find no row of something that is gone.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { QR_ISSUES, SCHEME_PROFILES } from './index.js';

const text = readFileSync(join(process.cwd(), 'docs', 'qr.md'), 'utf8');

function rowsOf(heading: string): string[][] {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

it('lists every issue with its severity and meaning', () => {
  const documented = rowsOf('Issue codes');
  const coded = Object.entries(QR_ISSUES).map(([code, [severity, meaning]]) => [
    `\`${code}\``,
    severity,
    meaning,
  ]);
  expect(documented).toEqual(coded);
});

it('lists every scheme with its name and markets', () => {
  const documented = rowsOf('Schemes').map(([id, name, markets]) => [id, name, markets]);
  const coded = SCHEME_PROFILES.map(({ id, name, markets }) => [
    `\`${id}\``,
    name,
    markets.length === 0 ? 'any' : markets.join(' '),
  ]);
  expect(documented).toEqual(coded);
});
