// Goal: the list of parts not built yet tells the truth and ends empty.
// Method: look whether an awaited part is there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERBS } from '../apps/cli/src/verbs.js';
import { AWAITED_FILES, AWAITED_VERBS } from './awaited.js';

const root = fileURLToPath(new URL('../', import.meta.url));

it('nothing is awaited that has arrived', () => {
  expect(AWAITED_FILES.filter((path) => existsSync(join(root, path)))).toEqual([]);
  expect(AWAITED_VERBS.filter((name) => VERBS.some((verb) => verb.name === name))).toEqual([]);
});
