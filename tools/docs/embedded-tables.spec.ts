// Goal: the tables in the pages say what the program does today.
// Method: make each table anew and compare; `npm run generate` writes what is missing. The maker is
// held to hand-written tables, and a page that asks for an unknown table must not pass.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PAGES_WITH_TABLES, withTables } from './embedded-tables.js';
import { markdownTable } from './markdown-table.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('tables that the program writes', () => {
  it.each(PAGES_WITH_TABLES)('%s is fresh', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    expect(text).toBe(withTables(page));
    // A table, not an empty place for one.
    expect(text).toMatch(/<!-- table: [\w-]+ -->\n\n\|/);
  });

  it('cannot be asked for where nobody makes them', () => {
    expect(() => withTables('docs/glossary.md')).toThrow('no place for a table');
  });

  it('are padded as the formatter pads them', () => {
    expect(markdownTable(['A', 'Bee'], [['long cell', 'x|y']])).toBe(
      ['| A         | Bee  |', '| --------- | ---- |', '| long cell | x\\|y |'].join('\n'),
    );
  });
});
