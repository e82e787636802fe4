/**
 * Goal: a reader is told everything a scenario assumes, in sentences, and first what it changes.
 * Method: every figure and every shock of every shipped scenario is looked up in its explanation;
 * sentences are held against what the file says.
 */
import { figuresOf } from '#simulation/experiments/figures-of';
import { explainScenarioFile, loadScenario } from '../load-scenario.js';
import { shippedNames } from '../shipped-scenarios.js';
import { numberText, TOLD_PATTERNS } from './sentences.js';

describe.each(shippedNames())('%s', (name) => {
  const scenario = loadScenario(name);
  const { assumptions, sources } = explainScenarioFile(name);

  it('mentions every figure with its number, range and place', () => {
    const figures = figuresOf(scenario);
    expect(figures.length).toBeGreaterThan(40);
    for (const { path, figure } of figures) {
      const told = assumptions.find((one) => one.path === path);
      expect([path, told?.figure]).toEqual([path, figure]);
      const shown = numberText(path.startsWith('shocks.') ? Math.abs(figure.value) : figure.value);
      expect(told?.sentence).toContain(shown);
      if (figure.range !== undefined) expect(told?.sentence).toContain(' to ');
    }
  });

  it('writes sentences, not paths, and names the sources it cites', () => {
    for (const { sentence } of assumptions) {
      expect(sentence).toMatch(/^(?:[A-Z]|iPASS|icash).*\.$/);
      expect(sentence).not.toMatch(/undefined|null|NaN|\*|[a-z]+\.[a-z]+[A-Z]/);
    }
    const cited = assumptions.flatMap(({ figure }) => figure?.source ?? []);
    const ids = cited.filter((source) => !source.startsWith('https://'));
    expect(sources.map(({ id }) => id).sort()).toEqual([...new Set(ids)].sort());
  });

  it('tells every shock and every joining wallet', () => {
    for (const i of scenario.shocks.keys()) {
      expect(assumptions.some(({ path }) => path.startsWith(`shocks.${String(i)}`))).toBe(true);
    }
    for (const { name: wallet } of scenario.wallets.joining) {
      expect(assumptions.some(({ sentence }) => sentence.startsWith(`${wallet} of `))).toBe(true);
    }
  });
});

const differing = (name: string, set: readonly string[] = []) =>
  explainScenarioFile(name, { set }).assumptions.filter(({ differs }) => differs);

it('marks what differs from the parent, and nothing else', () => {
  expect(explainScenarioFile('twice-daily').extends).toBe('thailand-japan');
  expect(differing('twice-daily').map(({ path }) => path)).toEqual(['settlement']);
  expect(differing('yen-down-8').map(({ sentence }) => sentence)).toContain(
    'From 2025-01-01 to 2025-12-31, JPY is 8 % cheaper against every other currency.',
  );
});

it('marks what was set on the command line', () => {
  const [one, ...others] = differing('twice-daily', ['fees.mdrBps=150']).filter(
    ({ path }) => path !== 'settlement',
  );
  expect(others).toEqual([]);
  expect(one).toMatchObject({
    path: 'fees.mdrBps',
    sentence: 'Merchants pay their acquirer 150 basis points.',
    figure: { because: 'asked for on the command line' },
  });
});

it('turns the range of a fall around with its sign', () => {
  const typhoon = differing('typhoon').map(({ sentence }) => sentence);
  expect(typhoon[0]).toContain('45 % (20 to 70) fewer visitors are there in Shiga, Kyoto,');
});

it('has a sentence for every figure of the format', () => {
  const known = new Set(
    figuresOf(
      loadScenario('growth-plan', {
        set: [
          'settlement.capDays=2',
          'settlement.prefundDays=1',
          'visitors.growthPercentPerYearByOrigin.TH=2',
        ],
      }),
    )
      .map(({ path }) => path.split('.'))
      .filter(([section]) => section !== 'shocks')
      .map((keys) =>
        (keys.length === 2 ? keys : keys.map((key, i) => (i === 2 ? '*' : key))).join('.'),
      ),
  );
  expect([...known].sort()).toEqual([...TOLD_PATTERNS].sort());
});
