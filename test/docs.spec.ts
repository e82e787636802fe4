// Goal: no page tells a reader to run, open or look for something that is not there.
// Method: take every command, link and path out of every page. Commands are recognised by kind,
// and an unknown kind fails; those that need no running hub are run, and where the page shows
// their output, it must be that output. Those that need a database
// are run by `docs.live.spec.ts`.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { VERBS } from '../apps/cli/src/verbs.js';
import {
  OFFLINE_VERBS,
  commandsOf,
  fencesOf,
  localLinks,
  pages,
  readPage,
  verbLine,
  wordsOf,
} from './docs/read-docs.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const all = pages().map((file) => ({ file, markdown: readPage(file) }));
const commands = all.flatMap(({ file, markdown }) => commandsOf(file, markdown));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

const isVerb = (name: string): boolean => VERBS.some((verb) => verb.name === name);

/** Says what is wrong with a command, or nothing. */
function faultOf(text: string): string | undefined {
  const [program = '', ...words] = wordsOf(text);
  const verb = verbLine(text);
  if (verb !== undefined) return isVerb(verb[0] ?? '') ? undefined : 'names no verb';
  if (program === 'npm') {
    const script =
      words[0] === 'run' ? words.find((w, at) => at > 0 && !w.startsWith('-')) : words[0];
    return script !== undefined && script in scripts ? undefined : 'names no script';
  }
  if (program === 'node')
    return existsSync(join(root, words[0] ?? '')) ? undefined : 'names no file';
  if (program === 'docker') return faultOfCompose(words);
  if (program === 'git' || program === 'cd' || program === 'curl') return undefined;
  return 'is of no kind that this test knows';
}

function faultOfCompose(words: readonly string[]): string | undefined {
  const { services } = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), {
    merge: true,
  }) as { services: Record<string, { profiles?: string[] }> };
  if (words[0] !== 'compose') return 'is not compose';
  for (const [at, word] of words.entries()) {
    const next = words[at + 1] ?? '';
    if (word === '--scale' && !((next.split('=')[0] ?? '') in services)) return 'scales nothing';
    const profiles = Object.values(services).flatMap((service) => service.profiles ?? []);
    if (word === '--profile' && !profiles.includes(next)) return 'names no profile';
  }
  return undefined;
}

describe('the pages', () => {
  it('are there, with commands in them', () => {
    expect(all.map(({ file }) => file)).toEqual(
      expect.arrayContaining(['README.md', 'docs/architecture.md', 'docs/glossary.md']),
    );
    expect(commands.length).toBeGreaterThan(5);
  });

  it.each(all)('$file: every fence says what it holds', ({ file, markdown }) => {
    const known = /^(sh|json|jsonc|ts|sql|text|mermaid|http|yaml|csv)( output)?$/;
    const bare = fencesOf(file, markdown).filter(({ info }) => !known.test(info));
    expect(bare.map(({ line, info }) => `${file}:${line}: "${info}"`)).toEqual([]);
  });

  it.each(all)('$file: every link arrives', ({ file, markdown }) => {
    expect(localLinks(file, markdown).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('can all be reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const file of reached) {
      const page = all.find((candidate) => candidate.file === file);
      for (const target of page === undefined ? [] : localLinks(file, page.markdown)) {
        reached.add(existsSync(join(root, target, 'README.md')) ? `${target}/README.md` : target);
      }
    }
    expect(all.map(({ file }) => file).filter((file) => !reached.has(file))).toEqual([]);
  });

  it.each(all)('$file: every path in it exists', ({ file, markdown }) => {
    const paths = [
      ...markdown.matchAll(/`((?:apps|libs|data|bench|tools|test|scripts)\/[^`\s]*)`/g),
    ]
      .map((match) => match[1] ?? '')
      .filter((path) => !/[<*…{]/.test(path));
    expect(
      paths.filter((path) => !existsSync(join(root, path))).map((p) => `${file}: ${p}`),
    ).toEqual([]);
  });
});

describe('the commands', () => {
  it.each(commands)('$file:$line: $text', ({ text }) => {
    expect(faultOf(text)).toBeUndefined();
  });

  const offline = commands
    .map((command) => ({ ...command, verb: verbLine(command.text) ?? [] }))
    .filter(({ verb }) => OFFLINE_VERBS.includes(verb[0] ?? ''));

  it('that need no hub run, and print what the page shows', () => {
    expect(offline.length).toBeGreaterThan(0);
    for (const { text, verb, output } of offline) {
      const run = spawnSync(process.execPath, [join(root, 'scripts/bootstrap.mjs'), ...verb], {
        cwd: root,
        encoding: 'utf8',
      });
      expect({ text, status: run.status, stderr: run.status === 0 ? '' : run.stderr }).toEqual({
        text,
        status: 0,
        stderr: '',
      });
      expect(run.stdout).not.toBe('');
      if (output !== undefined) expect(run.stdout.trimEnd()).toBe(output.trimEnd());
    }
  }, 120_000);

  it('that are wrong would be noticed', () => {
    expect(faultOf('npm run nonsense')).toBe('names no script');
    expect(faultOf('npm run -s wayfare -- nonsense')).toBe('names no verb');
    expect(faultOf('node scripts/nonsense.mjs')).toBe('names no file');
    expect(faultOf('docker compose up --scale nonsense=2')).toBe('scales nothing');
    expect(faultOf('rm everything')).toBe('is of no kind that this test knows');
    expect(faultOf('npm test -- libs/fx')).toBeUndefined();
  });
});

describe('reading a page', () => {
  const page = [
    '```sh',
    'npm start # keeps running, exits with 1',
    'npm run -s wayfare -- \\',
    "  qr decode 'a b'",
    '```',
    '',
    '```text output',
    'verdict: reject',
    '```',
    '[a](./other.md#part) `[b](no.md)`',
  ].join('\n');

  it('finds commands, their outputs and links', () => {
    expect(commandsOf('docs/x.md', page)).toEqual([
      { file: 'docs/x.md', line: 1, text: 'npm start', exits: 1, output: undefined },
      {
        file: 'docs/x.md',
        line: 1,
        text: "npm run -s wayfare -- qr decode 'a b'",
        exits: 0,
        output: 'verdict: reject',
      },
    ]);
    expect(wordsOf("qr decode 'a b'")).toEqual(['qr', 'decode', 'a b']);
    expect(localLinks('docs/x.md', page)).toEqual(['docs/other.md']);
  });
});
