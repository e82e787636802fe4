// Goal: the page of a run can be mailed to somebody offline: nothing in it comes from elsewhere, every
// picture has words and numbers, colours can be told apart, nothing is cut off.
// Method: the small world is played by the fluid kernel and answered for real; the page is read as
// text, its colours are measured by the contrast formula of WCAG 2, and, where Chromium is at hand, it
// is laid out at the width of a desk and of a telephone, and every label is measured.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersOf } from '#simulation/answers/answers-of';
import { comparePlays } from '#simulation/experiments/compare-plays';
import { playFluid } from '#simulation/fluid/play-fluid';
import { pretendParts, pretendScenario } from '#testkit/pretend-run';
import { smallWorld } from '#testkit/small-world';
import { playRun } from '../runs/run-scenario.js';
import type { PlayedRun } from '../runs/simulation-run.js';
import type { Explanation } from '../scenario-files/explain/explain-scenario.js';
import { reportPage, type Report } from './report-page.js';
import { STYLE } from './style.js';

async function played(title: string, replications = 2): Promise<PlayedRun> {
  const parts = pretendParts({
    compile: () => ({ world: smallWorld(), remarks: ['Nobody is known to come from <XX>.'] }),
    play: (world, options) => {
      for (let index = 0; index < options.count; index++) {
        const { totals } = playFluid(world);
        // Replications that differ a little, so that intervals have a width.
        for (const column of [totals.money, totals.outcomes, totals.outcomeMinor]) {
          column.forEach((value, at) => (column[at] = value * (1 + index / 100)));
        }
        options.onReplication(options.first + index, totals);
      }
      return Promise.resolve();
    },
    answer: (world, totals, watch) => answersOf(world, totals, watch),
  });
  return playRun(
    {
      scenario: pretendScenario({ title }),
      seed: 7,
      fidelity: 'fast',
      replications,
      untilRelativeError: null,
      mostReplications: 2,
      assumptionDraws: 0,
    },
    {},
    parts,
    '1.0.0',
  );
}

const EXPLANATION: Explanation = {
  name: 'pretend',
  title: 'A fortnight',
  description: 'Thais & Koreans in <Japan>.',
  extends: 'base',
  assumptions: [
    {
      group: 'Rates',
      path: 'fx.markupBps',
      sentence: 'The hub marks rates up by 50 basis points.',
      figure: { value: 50, range: { low: 20, high: 90 }, because: 'as seen', quality: 'estimated' },
      differs: true,
      used: true,
    },
    {
      group: 'Wallets',
      path: 'wallets.weights.unused',
      sentence: 'Never told.',
      figure: null,
      differs: false,
      used: false,
    },
  ],
  sources: [
    {
      id: 'jnto',
      what: 'Arrivals',
      quality: 'measured',
      asOf: '2025-01',
      url: 'https://example.org/a?b=1&c=2',
    },
  ],
};

let run: PlayedRun;
let full: Report;
beforeAll(async () => {
  run = await played('Thailand & Korea <to> "Japan"');
  const other = new Map([...run.samples].map(([id, values]) => [id, values.map((v) => v * 1.1)]));
  full = {
    played: run,
    explanation: EXPLANATION,
    comparison: { title: 'Ten more', headlines: comparePlays(run.samples, other) },
    tornado: {
      headline: 'valueUsd',
      stated: 100,
      bars: [
        {
          path: 'fx.markupBps',
          stated: 50,
          low: 20,
          high: 90,
          by: 'range',
          atLow: 120,
          atHigh: 70,
          reach: 50,
        },
        {
          path: 'fees.mdrBps',
          stated: 180,
          low: 162,
          high: 198,
          by: 'tenth',
          atLow: 99,
          atHigh: 101,
          reach: 2,
        },
      ],
    },
  };
});

const FIGURES = [
  'differences',
  'flows',
  'funnel',
  'year',
  'revenue',
  'costs',
  'tornado',
  'exposure',
  'liquidity',
];

