// Goal: the build gives a fresh clone something to run, does nothing twice, leaves no ghost of a
// removed source, and points at a mistake.
// Method: the real script, copied into a small invented tree that borrows this checkout's packages.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'wayfare-build-'));
  for (const name of ['scripts', '.swcrc', 'package.json', 'package-lock.json']) {
    cpSync(join(root, name), join(tree, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  write('libs/a/src/one.ts', 'export const one: number = 1;\n');
  write('libs/a/src/two.ts', 'export const two = 2 as number;\n');
  write('libs/a/src/one.spec.ts', 'it.todo("is not built");\n');
});
afterEach(() => {
  rmSync(tree, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(join(tree, path, '..'), { recursive: true });
  writeFileSync(join(tree, path), text);
}

function build(): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(tree, 'scripts/build.mjs')], {
    cwd: '/',
    encoding: 'utf8',
  });
}

const output = (name: string): string => join(tree, 'dist/libs/a/src', name);

describe('the build', () => {
  it('turns sources into modules that run, and keeps standard output clean', () => {
    expect(build()).toMatchObject({ status: 0, stdout: '' });
    const program = `console.log((await import(${JSON.stringify(output('one.js'))})).one)`;
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program]);
    expect(ran.stdout.toString()).toBe('1\n');
    expect(existsSync(output('one.js.map'))).toBe(true);
    expect(existsSync(output('one.spec.js'))).toBe(false);
  });

  it('transforms only what changed, and removes what lost its source', () => {
    expect(build().stderr).toContain('built 2 files');
    expect(build().stderr).toContain('built 0 files');
    write('libs/a/src/two.ts', 'export const two = 22;\n');
    rmSync(join(tree, 'libs/a/src/one.ts'));
    expect(build().stderr).toContain('built 1 files, removed 1');
    expect(readFileSync(output('two.js'), 'utf8')).toContain('22');
    expect(existsSync(output('one.js'))).toBe(false);
  });

  it('names the file of a mistake, builds the rest, and fails until it is mended', () => {
    write('libs/a/src/two.ts', 'export const = 2;\n');
    for (const result of [build(), build()]) {
      expect(result).toMatchObject({ status: 1, stdout: '' });
      expect(result.stderr).toContain('libs/a/src/two.ts');
      expect(result.stderr).not.toContain('backtrace');
    }
    expect(existsSync(output('one.js'))).toBe(true);
    write('libs/a/src/two.ts', 'export const two = 2;\n');
    expect(build().status).toBe(0);
  });
});
