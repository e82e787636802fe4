// Goal: the walls stand. A lint rule with a mistyped selector stays silent and green, so the
// linter itself is tested: it is fed texts that must be refused, and texts that must pass.
// Method: one linter process with the project's own configuration reads every snippet as if it
// stood at the given path; each case names the rule that has to speak.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

interface Case {
  readonly why: string;
  readonly path: string;
  readonly code: string;
  readonly rule: string | undefined;
  readonly typed?: boolean;
}

const WALL = 'boundaries/dependencies';
const uses = (specifier: string): string =>
  `import { y } from '${specifier}';\nexport const x = y;\n`;
const refuse = (why: string, path: string, code: string, rule: string): Case => ({
  why,
  path,
  code,
  rule,
});
const pass = (why: string, path: string, code: string): Case => ({
  why,
  path,
  code,
  rule: undefined,
});

const rulesPath = 'libs/domain/src/some-rule.ts';
const IMPURE = 'no-restricted-imports';
const GLOBAL = 'no-restricted-globals';
const SYNTAX = 'no-restricted-syntax';

const PURITY: readonly Case[] = [
  refuse('the rules read no files', rulesPath, uses('node:fs'), IMPURE),
  refuse('the rules use no package', rulesPath, uses('zod'), IMPURE),
  refuse('the rules know no platform', rulesPath, uses('#platform/clock'), IMPURE),
  refuse('climbing out of the rules', rulesPath, uses('../../platform/src/clock.js'), WALL),
  refuse('no clock', rulesPath, 'export const x = (): number => Date.now();\n', GLOBAL),
  refuse(
    'no clock by another door',
    rulesPath,
    'export const x = new globalThis.Date();\n',
    GLOBAL,
  ),
  refuse(
    'no timer',
    rulesPath,
    'export const x = (): unknown => setTimeout(() => 1, 1);\n',
    GLOBAL,
  ),
  refuse('no network', rulesPath, "export const x = (): unknown => fetch('http://a');\n", GLOBAL),
  refuse('no environment', rulesPath, 'export const x = process.env;\n', GLOBAL),
  refuse(
    'no chance',
    rulesPath,
    'export const x = (): number => Math.random();\n',
    'no-restricted-properties',
  ),
  refuse('no waiting', rulesPath, 'export const x = async (): Promise<number> => 1;\n', SYNTAX),
  refuse('no loading', rulesPath, "export const x = (): unknown => import('./y.js');\n", SYNTAX),
  refuse(
    'no throwing',
    rulesPath,
    "export function x(): never { throw new Error('n'); }\n",
    SYNTAX,
  ),
  refuse(
    'the simulation is as pure as the rules',
    'libs/simulation/src/kernel.ts',
    'export const x = (): number => Date.now();\n',
    GLOBAL,
  ),
  refuse('a contract knows no database', 'libs/contracts/src/pay.ts', uses('typeorm'), IMPURE),
  pass('a contract is Zod', 'libs/contracts/src/pay.ts', "export { z } from 'zod';\n"),
  pass('invariant alone throws', 'libs/domain/src/invariant.ts', "throw new Error('n');\n"),
  pass('the rules use each other', rulesPath, uses('./money.js')),
  pass('a test of the rules may read a file', 'libs/domain/src/a.spec.ts', uses('node:fs')),
];

