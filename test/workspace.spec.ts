// Goal: the map of the workspace is the workspace. Tools and newcomers read nest-cli.json, the
// import map and the table of edges; each is held against the folders that are there.
// Method: list the folders, compare both ways. A library without a file in it yet is no library.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const readJson = <T>(path: string): T => JSON.parse(readFileSync(join(root, path), 'utf8')) as T;

const hasSource = (folder: string): boolean =>
  existsSync(join(root, folder, 'src')) &&
  readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' }).some((file) =>
    file.endsWith('.ts'),
  );
const foldersOf = (parent: string): string[] =>
  readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
const present = [...foldersOf('apps'), ...foldersOf('libs')].filter(hasSource);

interface Project {
  readonly type: 'application' | 'library';
  readonly root: string;
  readonly sourceRoot: string;
}

describe('nest-cli.json', () => {
  const nest = readJson<{ projects: Record<string, Project>; sourceRoot: string }>('nest-cli.json');
  const projects = Object.values(nest.projects);

  it('names every app and library that has sources', () => {
    expect(present.length).toBeGreaterThan(2);
    expect(projects.map((project) => project.root)).toEqual(expect.arrayContaining(present));
  });

  it.each(Object.entries(nest.projects))('%s: points at a folder of its kind', (_, project) => {
    expect(project.sourceRoot).toBe(`${project.root}/src`);
    expect(project.root.split('/')[0]).toBe(project.type === 'application' ? 'apps' : 'libs');
    expect(existsSync(join(root, project.root))).toBe(true);
  });
});

describe('the import map', () => {
  const { imports } = readJson<{
    imports: Record<string, { readonly 'wayfare:source': string; readonly default: string }>;
  }>('package.json');

  it.each(Object.entries(imports))('%s: sources and build agree', (key, targets) => {
    const source = targets['wayfare:source'];
    expect(targets.default).toBe(source.replace('./', './dist/').replace(/\.ts$/, '.js'));
    expect(source.startsWith(`./libs/${key.slice(1).replace('/*', '')}/src/`)).toBe(true);
  });

  it('opens the foundation by file, and each feature by its index alone', async () => {
    const edges = new URL('../tools/lint/edges.mjs', import.meta.url).href;
    const { OPEN_LIBRARIES } = (await import(edges)) as { OPEN_LIBRARIES: readonly string[] };
    for (const key of Object.keys(imports)) {
      expect(key.endsWith('/*')).toBe(OPEN_LIBRARIES.includes(key.slice(1).replace('/*', '')));
    }
  });
});

describe('the table of edges', () => {
  it('names every library and app that has sources', async () => {
    const file = new URL('../tools/lint/edges.mjs', import.meta.url).href;
    const { LIBRARY_EDGES, APP_EDGES } = (await import(file)) as Record<string, object>;
    const named = [
      ...Object.keys(LIBRARY_EDGES ?? {}).map((name) => `libs/${name}`),
      ...Object.keys(APP_EDGES ?? {}).map((name) => `apps/${name}`),
      'libs/testkit',
    ];
    expect(named).toEqual(expect.arrayContaining(present));
  });
});

describe('the table in docs/architecture.md', () => {
  // Goal: what people read is what the linter enforces. Method: parse the page's rows and compare
  // them, both ways, with the table of edges less the foundation that everyone may import.
  it('is the table of edges', async () => {
    const file = new URL('../tools/lint/edges.mjs', import.meta.url).href;
    const { LIBRARY_EDGES, OPEN_LIBRARIES } = (await import(file)) as {
      LIBRARY_EDGES: Readonly<Record<string, readonly string[]>>;
      OPEN_LIBRARIES: readonly string[];
    };
    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const section =
      page.split('\n## ').find((part) => part.startsWith('Who may import whom')) ?? '';
    const told = section
      .split('\n')
      .map((line) => /^\| `([\w-]+)`\s*\|(.*)\|$/.exec(line))
      .filter((row) => row !== null)
      .map((row) => [
        row[1] ?? '',
        [...(row[2] ?? '').matchAll(/`([\w-]+)`/g)].map((m) => m[1] ?? ''),
      ]);
    // Any file of it may be imported, but not by everyone: who may is told.
    const everyones = OPEN_LIBRARIES.filter((name) => name !== 'simulation');
    const enforced = Object.entries(LIBRARY_EDGES)
      .filter(([name]) => !OPEN_LIBRARIES.includes(name))
      .map(([name, edges]) => [name, edges.filter((edge) => !everyones.includes(edge))]);
    expect(enforced.length).toBeGreaterThan(8);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(enforced));
  });
});
