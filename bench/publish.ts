import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';
import { format, resolveConfig } from 'prettier';

const PAGE = join(projectRoot, 'docs', 'performance.md');
const BEGIN = '<!-- figures: written by `npm run bench -- all --publish` -->';
const END = '<!-- end of figures -->';

/** Puts new figures into the page, between its two marks; what people wrote around them stays. */
export async function publish(figures: string): Promise<string> {
  const page = await readFile(PAGE, 'utf8');
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${PAGE} has lost the marks around its figures`);
  const text = `${page.slice(0, from + BEGIN.length)}\n\n${figures.trim()}\n\n${page.slice(to)}`;
  const style = await resolveConfig(PAGE);
  await writeFile(PAGE, await format(text, { ...style, filepath: PAGE }));
  return PAGE;
}
