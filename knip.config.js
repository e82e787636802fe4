/**
 * Finds files, exports and packages that nothing uses. It follows the import map into the build
 * and from there back to the sources, by `rootDir` and `outDir` of tsconfig.json.
 */
export default {
  entry: [
    'scripts/*.mjs',
    'apps/*/src/main.ts',
    'bench/main.ts',
    'bench/soak/main.ts',
    // Started as processes of their own.
    'bench/payments/*-process.ts',
    // Started as threads.
    'libs/*/src/**/*-thread.ts',
    'tools/**/generate*.ts',
    // Run by hand when published tables change.
    'tools/demand/convert-figures.mjs',
    'test/lint/lint-snippets.mjs',
    'tools/lint/import-map-resolver.cjs',
    '**/*.spec.ts',
    // A folder's index is its public face, whoever looks at it already.
    'libs/*/src/*/index.ts',
  ],
  project: ['{apps,libs,bench,tools,test}/**/*.{ts,mjs,cjs}', 'scripts/**/*.mjs', '*.{mjs,js}'],
  ignoreExportsUsedInFile: true,
  ignoreIssues: {
    // The wire's vocabulary is whole by its own measure: what partners may send, not what we read.
    'libs/contracts/**': ['types', 'duplicates'],
  },
  // A second opinion on XML, used where the machine has it.
  ignoreBinaries: ['xmllint'],
  ignoreDependencies: [
    // Run by its path from scripts/check.mjs.
    'prettier',
    // Loaded by name in bench/qr.ts, because they have no types.
    '@walletfactory/emvqr',
    'emvqr',
    'steplix-emvqr',
  ],
};
