/**
 * Goal: what compare, sweep, tornado, plan and whatif print can be trusted and read by a script.
 * Method: three days of Thais in Japan, asked in every way by the built command line, in
 * expectation, where no luck hides a wrong sign; answers are held against what economics or
 * arithmetic says must hold for any figures, never against an earlier answer.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import { HEADLINES } from '#simulation/answers/headlines';
import { projectRoot } from '#platform/project-root';

const MAIN = join(projectRoot, 'dist/apps/cli/src/main.js');

const DAYS = `
wayfareScenario: 1
name: three-days
title: Three days of Thais in Japan
extends: thailand-japan
period: { from: 2025-03-03, to: 2025-03-05 }
# As many shops as there must be, and no millions of them: a world is then made at once.
acceptance: { merchants: { JP: { value: 3000, because: The test has no time for more } } }
`;
const figure = (value: number): string =>
  `{ value: ${String(value)}, because: the test asks for it }`;

const OTHERS: Readonly<Record<string, string>> = {
  'again.yaml': 'name: again\ntitle: The same days again\n',
  'more-wallets.yaml': `name: more-wallets
title: Two wallets more
wallets:
  joining:
    - { id: new_pay, name: New Pay, origin: TH, currency: THB, joins: 2025-03-03, wishPercent: ${figure(6)}, cannibalisationPercent: ${figure(30)}, destinations: [JP] }
    - { id: other_pay, name: Other Pay, origin: TH, currency: THB, joins: 2025-03-03, wishPercent: ${figure(3)}, cannibalisationPercent: ${figure(30)}, destinations: [JP] }
`,
  'weak-yen.yaml': `name: weak-yen
title: The yen falls 8 %
shocks:
  add:
    - { kind: rate, currency: JPY, percent: ${figure(-8)}, from: 2025-03-03, to: 2025-03-05 }
`,
};

// A process each, on machines that do other things too.
jest.setTimeout(90_000);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayfare-experiments-'));
  writeFileSync(join(folder, 'days.yaml'), DAYS);
  for (const [file, text] of Object.entries(OTHERS)) {
    const extended = `wayfareScenario: 1\nextends: days.yaml\n${text}`;
    writeFileSync(join(folder, file), extended);
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const program = promisify(execFile);

/** In a process of its own: kernels are many times slower in the test runner's. */
async function text(...words: string[]): Promise<string> {
  const args = [MAIN, 'sim', ...words, '--progress', 'none'];
  const env = { ...process.env, NO_COLOR: '1', INIT_CWD: '' };
  const { stdout, stderr } = await program(process.execPath, args, { cwd: folder, env });
  expect(stderr).toBe('');
  return stdout;
}

async function json<Answer>(...words: string[]): Promise<Answer> {
  return JSON.parse(await text(...words, '--json')) as Answer;
}

interface Compared {
  readonly headlines: readonly {
    readonly headline: { readonly id: string };
    readonly paired: {
      readonly base: number;
      readonly other: number;
      readonly difference: { readonly mean: number; readonly halfWidth: number | null };
      readonly correlation: number | null;
      readonly verdict: string;
    };
  }[];
  readonly differences: readonly { readonly path: string }[];
  readonly plan: { readonly steps: readonly { readonly addsUsd: number }[] } | null;
}
const compare = (other: string, ...words: string[]): Promise<Compared> =>
  json<Compared>('compare', 'days.yaml', other, '--fidelity', 'fluid', ...words);

const changeOf = ({ headlines }: Compared, id: string): number =>
  headlines.find(({ headline }) => headline.id === id)?.paired.difference.mean ?? NaN;

