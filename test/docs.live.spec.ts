// Goal: what the pages tell a reader to run against a hub works as they say, and the story in the
// README is the one the product tells.
// Method: a hub is started on an empty database and data folder, and all pages' verbs, curl lines and
// examples run on it in order, as one reader would run them; `<payment id>` is the last payment that
// a command named. Verbs without an end (`start`) are left out, and other gaps (`<file>`) too. The
// story is played again and compared with everything that time and chance decide taken out of both.
import { OFFLINE_VERBS, commandsOf, pages, readPage, verbLine } from './docs/read-docs.js';
import { Machine, type Run } from './docs/started-hub.js';

const SKIPPED_VERBS = ['start', ...OFFLINE_VERBS];
const GAP = '<payment id>';
/** A line of a shown output that stands for others: then it is an excerpt. */
const LEFT_OUT = '…';

const runnable = pages()
  .map((file) => ({
    file,
    lines: commandsOf(file, readPage(file)).filter(({ text }) => runs(text)),
  }))
  .filter(({ lines }) => lines.length > 0);

function runs(text: string): boolean {
  if (/[<>]/.test(text.replaceAll(GAP, ''))) return false;
  const verb = verbLine(text);
  if (verb !== undefined) return !SKIPPED_VERBS.includes(verb[0] ?? '');
  return /^(curl -s |node docs\/examples\/)/.test(text);
}

function runLine(machine: Machine, text: string): Promise<Run> {
  const words = verbLine(text);
  if (words !== undefined) return machine.verb(words);
  // A refusal must not pass for an answer.
  return machine.shell(text.replace(/^curl -s /, 'curl -sf '));
}

/** Every shown line is there, in the shown order. */
function expectExcerpt(stdout: string, shown: string): void {
  const left = stdout.split('\n').map((line) => line.trimEnd());
  for (const line of shown.split('\n').filter((text) => text !== LEFT_OUT)) {
    const at = left.indexOf(line);
    expect({ line, isThere: at >= 0 }).toEqual({ line, isThere: true });
    left.splice(0, at + 1);
  }
}

describe('the commands in the pages', () => {
  it('are looked for in every page', () => {
    expect(runnable.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['README.md', 'docs/operations.md', 'docs/wire.md']),
    );
    const told = runnable.flatMap(({ lines }) => lines.map(({ text }) => text));
    for (const kind of [
      'verify',
      'why <payment id>',
      'curl -s',
      'own-wallet.mjs',
      'own-acquirer.mjs',
    ])
      expect(told.filter((text) => text.includes(kind))).not.toEqual([]);
  });

  describe('on one hub', () => {
    let machine: Machine;
    let payment: string | undefined;
    beforeAll(async () => {
      machine = await Machine.open();
      await machine.start();
    }, 60_000);
    afterAll(() => machine.close());

    for (const { file, lines } of runnable) {
      it(`${file}: all ${lines.length} do as it says`, async () => {
        for (const { text, exits, output } of lines) {
          expect(text.includes(GAP) && payment === undefined).toBe(false);
          const run = await runLine(machine, text.replaceAll(GAP, payment ?? ''));
          payment = /\bpay_[0-9a-z]{26}\b/.exec(run.stdout)?.[0] ?? payment;
          const stderr = run.status === exits ? '' : run.stderr;
          expect({ text, status: run.status, stderr }).toEqual({ text, status: exits, stderr: '' });
          expect(run.stdout).not.toBe('');
          if (output?.includes(`\n${LEFT_OUT}`) === true) expectExcerpt(run.stdout, output);
        }
      }, 240_000);
    }

    it('leave books in which everything holds', async () => {
      expect(await machine.verb(['verify'])).toMatchObject({ status: 0 });
    }, 60_000);

    it('and the metrics of that hub are those of the page', async () => {
      const text = await (await fetch(`${machine.hubUrl}/metrics`)).text();
      const published = [...text.matchAll(/^# TYPE (wayfare_\w+)/gm)].map(([, name]) => name);
      const told = [...readPage('docs/operations.md').matchAll(/^\| `(wayfare_\w+)`/gm)];
      expect(told.map(([, name]) => name).sort()).toEqual(published.sort());
    });
  });
});

describe('the story in the README', () => {
  const shown = /<!-- demo output: begin -->\n\n```text\n([^]*?)\n```\n\n<!-- demo output: end -->/;

  it('is what the demo prints, but for times and ids', async () => {
    const machine = await Machine.open();
    try {
      const told = shown.exec(readPage('README.md'))?.[1] ?? '';
      const run = await machine.verb(['demo']);
      expect(run.status).toBe(0);
      expect(timeless(told).split('\n').length).toBeGreaterThan(40);
      expect(timeless(run.stdout).split('\n')).toEqual(timeless(told).split('\n'));
    } finally {
      await machine.close();
    }
  }, 120_000);

  it('would not pass with another amount', () => {
    const told = shown.exec(readPage('README.md'))?.[1] ?? '';
    expect(timeless(told.replace('THB 243.64', 'THB 243.65'))).not.toBe(timeless(told));
  });
});

/** Without what the clock and chance decide; columns shrink and grow with the milliseconds. */
function timeless(story: string): string {
  return story
    .trim()
    .replace(/\bpay_[0-9a-z]{26}\b/g, 'pay_')
    .replace(/\bcyc_\d{8}\b/g, 'cyc_')
    .replace(/\d\d:\d\d:\d\d UTC/g, 'time')
    .replace(/\bbatch([ -])\d+/g, 'batch$1')
    .replace(/[+]?\b\d+(\.\d+)? ms\b/g, 'ms')
    .replace(/ +/g, ' ')
    .replace(/ $/gm, '');
}
