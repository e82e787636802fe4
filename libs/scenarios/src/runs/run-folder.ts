import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ExplainedError } from '#platform/explained-error';
import { FORMATS, type TableFormat } from '../exports/formats.js';
import type { Row, TableDescription } from '../exports/table-description.js';
import type { TableWriter } from '../exports/table-writer.js';
import { MANIFEST_FILE, manifestSchema, type RunFile } from './manifest.js';

const EXIT_USAGE = 2;

interface OpenFile {
  readonly name: string;
  readonly writer: TableWriter;
}

/**
 * A run's folder while it is written: beside its place and under another name, so that nobody finds
 * half a run there. It takes its place when it is whole; what was interrupted and is thrown away
 * leaves what was there before.
 */
export class RunFolder {
  private readonly open = new Map<string, OpenFile[]>();
  private readonly rows = new Map<string, number>();

  private constructor(
    private readonly place: string,
    private readonly draft: string,
    private readonly formats: readonly TableFormat[],
  ) {}

  /** @throws ExplainedError when the place holds something that is no run */
  static create(place: string, formats: readonly TableFormat[]): RunFolder {
    refuseForeign(place);
    mkdirSync(dirname(place), { recursive: true });
    // Not `mkdtemp`: the folder is published, and its readers are not only who ran it.
    const draft = join(dirname(place), `.${basename(place)}-${randomUUID()}`);
    mkdirSync(draft);
    return new RunFolder(place, draft, formats);
  }

  /** Opens a table in all formats; it exists from now on, even if no row comes. */
  async openTable(table: TableDescription): Promise<void> {
    const files: OpenFile[] = [];
    for (const format of this.formats) {
      const { ending, load } = FORMATS[format];
      const name = table.id + ending;
      files.push({ name, writer: (await load())(join(this.draft, name), table) });
      this.rows.set(name, 0);
    }
    this.open.set(table.id, files);
  }

  append(table: TableDescription, rows: readonly Row[]): void {
    for (const { name, writer } of this.open.get(table.id) ?? []) {
      writer.append(rows);
      this.rows.set(name, (this.rows.get(name) ?? 0) + rows.length);
    }
  }

  async writeText(name: string, text: string): Promise<void> {
    await writeFile(join(this.draft, name), text, { flag: 'wx' });
  }

  /** Closes the tables and says what the folder holds. */
  async seal(): Promise<readonly RunFile[]> {
    for (const files of this.open.values()) {
      for (const { writer } of files) await writer.close();
    }
    this.open.clear();
    const names = readdirSync(this.draft).sort();
    return Promise.all(names.map((name) => this.described(name)));
  }

  private async described(name: string): Promise<RunFile> {
    const path = join(this.draft, name);
    const { size } = await stat(path);
    return {
      path: name,
      bytes: size,
      sha256: await hashOfFile(path),
      rows: this.rows.get(name) ?? null,
    };
  }

  /** Puts the folder in its place; a run that was there before goes when this one has come. */
  async publish(manifest: string): Promise<void> {
    await this.writeText(MANIFEST_FILE, manifest);
    const old = `${this.draft}-old`;
    const replaces = existsSync(this.place);
    if (replaces) await rename(this.place, old);
    await rename(this.draft, this.place);
    if (replaces) await rm(old, { recursive: true, force: true });
  }

  async discard(): Promise<void> {
    for (const files of this.open.values()) {
      for (const { writer } of files) await writer.close().catch(() => undefined);
    }
    this.open.clear();
    await rm(this.draft, { recursive: true, force: true });
  }
}

export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Only an empty place, or one that holds a run and nothing else, is ours to write to. */
export function refuseForeign(place: string): void {
  if (!existsSync(place)) return;
  const entries = entriesOf(place);
  const written = filesOfRun(place);
  const foreign = entries.find((name) => name !== MANIFEST_FILE && !written.has(name));
  if (foreign === undefined) return;
  throw new ExplainedError(
    `${place} holds ${foreign}, which no run of the simulator wrote; ` +
      'name a folder that is empty or does not exist',
    { exitCode: EXIT_USAGE },
  );
}

function entriesOf(place: string): string[] {
  try {
    return readdirSync(place);
  } catch (error) {
    throw new ExplainedError(`${place} is no folder that can be read`, {
      cause: error,
      exitCode: EXIT_USAGE,
    });
  }
}

/** What the manifest in a folder lists; nothing where there is none. */
function filesOfRun(place: string): ReadonlySet<string> {
  try {
    const text = readFileSync(join(place, MANIFEST_FILE), 'utf8');
    const { files } = manifestSchema.pick({ files: true }).loose().parse(JSON.parse(text));
    return new Set(files.map(({ path }) => path));
  } catch {
    return new Set();
  }
}