describe('sim compare', () => {
  it('finds nothing at all between a scenario and itself', async () => {
    const { headlines, differences } = await compare('again.yaml');
    expect(headlines.map(({ headline }) => headline.id)).toEqual(HEADLINES.map(({ id }) => id));
    for (const { headline, paired } of headlines) {
      expect({ id: headline.id, ...paired }).toMatchObject({ verdict: 'same' });
      expect(paired.difference.mean).toBe(0);
    }
    expect(differences).toEqual([]);
    const told = await text('compare', 'days.yaml', 'again.yaml', '--fidelity', 'fluid');
    expect(told).toContain('they are one scenario');
  });

  it('never loses reach by more wallets, and plans which of them first', async () => {
    const more = await compare('more-wallets.yaml');
    expect(changeOf(more, 'valueUsd')).toBeGreaterThan(0);
    expect(changeOf(more, 'payments')).toBeGreaterThan(0);
    expect(changeOf(more, 'spendingSharePercent')).toBeGreaterThan(0);
    // The one that twice as many would like to pay with is worth more, whatever the figures.
    const steps = more.plan?.steps ?? [];
    expect(steps).toHaveLength(2);
    expect(steps[0]?.addsUsd).toBeGreaterThan(steps[1]?.addsUsd ?? Infinity);
    const told = await text('compare', 'days.yaml', 'more-wallets.yaml', '--fidelity', 'fluid');
    expect(told).toMatch(/Which of them first:[^]*New Pay[^]*Other Pay/);
  });

  it('is surer of a difference than of two runs apart, since the same travellers meet in both', async () => {
    const played = await json<Compared>(
      ...['compare', 'days.yaml', 'weak-yen.yaml', '--reps', '4', '--jobs', '1'],
    );
    expect(played.differences.map(({ path }) => path).join()).toContain('shocks');
    for (const id of ['payments', 'valueUsd']) {
      const one = played.headlines.find(({ headline }) => headline.id === id)?.paired;
      // Var(a - b) = Var(a) + Var(b) - 2 Cov(a, b): below the sum for any correlation above 0.
      expect(one?.correlation).toBeGreaterThan(0.3);
      expect(one?.difference.halfWidth).toBeGreaterThan(0);
    }
  });
});

interface Swept {
  readonly points: readonly {
    readonly at: Readonly<Record<string, number>>;
    readonly headlines: Readonly<Record<string, number>>;
  }[];
}

describe('sim sweep', () => {
  it('moves each figure the way it must go', async () => {
    const { points } = await json<Swept>(
      ...['sweep', 'days.yaml', '--set', 'acceptance.scalePercent=60..100:2'],
      ...['--set', 'fx.markupBps=20..100:2'],
    );
    expect(points.map(({ at }) => Object.values(at))).toEqual([
      [60, 20],
      [60, 100],
      [100, 20],
      [100, 100],
    ]);
    const column = (id: string, markup: number): number[] =>
      points
        .filter(({ at }) => at['fx.markupBps'] === markup)
        .map(({ headlines }) => headlines[id] ?? NaN);
    const rises = (values: number[]): boolean =>
      values.every((value, i) => i === 0 || value > (values[i - 1] ?? Infinity));
    // More shops that take wallets: more is paid, and less is left on the table.
    expect(rises(column('valueUsd', 20))).toBe(true);
    expect(rises(column('acceptanceGapUsd', 20).reverse())).toBe(true);
    // A wider margin is a wider margin, wherever shops are.
    for (const i of [0, 1]) {
      expect(column('fxMarginUsd', 100)[i]).toBeGreaterThan(column('fxMarginUsd', 20)[i] ?? NaN);
    }
  });

  it('prints a table for persons and RFC 4180 for sheets', async () => {
    const words = [
      'sweep',
      'days.yaml',
      '--set',
      'fees.mdrBps=150..200:2',
      '--headline',
      'payments',
    ];
    const shown = await text(...words);
    expect(shown).toMatch(/^Three days of Thais in Japan, played fluid\n/);
    expect(shown).toMatch(/fees\.mdrBps +Payments\n +150 +[\d,.]+ ?\w*\n +200 +[\d,.]+ ?\w*\n$/);
    const csv = await text(...words, '--csv');
    const lines = csv.split('\r\n');
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(3);
    const widths = lines.map((line) => line.split(',').length);
    expect(new Set(widths)).toEqual(new Set([1 + 2 * HEADLINES.length]));
  });
});

interface Swung {
  readonly remarks: readonly string[];
  readonly stated: number;
  readonly bars: readonly { path: string; low: number; high: number; reach: number }[];
  readonly idle: readonly string[];
}

