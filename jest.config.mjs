import { existsSync, readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));

/**
 * Two kinds of suites, told apart by file name:
 * `*.spec.ts` needs nothing but Node; `*.live.spec.ts` needs a PostgreSQL server, which the
 * runner in scripts/test.mjs starts and hands over in WAYFARE_TEST_DATABASE_URL.
 */
const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['wayfare:source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    // The real module is named by its path with `.js`, which must stay as it is.
    '^(\\.{1,2}/(?!node_modules/).*)\\.js$': '$1',
    '^fast-check$': '<rootDir>/test/seeded-fast-check.mjs',
  },
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, sourceMaps: 'inline' }] },
  // Jest refuses a root that is absent, and git keeps no empty folder.
  roots: ['apps', 'libs', 'test', 'bench', 'tools']
    .filter((folder) => existsSync(new URL(`./${folder}`, import.meta.url)))
    .map((folder) => `<rootDir>/${folder}`),
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.wayfare/'],
};

export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.live\\.spec\\.ts$', '/node_modules/'],
    },
    {
      ...shared,
      displayName: 'live',
      testMatch: ['**/*.live.spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/patience.mjs'],
    },
  ],
};
