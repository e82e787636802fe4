import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';
import { format, resolveConfig } from 'prettier';

const PAGE = join(projectRoot, 'docs', 'performance.md');
const BEGIN = '<!-- figures: written by `npm run bench -- all --publish` -->';
const END = '<!-- end of figures -->';

/** A part that is measured by itself, with conditions of its own; a full run leaves it as it is. */
const BY_ITSELF = '## Growth';

/** Puts the figures of a full run into the page; what people wrote around them stays. */
export async function publish(figures: string): Promise<string> {
  return rewrite((old) => [figures.trim(), ...sectionOf(old)].join('\n\n'));
}

/** Puts in, or replaces, the part that is measured by itself; all other figures stay. */
export async function publishSection(section: string): Promise<string> {
  return rewrite((old) => {
    const [before] = sectionOf(old);
    const rest = before === undefined ? old : old.replace(before, () => '');
    return `${rest.trim()}\n\n${section.trim()}`;
  });
}

/** The part as it stands, up to the next heading of its rank; nothing where it is not. */
function sectionOf(figures: string): string[] {
  const from = figures.indexOf(`\n${BY_ITSELF}\n`);
  if (from < 0) return [];
  const to = figures.indexOf('\n## ', from + BY_ITSELF.length);
  return [figures.slice(from, to < 0 ? undefined : to).trim()];
}

async function rewrite(change: (figures: string) => string): Promise<string> {
  const page = await readFile(PAGE, 'utf8');
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${PAGE} has lost the marks around its figures`);
  const figures = change(page.slice(from + BEGIN.length, to));
  const text = `${page.slice(0, from + BEGIN.length)}\n\n${figures}\n\n${page.slice(to)}`;
  const style = await resolveConfig(PAGE);
  await writeFile(PAGE, await format(text, { ...style, filepath: PAGE }));
  return PAGE;
}
