import { dayNumber } from '#domain/rates/calendar-day';
import { smallRun } from '#testkit/small-run';
import { smallWorld } from '#testkit/small-world';
import type { Paint } from '../paint.js';
import { resultText, type ResultLook } from './result-text.js';
import { moneyWords } from './result-tables.js';
import { bar, sparkline } from './small-charts.js';

// Goal: what a person reads is what was found, within the width of the terminal.
// Method: a run with real answers is told at several widths; figures are looked up in the text.

const bare: Paint = (_, text) => text;
const look = (changes: Partial<ResultLook> = {}): ResultLook => ({
  width: 100,
  paint: bare,
  plain: false,
  ...changes,
});
const run = smallRun();
const told = resultText(run, look()).join('\n');

it('says the headlines with their intervals, and what is nought in one line', () => {
  expect(told).toMatch(/Payments +[\d,]+ +[\d,.]+ … [\d,.]+/);
  // To the two digits that its half-width is good for.
  const { payments } = run.answers.headlines;
  const step = 10 ** (Math.floor(Math.log10(payments / 20)) - 1);
  expect(told).toContain((Math.round(payments / step) * step).toLocaleString('en'));
  expect(told).toMatch(/Nought throughout: [^.]*Declined\sfor\sthe\scap/);
  expect(told).not.toMatch(/^ +Declined for the cap +USD/m);
});

it('claims no interval that one replication cannot tell', () => {
  const once = run.headlines.map((headline) => ({
    ...headline,
    samplingHalfWidth: null,
    samplingLow: null,
    samplingHigh: null,
  }));
  const lines = resultText({ ...run, headlines: once }, look()).join('\n');
  expect(lines).toMatch(/Payments +[\d,]+ +–$/m);
  expect(lines).not.toContain(' … ');
});

it('shows a funnel of what happened whose percentages add up', () => {
  const shares = [...told.matchAll(/^ {2}\S.*? ([\d.]+) % +([\d.]+) % +[▁-▏]/gm)].map((match) => [
    Math.round(Number(match[1]) * 100),
    Math.round(Number(match[2]) * 100),
  ]);
  expect(shares.length).toBe(run.answers.funnel.filter(({ count }) => count > 0).length);
  expect(shares.reduce((sum, [count = 0]) => sum + count, 0)).toBe(10_000);
  expect(shares.reduce((sum, [, value = 0]) => sum + value, 0)).toBe(10_000);
});

it('is honest about the target of speed', () => {
  expect(told).toMatch(/not met +0.00 %/);
  expect(told).toContain('the money reaches');
});

it.each([60, 80, 100, 140])('keeps within %d columns', (width) => {
  for (const line of resultText(run, look({ width }))) {
    expect([...line].length).toBeLessThanOrEqual(width);
  }
});

it('uses no block characters and no colour where there are none', () => {
  const plain = resultText(run, look({ plain: true })).join('\n');
  expect(plain).not.toMatch(/[▁-▏]/);
  expect(plain).not.toContain('\u001b');
  expect(plain).toMatch(/paid .*#{5}/);
});

it('tells a default, layer by layer', () => {
  const on = dayNumber('2025-03-06') ?? 0;
  const world = smallWorld({ defaults: [{ participant: 'kakaopay', day: on }] });
  const lines = resultText(smallRun(world), look()).join('\n');
  expect(lines).toMatch(/kakaopay pays nothing from 2025-03-06: KRW [\d,.]+( M| bn)? stay unpaid/);
  expect(lines).toContain('its prefund');
});

describe('small charts', () => {
  it('draw shares to an eighth of a character, the smallest too', () => {
    expect(bar(1, 4, look())).toBe('████');
    expect(bar(0.5, 4, look())).toBe('██');
    expect(bar(3 / 32, 4, look())).toBe('▍');
    expect(bar(1e-6, 4, look())).toBe('▏');
    expect(bar(0, 4, look())).toBe('');
    expect(bar(0.5, 4, { plain: true })).toBe('##');
  });

  it('begin at zero, so that heights compare', () => {
    expect(sparkline([0, 7, 14], look())).toBe('▁▅█');
    expect(sparkline([0, 5, 9], { plain: true })).toBe('059');
    expect(sparkline([0, 0], look())).toBe('');
  });
});

it('writes money in its own decimals, and large amounts short', () => {
  expect(moneyWords('JPY', 812_345)).toBe('JPY 812,345');
  expect(moneyWords('THB', 28_286)).toBe('THB 282.86');
  expect(moneyWords('JPY', 16_900_000_000)).toBe('JPY 16.90 bn');
  expect(moneyWords('KWD', 1_234_567_890)).toBe('KWD 1.23 M');
});
