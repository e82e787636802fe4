// Goal: continuous integration cannot be green by accident: its exit code follows checks and tests,
// its last line always reads `N passed, N failed`, and a runner without home or input is no excuse.
// Method: run the real script with stand-ins for npm and the system's packages in front of PATH.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'wayfare-ci-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function standIn(name: string, script: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

function runCi(
  npm: string,
  env: Record<string, string> = {},
): { status: number | null; lines: string[]; lastLine: string | undefined } {
  standIn('redis-server', 'exit 0');
  standIn('xmllint', 'exit 0');
  standIn('npm', npm);
  const run = spawnSync('bash', [join(root, '.ci/run')], {
    encoding: 'utf8',
    input: 'answers nobody should read\n',
    env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, ...env },
  });
  const lines = run.stdout.trimEnd().split('\n');
  return { status: run.status, lines, lastLine: lines.at(-1) };
}

describe('.ci/run', () => {
  const checksPass = 'case "$*" in *check*) exit 0 ;; esac\n';

  it('is green when checks and tests are', () => {
    const { status, lastLine } = runCi(`${checksPass}echo "3 passed, 0 failed"`);
    expect(lastLine).toBe('3 passed, 0 failed');
    expect(status).toBe(0);
  });

  it('is red when a test fails', () => {
    const { status, lastLine } = runCi(`${checksPass}echo "2 passed, 1 failed"; exit 1`);
    expect(lastLine).toBe('2 passed, 1 failed');
    expect(status).not.toBe(0);
  });

  it('is red when a check fails, and says so in the last line', () => {
    const { status, lastLine, lines } = runCi('echo "FAILED lint"; exit 1');
    expect(lines).toContain('FAILED lint');
    expect(lastLine).toBe('0 passed, 1 failed');
    expect(status).not.toBe(0);
  });

  it('runs without a home or with one that is not there, and feeds no input', () => {
    const showsWorld = `${checksPass}echo "home $HOME, input <$(cat)>, ci $CI"; test -w "$HOME"`;
    for (const env of [{}, { HOME: '/nowhere' }]) {
      const { status, lastLine } = runCi(showsWorld, env);
      expect(lastLine).toMatch(/^home \/.+, input <>, ci true$/);
      expect(status).toBe(0);
    }
  });
});
