// Goal: the errors the page publishes are the ones the program makes today.
// Method: calibrate and backtest anew and compare the page; `npm run generate` writes what is
// missing. The page must also say what its figures prove, and hold every kind of total.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CALIBRATION_PAGE, calibrationPage } from './calibration-page.js';

const page = readFileSync(
  fileURLToPath(new URL(`../../${CALIBRATION_PAGE}`, import.meta.url)),
  'utf8',
);

it('publishes fresh errors', async () => {
  expect(page).toBe(await calibrationPage());
}, 240_000);

it('publishes errors of totals fitted, held out and put in', () => {
  for (const role of ['fitted', 'held out', 'input']) expect(page).toContain(`| ${role}`);
  expect(page).toMatch(/\| all +\| 3\d,\d{3},\d{3} \| 36,870,148 \|/);
});
