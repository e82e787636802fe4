/**
 * The rules of the scheme must give the same answer in the hub, in the simulator and in a replay a
 * year later. So the pure libraries get time, ids and chance as arguments, and the names by which
 * they could reach for the world themselves do not exist there.
 */

const SPECS = ['**/*.spec.ts'];

const WORLD = {
  Date: 'Take `now` as an argument.',
  performance: 'Take `now` as an argument.',
  setTimeout: 'Return an instruction with a due time instead.',
  setInterval: 'Return an instruction with a due time instead.',
  setImmediate: 'Rules are synchronous.',
  queueMicrotask: 'Rules are synchronous.',
  Promise: 'Rules are synchronous.',
  fetch: 'Return an instruction; the caller carries it out.',
  process: 'Take configuration as an argument.',
  globalThis: 'It is a way around this very rule.',
  global: 'It is a way around this very rule.',
  crypto: 'Take ids and chance as arguments.',
  console: 'Return what is worth saying.',
  Buffer: 'Use Uint8Array: the rules also run in a browser.',
  require: 'Import at the top of the file.',
  Intl: 'Its answers change with the machine it runs on.',
  parseFloat: 'Amounts and rates are read as exact integers.',
};

const PROPERTIES = [
  { object: 'Math', property: 'random', message: 'Take chance as an argument.' },
  { property: 'toLocaleString', message: 'Its answer changes with the machine it runs on.' },
  { property: 'localeCompare', message: 'Its answer changes with the machine it runs on.' },
];

const ASYNC = 'Rules are synchronous: gather before, commit after.';
const SYNTAX = [
  { selector: ':function[async=true]', message: ASYNC },
  { selector: 'AwaitExpression', message: ASYNC },
  { selector: 'ForOfStatement[await=true]', message: ASYNC },
  { selector: 'ImportExpression', message: 'Import at the top of the file.' },
  { selector: 'MetaProperty[meta.name="import"]', message: 'A rule has no place on a disk.' },
];
const THROW = {
  selector: 'ThrowStatement',
  message: 'Return a rejection; only invariant() may throw, and only for a bug.',
};

const pure = (library, allowed) => ({
  files: [`libs/${library}/src/**/*.ts`],
  ignores: SPECS,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(?!\\.{1,2}/|${allowed.join('|')})`,
            message: `${library} imports nothing outside the rules.`,
          },
        ],
      },
    ],
    'no-restricted-globals': [
      'error',
      ...Object.entries(WORLD).map(([name, message]) => ({ name, message })),
    ],
    'no-restricted-properties': ['error', ...PROPERTIES],
    'no-restricted-syntax': ['error', ...SYNTAX, THROW],
  },
});

export const pureLibraries = [
  pure('domain', ['#domain/']),
  pure('simulation', ['#domain/', '#simulation/']),
  {
    files: ['libs/domain/src/invariant.ts'],
    rules: { 'no-restricted-syntax': ['error', ...SYNTAX] },
  },
  {
    files: ['libs/contracts/src/**/*.ts'],
    ignores: SPECS,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\.{1,2}/|#domain/|#contracts/|zod$)',
              message: 'A contract is a Zod schema over the domain, and nothing else.',
            },
          ],
        },
      ],
    },
  },
];
