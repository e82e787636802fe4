// Goal: what is committed belongs to the product: no trace of the machine it was written on, no
// giant files, no drawer for things without a name.
// Method: read every tracked text file. Patterns are put together from pieces, so that this file
// does not find itself.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

const isTracked = existsSync(join(root, '.git'));
const tracked = isTracked
  ? execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
      .split('\0')
      .filter((path) => path !== '' && existsSync(join(root, path)))
  : [];
// A release archive has no list of tracked files; then there is nothing to hold against the rules.
const ifTracked = isTracked ? it : it.skip;

const BINARY = /\.(png|jpe?g|gif|ico|woff2?|pdf|wasm|gz)$/;
const texts = tracked
  .filter((path) => !BINARY.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** `path:line: text` of every line that matches. */
function findings(files: typeof texts, pattern: RegExp): string[] {
  return files.flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, at) => ({ line, at }))
      .filter(({ line }) => pattern.test(line))
      .map(({ line, at }) => `${path}:${at + 1}: ${line.trim().slice(0, 120)}`),
  );
}

const literally = (path: string): string => path.replace(/[^\w/]/g, '\\$&');
const either = (...pieces: readonly (readonly string[])[]): RegExp =>
  new RegExp(pieces.map((piece) => piece.join('')).join('|'), 'i');

interface Rule {
  readonly what: string;
  readonly within?: RegExp;
  readonly pattern: RegExp;
  /** Lines the rule must notice: an alarm that never rang is no alarm. */
  readonly planted: readonly string[];
  readonly harmless: readonly string[];
}

const RULES: readonly Rule[] = [
  {
    what: 'name no folder of the machine they were written on',
    pattern: new RegExp(
      [
        // Wherever this checkout stands, nothing in it may know.
        `(?<![\\w.])${literally(root.replace(/\/$/, ''))}\\b`,
        `(?<![\\w.])${literally(join(root, '../shared'))}\\b`,
        '(?<![\\w.])/ho' + 'me/\\w',
        '(?<![\\w.])/ro' + 'ot/',
        '(?<![\\w.])/Us' + 'ers/\\w',
        '[A-Z]:\\\\Us' + 'ers',
      ].join('|'),
    ),
    planted: [`see ${root}x`, "'/ho" + "me/ann/x'", '/ro' + 'ot/.npm', '/Us' + 'ers/ann'],
    harmless: ['apps/home/index.ts', '../root/x'],
  },
  {
    what: 'tell readers of no throw-away folder',
    within: /\.md$/,
    pattern: either(['(?<![\\w.])/t', 'mp/']),
    planted: ['look into /t' + 'mp/out.json'],
    harmless: ['a template folder'],
  },
  {
    what: 'name no download host',
    pattern: either(['regis', 'try\\.npm'], ['npm', 'mirror'], ['regis', 'try\\.yarnpkg']),
    planted: ['https://regis' + 'try.npmjs.org/x'],
    harmless: ['the npm registry'],
  },
  {
    what: 'say nothing of how they were written',
    pattern: either(
      ['\\bthis ses', 'sion\\b(?! token)'],
      ['\\blanguage mo', 'del\\b'],
      ['\\bsub-?ag', 'ent\\b'],
      ['\\bas an A', 'I\\b'],
    ),
    planted: ['done in this ses' + 'sion', 'a sub' + 'agent wrote it'],
    harmless: ['the session token', 'an agent pays'],
  },
  {
    what: 'leave nothing half done',
    // In capitals only: `todo` in small letters is a word of the test runner. The third mark is a
    // currency code too, so it counts with its colon alone.
    pattern: new RegExp(['\\bTO', 'DO\\b|\\bFIX', 'ME\\b|\\bX', 'XX:'].join('')),
    planted: ['// TO' + 'DO later', '# FIX' + 'ME'],
    harmless: ['todos', "currency 'XXX'"],
  },
  {
    what: 'hold no switched-off or narrowed test',
    within: /\.spec\.ts$/,
    pattern: either(['\\b(it|test|describe)\\.', 'only\\('], ['\\bx', '(it|describe)\\(']),
    planted: ['it.on' + "ly('a')", 'xde' + "scribe('a')"],
    harmless: ['exit(1)', "it('only once')"],
  },
];

describe('the rules below', () => {
  it.each(RULES)('notice what they are for: $what', ({ pattern, planted, harmless }) => {
    expect(planted.filter((line) => !pattern.test(line))).toEqual([]);
    expect(harmless.filter((line) => pattern.test(line))).toEqual([]);
  });
});

describe('tracked files', () => {
  ifTracked('are found at all', () => {
    expect(tracked.length).toBeGreaterThan(20);
    expect(findings(texts, /"name": "wayfare"/).length).toBeGreaterThan(0);
  });

  ifTracked.each(RULES)('$what', ({ pattern, within = /./ }) => {
    const files = texts.filter(({ path }) => within.test(path));
    expect(files.length).toBeGreaterThan(0);
    expect(findings(files, pattern)).toEqual([]);
  });

  ifTracked('stay under 400 lines where people write them', () => {
    const written = texts.filter(
      ({ path }) => /\.(ts|mjs|cjs|sql|sh|css|svelte)$/.test(path) || path === '.ci/run',
    );
    expect(written.length).toBeGreaterThan(10);
    const long = written
      .map(({ path, text }) => ({ path, lines: text.replace(/\n$/, '').split('\n').length }))
      .filter(({ lines }) => lines > 400)
      .map(({ path, lines }) => `${path}: ${lines} lines`);
    expect(long).toEqual([]);
  });

  ifTracked('are named for what they hold', () => {
    const drawers =
      /^(utils?|helpers?|common|misc|shared|types)\b|manager|[-.](utils?|helpers?)\./i;
    expect(
      tracked.filter((path) => /\.(ts|mjs|cjs)$/.test(path) && drawers.test(basename(path))),
    ).toEqual([]);
  });

  ifTracked('are written in kebab-case', () => {
    const sources = tracked.filter((path) => /^(apps|libs|bench|tools|test|scripts)\//.test(path));
    const odd = sources.filter((path) => !/^[a-z0-9.]+(-[a-z0-9.]+)*$/.test(basename(path)));
    expect(odd).toEqual([]);
  });

  ifTracked('hold migrations that say why', () => {
    const migrations = texts.filter(({ path }) => /^libs\/\w+\/migrations\//.test(path));
    expect(
      migrations.filter(({ text }) => !/^-- [A-Z].{15,}/.test(text)).map((m) => m.path),
    ).toEqual([]);
    expect(
      migrations.map((m) => basename(m.path)).filter((n) => !/^\d{12}-[a-z0-9-]+\.sql$/.test(n)),
    ).toEqual([]);
  });
});