const feature = 'libs/payments/src/pay.service.ts';
const EDGES: readonly Case[] = [
  refuse('payments come before clearing', feature, uses('#clearing'), WALL),
  refuse('a wallet knows no payment', 'libs/wallets/src/a.ts', uses('#payments'), WALL),
  refuse('a type is an import too', feature, "export type { Y } from '#clearing';\n", WALL),
  refuse('so is passing it on', feature, "export * from '#clearing';\n", WALL),
  refuse('so is loading it late', feature, "export const x = import('#clearing');\n", WALL),
  refuse('a feature has one door', feature, uses('../../ledger/src/posting.js'), WALL),
  refuse('test tools stay in tests', feature, uses('#testkit/database'), WALL),
  refuse('no feature knows an app', feature, uses('../../../apps/hub/src/index.js'), WALL),
  refuse('a test keeps to the edges', 'libs/wallets/src/a.spec.ts', uses('#payments'), WALL),
  refuse('the platform knows no feature', 'libs/platform/src/a.ts', uses('#ledger'), WALL),
  refuse('partners see only the wire', 'apps/sandbox/src/a.ts', uses('#ledger'), WALL),
  refuse(
    'the hub starts no sandbox',
    'apps/hub/src/a.ts',
    uses('../../sandbox/src/index.js'),
    WALL,
  ),
  refuse('an app has one door', 'apps/cli/src/a.ts', uses('../../hub/src/inner.js'), WALL),
  refuse(
    'a new library must be named',
    'libs/new/src/a.ts',
    'export {};\n',
    'boundaries/no-unknown-files',
  ),
  refuse('no loop in disguise', feature, "export { forwardRef } from '@nestjs/common';\n", IMPURE),
  pass('what the table allows', feature, uses('#ledger')),
  pass('the foundation', feature, uses('#domain/money') + "export * from '#platform/clock';\n"),
  pass('packages and neighbours', feature, uses('pg') + "export * from './refund.js';\n"),
  pass('a test takes the test tools', 'libs/payments/src/a.spec.ts', uses('#testkit/database')),
  pass('the command line starts the hub', 'apps/cli/src/a.ts', uses('../../hub/src/index.js')),
];

const lines = (count: number): string => 'export {};\n'.repeat(count);
const longFunction = `export function x(): void {\n${'  // one more\n'.repeat(70)}}\n`;
const real = 'libs/domain/src/money.ts';
const HABITS: readonly Case[] = [
  refuse('files stay under 400 lines', feature, lines(401), 'max-lines'),
  pass('a file of 400 lines', feature, lines(400)),
  refuse('functions stay under 70 lines', feature, longFunction, 'max-lines-per-function'),
  refuse('the logger speaks, not the console', feature, "console.log('x');\n", 'no-console'),
  {
    ...refuse(
      'every case of a union is met',
      real,
      "export const x = (a: 'a' | 'b'): number => { switch (a) { case 'a': return 1; } return 2; };\n",
      '@typescript-eslint/switch-exhaustiveness-check',
    ),
    typed: true,
  },
  {
    ...refuse(
      'no promise is dropped',
      'libs/domain/src/ids.ts',
      'const f = async (): Promise<void> => { await Promise.resolve(); };\nf();\n',
      '@typescript-eslint/no-floating-promises',
    ),
    typed: true,
  },
];

const CASES: readonly Case[] = [...PURITY, ...EDGES, ...HABITS];
let answers: readonly (readonly string[])[] = [];

beforeAll(() => {
  const output = execFileSync(process.execPath, ['test/lint/lint-snippets.mjs'], {
    cwd: root,
    input: JSON.stringify(CASES),
    encoding: 'utf8',
  });
  answers = JSON.parse(output) as string[][];
}, 60_000);

describe('the linter', () => {
  it.each(CASES.map((testCase, at) => ({ ...testCase, at })))('$path: $why', ({ rule, at }) => {
    const spoken = answers[at];
    expect(spoken).toBeDefined();
    if (rule === undefined) expect(spoken).toEqual([]);
    else expect(spoken).toContain(rule);
  });
});

describe('the table of edges', () => {
  // Goal: no loops, whatever is added. Method: take away libraries that import nothing left, until
  // none can be taken; what then remains is a loop.
  it('has no loop', async () => {
    const edgesFile = new URL('../tools/lint/edges.mjs', import.meta.url).href;
    const { LIBRARY_EDGES } = (await import(edgesFile)) as {
      LIBRARY_EDGES: Readonly<Record<string, readonly string[]>>;
    };
    let left = Object.keys(LIBRARY_EDGES);
    expect(left.length).toBeGreaterThan(10);
    for (let before = -1; before !== left.length;) {
      before = left.length;
      left = left.filter((name) => LIBRARY_EDGES[name]?.some((below) => left.includes(below)));
    }
    expect(left).toEqual([]);
  });
});
