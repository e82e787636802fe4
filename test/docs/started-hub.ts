import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTestDatabase } from '#testkit/database';

const root = fileURLToPath(new URL('../../', import.meta.url));
const BOOTSTRAP = join(root, 'scripts', 'bootstrap.mjs');

/** What a command came to. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty database and data folder, as a reader has them at the beginning of a page. */
export class Machine {
  private system: ChildProcess | undefined;
  /** Where the started hub listens; the pages' own address before that. */
  hubUrl = 'http://127.0.0.1:4070';

  private constructor(
    private readonly environment: NodeJS.ProcessEnv,
    private readonly discard: () => Promise<void>,
  ) {}

  static async open(): Promise<Machine> {
    const database = await openTestDatabase();
    const dataDir = await mkdtemp(join(tmpdir(), 'wayfare-docs-'));
    const environment = {
      ...process.env,
      DATABASE_URL: database.url,
      WAYFARE_DATA_DIR: dataDir,
      PORT: '0',
      NO_COLOR: '1',
    };
    return new Machine(environment, async () => {
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    });
  }

  /** `npm start`, without its story. */
  async start(): Promise<void> {
    const system = spawn(process.execPath, [BOOTSTRAP, 'start', '--no-story'], {
      cwd: root,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.system = system;
    let said = '';
    system.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      let shown = '';
      system.stdout.on('data', (chunk: Buffer) => {
        shown += chunk.toString();
        const url = /Serving at (http:\S+)/.exec(shown)?.[1];
        if (url === undefined) return;
        this.hubUrl = url;
        resolve();
      });
      system.once('exit', () => {
        reject(new Error(`the hub did not start: ${said}`));
      });
    });
  }

  verb(words: readonly string[]): Promise<Run> {
    return this.run(process.execPath, [BOOTSTRAP, ...words]);
  }

  /** A line of a page, with the page's address of the hub replaced by this one's. */
  shell(line: string): Promise<Run> {
    return this.run('sh', ['-c', line.replaceAll('http://127.0.0.1:4070', this.hubUrl)]);
  }

  async close(): Promise<void> {
    if (this.system?.exitCode === null) {
      const ended = once(this.system, 'exit');
      this.system.kill('SIGINT');
      await ended;
    }
    await this.discard();
  }

  private async run(program: string, args: readonly string[]): Promise<Run> {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...this.environment, HUB_URL: this.hubUrl },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [status] = (await once(child, 'close')) as [number | null];
    return { status, stdout, stderr };
  }
}
