import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { pureLibraries } from './tools/lint/purity.mjs';
import { walls } from './tools/lint/walls.mjs';

const SPECS = ['**/*.spec.ts', 'libs/testkit/**/*.ts', 'test/**/*.ts'];

/** Every line counts, comments too: what must be scrolled must be read. */
const SIZE = {
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['error', { max: 70 }],
};

const TYPED = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { requireDefaultForNonUnion: true }],
  // Numbers and bigints print the same in every locale; objects and nullish values are the bugs.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  '@typescript-eslint/no-unnecessary-condition': [
    'error',
    { allowConstantLoopConditions: 'only-allowed-literals' },
  ],
  // Nest declares its plain option objects as classes; nobody is meant to construct them.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  // Codes and columns count code points, which is what spreading a string gives.
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  // A Nest module is a class with a decorator and nothing else.
  '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
  ],
  eqeqeq: 'error',
  'no-implicit-coercion': ['error', { boolean: false }],
  'no-restricted-imports': [
    'error',
    {
      paths: [
        {
          name: '@nestjs/common',
          importNames: ['forwardRef'],
          message: 'It hides a loop between modules: move the shared part below both.',
        },
      ],
    },
  ],
};

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.wayfare/', 'apps/dashboard/', '**/*.d.ts']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  { rules: SIZE },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: TYPED,
  },
  {
    files: ['libs/*/src/**/*.ts', 'apps/{hub,clearing,sandbox}/src/**/*.ts'],
    // Standard output belongs to the verb, and records go through the logger.
    rules: { 'no-console': 'error' },
  },
  {
    files: ['**/*.{mjs,cjs,js}'],
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'URL', 'Buffer', 'setTimeout', 'clearTimeout', 'setInterval']
          .concat(['clearInterval', 'setImmediate', 'fetch', 'AbortController', 'AbortSignal'])
          .concat(['performance', 'TextDecoder', 'TextEncoder', 'structuredClone'])
          .map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        require: 'readonly',
        module: 'writable',
        exports: 'writable',
        __dirname: 'readonly',
      },
    },
  },
  ...walls,
  ...pureLibraries,
  {
    files: SPECS,
    rules: {
      // A describe block is a chapter, not a function with one job.
      'max-lines-per-function': 'off',
      // A test says what it knows of its fixtures; a wrong guess fails the test.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
      // `read<Shape>(path)` states what a fixture holds; a cast at every call says no more.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'no-console': 'off',
    },
  },
);
