// Goal: what the pages tell a reader to run against a hub works as they say.
// Method: each page's verbs run in order, on one empty database and data folder for the page, as a
// reader would run them. A verb with a gap to fill (`<payment id>`) or without an end (`start`) is
// left out; the suites of those verbs run them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTestDatabase } from '#testkit/database';
import { OFFLINE_VERBS, commandsOf, pages, readPage, verbLine } from './docs/read-docs.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const SKIPPED_VERBS = ['start', ...OFFLINE_VERBS];

const runnable = pages()
  .map((file) => ({
    file,
    lines: commandsOf(file, readPage(file))
      .map(({ text }) => verbLine(text) ?? [])
      .filter(([verb = '', ...words]) => verb !== '' && !/[<>]/.test(words.join(' ')))
      .filter(([verb = '']) => !SKIPPED_VERBS.includes(verb)),
  }))
  .filter(({ lines }) => lines.length > 0);

describe('the verbs in the pages', () => {
  it('are looked for in every page', () => {
    expect(pages()).toContain('README.md');
    const told = commandsOf('README.md', readPage('README.md')).map(({ text }) => verbLine(text));
    expect(told.some((words) => words?.[0] === 'verify')).toBe(true);
  });

  for (const { file, lines } of runnable) {
    it(`${file}: ${lines.map((words) => words.join(' ')).join('; ')}`, async () => {
      const database = await openTestDatabase();
      const dataDir = mkdtempSync(join(tmpdir(), 'wayfare-docs-'));
      try {
        const env = {
          ...process.env,
          DATABASE_URL: database.url,
          WAYFARE_DATA_DIR: dataDir,
          PORT: '0',
        };
        for (const words of lines) {
          const run = spawnSync(process.execPath, [join(root, 'scripts/bootstrap.mjs'), ...words], {
            cwd: root,
            encoding: 'utf8',
            env,
            timeout: 90_000,
          });
          const seen = { words, status: run.status, stderr: run.status === 0 ? '' : run.stderr };
          expect(seen).toEqual({ words, status: 0, stderr: '' });
        }
      } finally {
        await database.close();
        rmSync(dataDir, { recursive: true, force: true });
      }
    }, 240_000);
  }
});
