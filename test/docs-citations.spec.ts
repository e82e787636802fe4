// Goal: whoever reads the code can open every page it cites.
// Method: take the pages and tags of sources out of all sources and migrations, and look for them.
// Planted citations show that the search finds what it is for.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPage } from './docs/read-docs.js';

const root = fileURLToPath(new URL('../', import.meta.url));

const sources = ['apps', 'libs', 'bench', 'tools', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|mjs|cjs|sql)$/.test(path))
    .map((path) => `${folder}/${path}`),
);

const tags = new Set(
  [...readPage('docs/sources.md').matchAll(/^\| ([AS]\d(?:\.\d)?) /gm)].map(([, tag = '']) => tag),
);

/** What a text cites and nobody can open. */
function lostCitations(text: string): string[] {
  const pages = [...text.matchAll(/(?<![\w/.-])((?:[\w-]+\/)*[\w-]+\.md)\b/g)]
    .map(([, page = '']) => page)
    .filter((page) => !existsSync(join(root, page)) && !existsSync(join(root, 'docs', page)));
  const unknown = [
    ...text.matchAll(/sources\.md ([AS]\d(?:\.\d)?)(?:(?:,| and| or) ([AS]\d(?:\.\d)?))?/g),
  ]
    .flatMap(([, first, second]) => [first, second])
    .filter((tag) => tag !== undefined && !knows(tag))
    .map((tag) => `sources.md ${String(tag)}`);
  const untagged = [...text.matchAll(/sources\.md (?![AS]\d)\S*\d\S*/g)].map(([whole]) => whole);
  const elsewhere = [...text.matchAll(/\bdesign section \d/g)].map(([whole]) => whole);
  return [...pages, ...unknown, ...untagged, ...elsewhere];
}

/** A tag, or the head of several: `A4` stands for A4.1 to A4.4. */
function knows(tag: string): boolean {
  return tags.has(tag) || [...tags].some((known) => known.startsWith(`${tag}.`));
}

describe('citations in the code', () => {
  it('are searched for where they are', () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(tags.size).toBeGreaterThan(20);
    const cited = sources.filter((path) =>
      /sources\.md [AS]\d/.test(readFileSync(join(root, path), 'utf8')),
    );
    expect(cited.length).toBeGreaterThan(20);
  });

  it('lead to pages and tags that exist', () => {
    const lost = sources.flatMap((path) =>
      lostCitations(readFileSync(join(root, path), 'utf8')).map((what) => `${path}: ${what}`),
    );
    expect(lost).toEqual([]);
  });

  it('would be missed if they led nowhere', () => {
    expect(lostCitations('(docs/sources.md A1.6, docs/clearing.md)')).toEqual([]);
    expect(lostCitations('(docs/sources.md A1.1 and A4)')).toEqual([]);
    expect(lostCitations('see nowhere.md')).toEqual(['nowhere.md']);
    expect(lostCitations('(docs/sources.md A9.9)')).toEqual(['sources.md A9.9']);
    expect(lostCitations('(docs/sources.md A1.1 and S9)')).toEqual(['sources.md S9']);
    expect(lostCitations('(docs/sources.md 1.6)')).toEqual(['sources.md 1.6)']);
    expect(lostCitations('design section ' + '4')).toEqual(['design section 4']);
  });
});
