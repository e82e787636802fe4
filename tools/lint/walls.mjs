/**
 * Turns the table of edges into the linter's walls: everything is refused that the table does not
 * allow. Node's import map is the first wall, this one only speaks earlier and also sees a
 * relative path that climbs around the map.
 */
import boundaries from 'eslint-plugin-boundaries';
import { fileURLToPath } from 'node:url';
import { APP_EDGES, LIBRARY_EDGES, OPEN_LIBRARIES, TESTKIT_EDGES } from './edges.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

const libraries = [...Object.keys(LIBRARY_EDGES), 'testkit'];
const apps = Object.keys(APP_EDGES);

const elements = [
  ...libraries.map((name) => ({ type: name, pattern: `libs/${name}` })),
  ...apps.map((name) => ({ type: `app:${name}`, pattern: `apps/${name}` })),
  ...['bench', 'tools', 'test'].map((name) => ({ type: name, pattern: name })),
];

/** Entering `name`: by any file where the library is open, else by its index alone. */
const entering = (name) =>
  OPEN_LIBRARIES.includes(name)
    ? { element: { type: name } }
    : { element: { type: name, fileInternalPath: 'src/index.ts' } };

const edge = (from, names) => names.map((name) => ({ from, allow: { to: entering(name) } }));
const element = (type) => ({ element: { type } });

const policies = [
  ...Object.entries(LIBRARY_EDGES).flatMap(([name, names]) => edge(element(name), names)),
  ...edge(element('testkit'), TESTKIT_EDGES),
  ...Object.entries(APP_EDGES).flatMap(([name, names]) => edge(element(`app:${name}`), names)),
  // Nothing shipped imports these three, so what they see of an app binds nobody.
  ...['bench', 'tools', 'test'].flatMap((name) => [
    ...edge(element(name), libraries),
    ...apps.map((app) => ({ from: element(name), allow: { to: element(`app:${app}`) } })),
  ]),
  ...edge({ file: { categories: 'spec' } }, ['testkit']),
];

export const walls = [
  {
    files: ['{apps,libs,bench,tools,test}/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'boundaries/root-path': root,
      'boundaries/elements': elements,
      'boundaries/files': [{ category: 'spec', pattern: '**/*.spec.ts' }],
      'boundaries/dependency-nodes': ['import', 'dynamic-import', 'export', 'require'],
      'import/resolver': { [`${root}tools/lint/import-map-resolver.cjs`]: {} },
    },
    rules: {
      'boundaries/dependencies': ['error', { default: 'disallow', policies }],
      'boundaries/no-unknown-files': 'error',
    },
  },
];
