// Goal: the compose file would start what it says, although the machines that run this suite need
// no container engine. Method: parse it, and hold every name in it (files, verbs, settings,
// services) against the tree; run the two shell pieces, which need no engine, for real.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { SERVER_FLAGS } from '#platform/processes/server-flags';
import { VERBS } from '../apps/cli/src/verbs.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly image?: string;
  readonly restart?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly profiles?: readonly string[];
  readonly network_mode?: string;
  readonly deploy?: { readonly replicas?: number };
}
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.image?.startsWith('wayfare:'));
/** The source of the program that a service of ours runs. */
const sourceOf = (service: Service): string =>
  (programOf(service) ?? '').replace(/^dist\//, '').replace(/\.js$/, '.ts');
const flagsOf = ({ command = [] }: Service): readonly string[] =>
  command.slice(1).filter((word) => word.startsWith('--'));
const programOf = ({ command = [] }: Service): string | undefined =>
  command.slice(1).find((word) => !word.startsWith('--'));
const isJob = (service: Service | undefined): boolean => service?.restart === 'no';

describe('docker-compose.yml', () => {
  it('has a database, a queue, one migration job, a front door, workers, and partners on demand', () => {
    expect(Object.keys(compose.services).sort()).toEqual(
      ['clearing', 'hub', 'migrate', 'postgres', 'sandbox', 'secrets', 'valkey'].sort(),
    );
    expect(compose.services['postgres']?.image).toMatch(/^postgres:18/);
    expect(compose.services['clearing']?.deploy?.replicas).toBeGreaterThan(1);
    expect(compose.services['sandbox']?.profiles).toEqual(['demo']);
  });

  it.each(services)('%s: is watched as long as it runs', (_, service) => {
    if (isJob(service)) expect(service.healthcheck).toBeUndefined();
    else expect(service.healthcheck?.test[0]).toBe('CMD');
  });

  // A colon in a command turns a line of YAML into a mapping without a word.
  it.each(services)('%s: runs words, not something YAML made of them', (_, service) => {
    for (const word of [...(service.command ?? []), ...(service.healthcheck?.test ?? [])]) {
      expect(typeof word).toBe('string');
    }
  });

  it.each(services)('%s: waits only for what can come true', (_, service) => {
    for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
      const target = compose.services[name];
      expect(target).toBeDefined();
      expect(condition).toBe(isJob(target) ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  it('starts no process in the network of one that is not there', () => {
    const shared = services.filter(([, service]) => service.network_mode?.startsWith('service:'));
    expect(shared.length).toBeGreaterThan(0);
    for (const [, { network_mode: mode, depends_on: dependsOn }] of shared) {
      expect(dependsOn).toHaveProperty((mode ?? '').slice('service:'.length));
    }
  });

  it('migrates before anything of ours serves', () => {
    for (const name of ['hub', 'clearing']) {
      expect(compose.services[name]?.depends_on).toHaveProperty('migrate');
    }
  });

  it.each(services)('%s: keeps its data in a volume that is declared', (_, service) => {
    for (const volume of service.volumes ?? []) {
      expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });

  it('publishes the front door alone, and only to this machine', () => {
    const published = services.flatMap(([name, { ports }]) => (ports ?? []).map((p) => [name, p]));
    expect(published).toHaveLength(1);
    expect(published[0]?.[0]).toBe('hub');
    expect(published[0]?.[1]).toMatch(/^127\.0\.0\.1:/);
  });

  it('holds no secret', () => {
    const values = services.flatMap(([, service]) => Object.entries(service.environment ?? {}));
    for (const [name, value] of values) {
      expect(value).not.toMatch(/:\/\/[^/@]*:[^/@]*@/);
      if (/PASSWORD|SECRET|TOKEN/.test(name)) expect(name).toMatch(/_FILE$/);
    }
  });

  it('never lets the queue throw away a job', () => {
    expect(compose.services['valkey']?.command?.join(' ')).toContain('maxmemory-policy noeviction');
  });
});

describe('what the services run', () => {
  it.each(ours)('%s: names a program, and a verb of it, that exist', (_, service) => {
    const [node, ...words] = service.command ?? [];
    const [program, verb] = words.filter((word) => !word.startsWith('--'));
    expect(node).toBe('node');
    const source = sourceOf(service);
    expect(program).toMatch(/^dist\/apps\/\w+\/src\/main\.js$/);
    expect(existsSync(join(root, source))).toBe(true);
    if (verb !== undefined) expect(VERBS.map(({ name }) => name)).toContain(verb);
  });

  it.each(ours)(
    '%s: is started with the flags that the command line starts it with',
    (_, service) => {
      expect(flagsOf(service)).toEqual(isJob(service) ? [] : SERVER_FLAGS);
    },
  );

  it('ask for health where health is answered', () => {
    const asked = compose.services['hub']?.healthcheck?.test.join(' ') ?? '';
    const path = /127\.0\.0\.1:4070\/([\w/]+)'/.exec(asked)?.[1] ?? 'nothing';
    expect(read('apps/hub/src/health.controller.ts')).toContain(`@Get('${path}')`);
    const worker = compose.services['clearing']?.healthcheck?.test ?? [];
    expect(worker.slice(1, 3)).toEqual(['wayfare-entry', 'node']);
    expect(existsSync(join(root, worker[3] ?? ''))).toBe(true);
  });

  it.each(ours)('%s: is given only settings that something reads', (_, service) => {
    const readers = ['libs/platform/src/config.ts', 'scripts/container-entry.sh', sourceOf(service)]
      .map(read)
      .join('\n');
    for (const name of Object.keys(service.environment ?? {})) {
      expect(name).toMatch(/^[A-Z][A-Z_]+$/);
      expect(readers).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');
  const final = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));

  it('ends as a user without rights', () => {
    expect(final.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
  });

  it('copies only what the build context contains', () => {
    const kept = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(read('.dockerignore').split('\n')).toContain('*');
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1))
      .filter((path) => path !== '.');
    expect(copied.length).toBeGreaterThan(3);
    for (const path of [...copied, ...kept]) {
      expect(existsSync(join(root, path))).toBe(true);
      expect(kept.some((folder) => path === folder || path.startsWith(`${folder}/`))).toBe(true);
    }
  });

  it('builds with what the build asks for', () => {
    expect(statSync(join(root, 'scripts/container-entry.sh')).mode & 0o111).not.toBe(0);
    expect(existsSync(join(root, 'scripts/build.mjs'))).toBe(true);
  });
});

describe('the shell pieces', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'wayfare-compose-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('put the password into the address as the process starts', () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'abc123');
    const script = join(root, 'scripts/container-entry.sh');
    const env = { PATH: process.env['PATH'], DATABASE_URL: 'postgresql://wayfare@db:5432/wayfare' };
    const run = (more: Record<string, string>): string =>
      execFileSync('sh', [script, process.execPath, '-p', 'process.env.DATABASE_URL'], {
        env: { ...env, ...more },
        encoding: 'utf8',
      }).trim();
    expect(run({ DATABASE_PASSWORD_FILE: file })).toBe(
      'postgresql://wayfare:abc123@db:5432/wayfare',
    );
    expect(run({})).toBe('postgresql://wayfare@db:5432/wayfare');
  });

  it('make the password once, and never the same twice', () => {
    const script = (compose.services['secrets']?.command?.[0] ?? '').replaceAll(
      '/run/wayfare',
      '"$0"',
    );
    const make = (into: string): string => {
      execFileSync('sh', ['-euc', script, into]);
      return readFileSync(join(into, 'database-password'), 'utf8');
    };
    const first = make(folder);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(make(folder)).toBe(first);
    const other = mkdtempSync(join(folder, 'other-'));
    expect(make(other)).not.toBe(first);
  });
});