describe('the page of a run', () => {
  it('needs nothing that is not in it', () => {
    const page = reportPage(full);
    expect(page.startsWith('<!doctype html>')).toBe(true);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\ssrc=|javascript:/i);
    // What a reader may follow, and nothing that a browser fetches by itself.
    const addresses = page.match(/https?:[^"<\s]+/g) ?? [];
    expect(new Set(addresses)).toEqual(new Set(['https://example.org/a?b=1&amp;c=2']));
  });

  it('says what names say, and never as markup', () => {
    const page = reportPage(full);
    expect(page).toContain('Thailand &amp; Korea &lt;to&gt; &quot;Japan&quot;');
    expect(page).toContain('come from &lt;XX&gt;');
    expect(page).not.toMatch(/<(to|XX|Japan)>/);
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('has a title, a sentence and a table for every picture', () => {
    const page = reportPage(full);
    expect([...page.matchAll(/<figure id="(\w+)">/g)].map(([, id]) => id)).toEqual(FIGURES);
    for (const [figure] of page.matchAll(/<figure[^]*?<\/figure>/g)) {
      const id = /id="(\w+)"/.exec(figure)?.[1] ?? '';
      expect(figure).toContain(`aria-labelledby="${id}-t ${id}-d"`);
      expect(figure).toMatch(new RegExp(`<title id="${id}-t">[^<]{8,}</title>`));
      expect(figure).toMatch(new RegExp(`<desc id="${id}-d">[^<]{30,}</desc>`));
      expect(figure).toMatch(/<details>[^]*<td /);
    }
  });

  it('shows what the run came to, and what it rests on', () => {
    const page = reportPage(full);
    const payments = run.run.headlines.find(({ id }) => id === 'payments')!;
    const thousands = `${(payments.mean / 1000).toFixed(1)} k`;
    expect(page).toContain(`${thousands} payments worth $`);
    for (const { title } of run.run.headlines) expect(page).toContain(title.replace("'", '’'));
    expect(page).toContain('The hub marks rates up by 50 basis points.');
    expect(page).toContain('Between 20 and 90, 95 times of 100.');
    expect(page).not.toContain('Never told.');
    expect(page).toContain(run.run.resultHash);
    expect(page).toContain('wayfare sim run pretend --seed 7 --reps 2 --fidelity fast');
  });

  it('says that a run was interrupted, and only then', () => {
    expect(reportPage(full)).not.toContain('Interrupted.');
    const partial = { ...run, run: { ...run.run, partial: true, replicationsAsked: 9 } };
    expect(reportPage({ played: partial, explanation: null })).toMatch(
      /Interrupted\.<\/strong> 2 of\s+9 replications/,
    );
  });

  it('is the same bytes for the same run', async () => {
    const again = await played('Thailand & Korea <to> "Japan"');
    expect(reportPage({ ...full, played: again })).toBe(reportPage(full));
  });
});

describe('its colours', () => {
  const scheme = (text: string): ReadonlyMap<string, string> =>
    new Map(
      [...text.matchAll(/--(\w[\w-]*):(#[0-9a-f]{6})/g)].map(([, name, hex]) => [name!, hex!]),
    );
  const [light, dark] = [...STYLE.matchAll(/--paper:#[^}]*?--c6:#[0-9a-f]{6};/g)].map(([text]) =>
    scheme(text),
  );

  it.each([
    ['light', light],
    ['dark', dark],
  ])('stand out in %s', (_, colours) => {
    const contrast = (a: string, b: string): number => {
      const [x, y] = [colours!.get(a)!, colours!.get(b)!].map(luminance).sort((p, q) => q - p);
      return (x! + 0.05) / (y! + 0.05);
    };
    for (const words of ['ink', 'soft', 'accent', 'loss']) {
      for (const ground of ['paper', 'card']) {
        expect([words, ground, contrast(words, ground) >= 4.5]).toEqual([words, ground, true]);
      }
    }
    for (const shape of ['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'accent', 'loss']) {
      expect([shape, contrast(shape, 'paper') >= 3]).toEqual([shape, true]);
    }
    // Words inside bars.
    for (const bar of ['c0', 'c1', 'c2', 'c4']) {
      expect([bar, contrast('paper', bar) >= 4.5]).toEqual([bar, true]);
    }
  });

  it('would not all pass: the measure knows grey from white', () => {
    expect(luminance('#ffffff')).toBeCloseTo(1, 9);
    expect(luminance('#777777')).toBeCloseTo(0.184, 3);
  });
});

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);
if (browser === undefined) console.warn('SKIPPED: the page is not laid out, for want of Chromium');

(browser === undefined ? describe.skip : describe)('in a browser', () => {
  /** Runs in the page: what sticks out of the window, and words that stick out of their picture. */
  const MEASURE = `
    // A small picture rounds its letters up: four points are no cut.
    const out = { wide: document.documentElement.scrollWidth - innerWidth, cut: [], labels: 0 };
    for (const svg of document.querySelectorAll('figure svg')) {
      const box = svg.viewBox.baseVal;
      for (const text of svg.querySelectorAll('text')) {
        const b = text.getBBox();
        out.labels += 1;
        if (b.x < -4 || b.y < -4 || b.x + b.width > box.width + 4 || b.y + b.height > box.height + 4)
          out.cut.push(text.textContent.trim());
      }
    }
    document.title = 'measured ' + JSON.stringify(out);`;

  it.each([1280, 390])(
    'fits a window of %p points',
    (width) => {
      const folder = mkdtempSync(join(tmpdir(), 'wayfare-page-'));
      try {
        const path = join(folder, 'report.html');
        const page = reportPage(full).replace('</body>', `<script>${MEASURE}</script></body>`);
        writeFileSync(path, page);
        const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--dump-dom'];
        const size = `--window-size=${String(width)},900`;
        const profile = `--user-data-dir=${join(folder, 'profile')}`;
        const dom = execFileSync(browser!, [...flags, size, profile, `file://${path}`], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
          timeout: 60_000,
        });
        const found = /<title>measured ([^<]*)<\/title>/.exec(dom)?.[1] ?? '{}';
        const measured = JSON.parse(found) as { wide: number; cut: string[]; labels: number };
        expect(measured.labels).toBeGreaterThan(80);
        expect(measured.cut).toEqual([]);
        expect(measured.wide).toBeLessThanOrEqual(0);
      } finally {
        rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      }
    },
    90_000,
  );
});