describe('sim tornado', () => {
  it('ranks by reach, and knows what cannot matter', async () => {
    const few = ['--set', 'corridors.origins=TH'];
    const { bars, idle, stated, remarks } = await json<Swung>('tornado', 'days.yaml', ...few);
    const reaches = bars.map(({ reach }) => reach);
    expect(reaches).toEqual([...reaches].sort((a, b) => b - a));
    expect(stated).toBeGreaterThan(0);
    const paths = bars.map(({ path }) => path);
    expect(paths).toContain('wallets.wishPercentByOrigin.TH');
    // What merchants pay moves money between parties and no purchase.
    expect(idle).toContain('fees.mdrBps');
    expect(paths).not.toContain('fees.mdrBps');
    expect(idle).toContain('wallets.wishPercentByOrigin.KR');
    // A tenth more than 92 % is more than all: that it counts as all is said.
    expect(remarks.join()).toMatch(/Acceptance in convenience_store would come to 10\d\.\d %/);
  });
});

describe('Ctrl-C', () => {
  it('ends an experiment with 130 and no half of an answer', async () => {
    const words = [MAIN, 'sim', 'tornado', 'days.yaml', '--progress', 'json'];
    const env = { ...process.env, NO_COLOR: '1', INIT_CWD: '' };
    const child = spawn(process.execPath, words, { cwd: folder, env });
    let [data, talk] = ['', ''];
    let isStopped = false;
    child.stdout.on('data', (chunk: Buffer) => (data += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      talk += chunk.toString();
      if (isStopped || !talk.includes('figure 1 of')) return;
      isStopped = true;
      child.kill('SIGINT');
    });
    const status = await new Promise((done) => child.on('close', done));
    expect({ status, data }).toEqual({ status: 130, data: '' });
    expect(talk).toContain('interrupted; an experiment is only told as a whole');
  });
});

interface Planned {
  readonly best: {
    readonly steps: readonly { id: string; cost: number }[];
    readonly addsUsd: number;
  };
  readonly bySize: { readonly addsUsd: number };
  readonly steps: readonly {
    readonly candidate: { readonly kind: string };
    readonly addsUsd: number;
    readonly lowUsd: number;
    readonly highUsd: number;
    readonly reason: string;
  }[];
}

describe('sim plan', () => {
  it('chooses a set that taking the largest one by one would not better, within what it may cost', async () => {
    const plan = await json<Planned>('plan', 'days.yaml', '--pick', '3', '--budget', '6');
    expect(plan.best.steps.length).toBeLessThanOrEqual(3);
    expect(plan.best.steps.length).toBeGreaterThan(0);
    expect(plan.best.steps.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThanOrEqual(6);
    expect(plan.best.addsUsd).toBeGreaterThanOrEqual(plan.bySize.addsUsd);
    for (const { addsUsd, lowUsd, highUsd, reason } of plan.steps) {
      expect(addsUsd).toBeGreaterThanOrEqual(0);
      expect(lowUsd).toBeLessThanOrEqual(highUsd);
      expect(reason.length).toBeGreaterThan(10);
    }
  });

  it('looks only at the kinds that are asked for', async () => {
    const { steps } = await json<Planned>('plan', 'days.yaml', '--kinds', 'wallet');
    expect(new Set(steps.map(({ candidate }) => candidate.kind))).toEqual(new Set(['wallet']));
  });
});

interface Designs {
  readonly rates: string;
  readonly designs: readonly {
    readonly title: string;
    readonly liquidityUsd: number;
    readonly liquidityLowerUsd: number;
    readonly liquidityUpperUsd: number;
    readonly nettingPercent: number;
  }[];
}

describe('sim whatif', () => {
  it('puts every design between the bounds of liquidity', async () => {
    const { designs, rates } = await json<Designs>(...['whatif', 'days.yaml', '--shock', 'JPY=-8']);
    expect(rates).toContain('JPY=-8 %');
    expect(designs.length).toBeGreaterThan(5);
    for (const { title, liquidityUsd, liquidityLowerUsd, liquidityUpperUsd } of designs) {
      const within =
        liquidityLowerUsd <= liquidityUsd * (1 + 1e-9) &&
        liquidityUsd <= liquidityUpperUsd * (1 + 1e-9);
      expect({ title, within }).toEqual({ title, within: true });
    }
    const told = await text('whatif', 'days.yaml');
    for (const { title } of designs) expect(told).toContain(title);
  });
});
