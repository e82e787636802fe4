import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Fence {
  readonly file: string;
  /** First line of the fence, counted from 1. */
  readonly line: number;
  /** What follows the opening backticks: a language, then words of ours. */
  readonly info: string;
  readonly body: string;
}

export interface Command {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** 0, unless a comment behind the command says `exits with 1`. */
  readonly exits: number;
  /** What the page shows as its output, where a `text output` or `json output` fence follows. */
  readonly output: string | undefined;
}

/** Every page a reader may open, as paths from the root. */
export function pages(): string[] {
  const below = ['docs', 'data'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.md'))
      .map((path) => `${folder}/${path}`),
  );
  const onTop = readdirSync(root).filter((path) => path.endsWith('.md'));
  return [...onTop, ...below].sort();
}

export function readPage(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function fencesOf(file: string, markdown: string): Fence[] {
  const found: Fence[] = [];
  let open: { line: number; info: string; mark: string; body: string[] } | undefined;
  markdown.split('\n').forEach((text, at) => {
    const mark = /^\s*(`{3,}|~{3,})(.*)$/.exec(text);
    if (open === undefined) {
      if (mark)
        open = { line: at + 1, info: (mark[2] ?? '').trim(), mark: mark[1] ?? '', body: [] };
    } else if (text.trim() === open.mark) {
      found.push({ file, line: open.line, info: open.info, body: open.body.join('\n') });
      open = undefined;
    } else open.body.push(text);
  });
  if (open !== undefined) throw new Error(`${file}:${open.line}: the fence is never closed`);
  return found;
}

/**
 * The commands of a page's `sh` fences, one a line (a backslash joins lines, `#` comments). An
 * output fence right behind belongs to the last command before it.
 */
export function commandsOf(file: string, markdown: string): Command[] {
  const fences = fencesOf(file, markdown);
  return fences.flatMap((fence, at) => {
    if (fence.info !== 'sh') return [];
    const lines = fence.body
      .replace(/\\\n\s*/g, '')
      .split('\n')
      .map((text) => text.trim())
      .filter((text) => text !== '' && !text.startsWith('#'));
    const next = fences[at + 1];
    const output = next && / output$/.test(next.info) ? next.body : undefined;
    return lines.map((text, index) => ({
      file,
      line: fence.line,
      text: text.replace(/\s+#\s.*$/, ''),
      exits: Number(/\s#\s.*exits with (\d)/.exec(text)?.[1] ?? 0),
      output: index === lines.length - 1 ? output : undefined,
    }));
  });
}

/** Targets of links that stay in the repository, with the folder of the page applied. */
export function localLinks(file: string, markdown: string): string[] {
  const prose = markdown.replace(/^\s*(`{3,})[^]*?^\s*\1\s*$/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => join(dirname(file), target.replace(/#.*$/, '')) || file);
}

/** Words of a command line; quotes keep blanks together. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}

/** Verbs that answer from their arguments alone; the others get a database of their own. */
export const OFFLINE_VERBS: readonly string[] = ['qr', 'iso'];

/** The words behind `npm run -s wayfare --`, or undefined for another kind of command. */
export function verbLine(command: string): string[] | undefined {
  const words = wordsOf(command);
  const start = ['npm', 'run', '-s', 'wayfare', '--'];
  return start.every((word, at) => words[at] === word) ? words.slice(start.length) : undefined;
}
