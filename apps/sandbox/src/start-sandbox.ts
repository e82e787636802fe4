import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { writeOnce } from '#platform/signing/index';
import { NAMED_PARTNERS, type Cast } from './cast.js';
import { registerControlApi } from './control-api.js';
import { HubLink } from './hub-link.js';
import { JournalFile } from './journal-file.js';
import { Sandbox, type PartnerListing } from './sandbox.js';

export interface SandboxOptions {
  readonly hubUrl: string;
  /** Holds keys, journal, `sandbox.key` (the control token) and `sandbox.json`. */
  readonly dataDir: string;
  readonly cast: Cast;
  /** Port of the control API; partners follow. 0 (the default) takes free ones. */
  readonly port?: number;
  /** Decides what `flaky` customers do. */
  readonly seed?: string;
  /** False for measurements only: answers do not wait for the disk. */
  readonly durable?: boolean;
  /** False leaves the step lists empty. */
  readonly recordExchanges?: boolean;
  /** Started before `startSandbox` resolves; the rest follows in the background. */
  readonly first?: readonly string[];
  /** How long the others wait, so that making their keys does not slow down the first payment. */
  readonly restAfterMs?: number;
  /** Absent: read from the hub's data folder, which then is this one. */
  readonly operatorKey?: string;
  readonly warn?: (message: string) => void;
}

export interface RunningSandbox {
  readonly controlUrl: string;
  readonly token: string;
  readonly sandbox: Sandbox;
  /** Resolves when every partner is enrolled. */
  readonly complete: Promise<void>;
  readonly close: () => Promise<void>;
}

/** What `sandbox.json` tells other programs of this machine. */
export interface SandboxFile {
  readonly pid: number;
  readonly controlUrl: string;
  /** Path of the file with the bearer token. */
  readonly tokenFile: string;
  /** Those that have started so far, by id. */
  readonly partners: Readonly<Record<string, PartnerAddress>>;
}

export interface PartnerAddress extends Omit<PartnerListing, 'id' | 'url'> {
  readonly baseUrl: string;
}

/** New keys are made by this many partners at once; more would starve the first payments. */
const STARTING_AT_ONCE = 2;

/**
 * Starts the simulated partners. Resolves when those named first are enrolled with the hub; any
 * other one is started when its turn comes or when somebody asks for it.
 *
 * @throws when the journal is not readable, a port is taken, or the control token cannot be kept
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const folder = join(options.dataDir, 'sandbox');
  const warn = options.warn ?? (() => undefined);
  const tokenFile = join(options.dataDir, 'sandbox.key');
  await writeOnce(tokenFile, `wsb_${randomBytes(32).toString('base64url')}\n`);
  const token = (await readFile(tokenFile, 'utf8')).trim();
  const { hubUrl, dataDir, operatorKey } = options;
  const hub = new HubLink({
    hubUrl,
    dataDir,
    warn,
    ...(operatorKey === undefined ? {} : { operatorKey }),
  });
  const port = options.port ?? 0;
  const memory: { journal?: JournalFile } = {};
  const sandbox = new Sandbox({
    cast: options.cast,
    hub,
    journal: () => {
      if (memory.journal === undefined) throw new Error('the journal is not open yet');
      return memory.journal;
    },
    keyDir: join(folder, 'keys'),
    firstPort: port === 0 ? 0 : port + 1,
    seed: options.seed ?? 'wayfare',
    token,
    recordExchanges: options.recordExchanges ?? true,
  });
  const durable = options.durable ?? true;
  const journal = await JournalFile.open(join(folder, 'journal.jsonl'), { durable }, (record) => {
    sandbox.replay(record);
  });
  memory.journal = journal;
  const control = fastify({ logger: false, forceCloseConnections: true });
  registerControlApi(control, sandbox);
  const controlUrl = await control.listen({ port, host: '127.0.0.1' });
  const file = new ListingFile(join(options.dataDir, 'sandbox.json'), () =>
    listingOf(sandbox, controlUrl, tokenFile),
  );
  sandbox.onStarted = () => {
    file.touch();
  };

  const first = options.first ?? NAMED_PARTNERS;
  await startAll(sandbox, first);
  await file.written();
  const stopping = new AbortController();
  const complete = startRest(sandbox, options.restAfterMs ?? 0, stopping.signal).then(
    () => file.written(),
    (error: unknown) => {
      if (!stopping.signal.aborted) warn(`a partner did not start: ${String(error)}`);
    },
  );
  const close = async (): Promise<void> => {
    stopping.abort();
    await control.close();
    await sandbox.close();
    await complete;
    await journal.close();
    await file.remove();
  };
  return { controlUrl, token, sandbox, complete, close };
}

function listingOf(sandbox: Sandbox, controlUrl: string, tokenFile: string): SandboxFile {
  const started = sandbox.listPartners().flatMap(({ id, url, ...about }) => {
    return url === null ? [] : [[id, { ...about, baseUrl: url }] as const];
  });
  return { pid: process.pid, controlUrl, tokenFile, partners: Object.fromEntries(started) };
}

/** Everybody who is not there yet, after a wait; nobody when the sandbox stops meanwhile. */
async function startRest(sandbox: Sandbox, afterMs: number, stopping: AbortSignal): Promise<void> {
  await sleep(afterMs, undefined, { signal: stopping }).catch(() => undefined);
  if (stopping.aborted) return;
  await startAll(
    sandbox,
    sandbox.listPartners().map(({ id }) => id),
  );
}

async function startAll(sandbox: Sandbox, ids: readonly string[]): Promise<void> {
  const waiting = ids.flatMap((id) => sandbox.host(id) ?? []);
  const next = async (): Promise<void> => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) {
      await host.ready();
    }
  };
  await Promise.all(Array.from({ length: STARTING_AT_ONCE }, next));
}

/** `sandbox.json`, replaced as a whole, so that a reader never sees half of it. */
class ListingFile {
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly content: () => SandboxFile,
  ) {}

  /** Has the file written anew, after a write that is under way. */
  touch(): void {
    this.writing = this.writing.then(async () => {
      const aside = `${this.path}.${process.pid}`;
      const text = `${JSON.stringify(this.content(), null, 2)}\n`;
      await writeFile(aside, text, { mode: 0o600 });
      await rename(aside, this.path);
    });
    // Whoever awaits `written` sees the fault; without this line the process would end first.
    this.writing.catch(() => undefined);
  }

  written(): Promise<void> {
    return this.writing;
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }
}
