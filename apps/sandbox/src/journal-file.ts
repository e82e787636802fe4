import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** What partners remember across restarts; one line of JSON each. */
export interface JournalRecord {
  /** Participant it belongs to. */
  readonly p: string;
  /** What kind of fact; the partner's own word. */
  readonly k: string;
  readonly [field: string]: unknown;
}

export interface JournalOptions {
  /** False trades the disk's word for speed: a lost machine may forget what it answered. */
  readonly durable: boolean;
}

/**
 * The partners' memory: an append-only file, written and synced in groups, so that a hundred
 * answers wait for one sync instead of one each. A partner answers only after its record is on
 * disk; otherwise a restart would let the same request debit twice.
 */
export class JournalFile {
  private lines: string[] = [];
  private waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  private flushing: Promise<void> | undefined;

  private constructor(
    private readonly file: FileHandle,
    private readonly options: JournalOptions,
    private length: number,
  ) {}

  /**
   * Opens or creates the file and hands every record in it to `replay`, oldest first. A last line
   * that was cut off by a crash was never answered for, and is removed.
   */
  static async open(
    path: string,
    options: JournalOptions,
    replay: (record: JournalRecord) => void,
  ): Promise<JournalFile> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'a+', 0o600);
    const length = await readRecords(file, replay);
    await file.truncate(length);
    return new JournalFile(file, options, length);
  }

  /** Resolves when the record, and everything appended before it, is on disk. */
  append(record: JournalRecord): Promise<void> {
    this.lines.push(`${JSON.stringify(record)}\n`);
    return this.settled();
  }

  /** Resolves when everything appended so far is on disk. */
  settled(): Promise<void> {
    if (this.lines.length === 0 && this.flushing === undefined) return Promise.resolve();
    if (this.lines.length === 0 && this.flushing !== undefined) return this.flushing;
    const written = new Promise<void>((resolve, reject) => {
      this.waiting.push({ resolve, reject });
    });
    this.flushing ??= this.flush();
    return written;
  }

  /** The newest record that `matches`, read from disk; for what memory no longer holds. */
  async findLast(matches: (record: JournalRecord) => boolean): Promise<JournalRecord | undefined> {
    await this.settled();
    let found: JournalRecord | undefined;
    await readRecords(this.file, (record) => {
      if (matches(record)) found = record;
    });
    return found;
  }

  async close(): Promise<void> {
    await this.settled();
    await this.file.close();
  }

  private async flush(): Promise<void> {
    // One turn of the loop, so that what arrives together is written together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.lines.length > 0) {
      const text = Buffer.from(this.lines.join(''), 'utf8');
      const waiting = this.waiting;
      this.lines = [];
      this.waiting = [];
      try {
        await this.file.appendFile(text);
        if (this.options.durable) await this.file.datasync();
        this.length += text.byteLength;
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        // Half a line would swallow the next one.
        await this.file.truncate(this.length).catch(() => undefined);
        for (const { reject } of waiting) reject(error);
      }
    }
    this.flushing = undefined;
  }
}

/** @returns the length in bytes of the whole lines */
async function readRecords(
  file: FileHandle,
  replay: (record: JournalRecord) => void,
): Promise<number> {
  const stream = file.createReadStream({ start: 0, autoClose: false, encoding: 'utf8' });
  let length = 0;
  let held: string | undefined;
  // The last line is held back: only the file's end tells whether it was finished.
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    if (held !== undefined) {
      replay(JSON.parse(held) as JournalRecord);
      length += Buffer.byteLength(held) + 1;
    }
    held = line;
  }
  if (held === undefined || held === '') return length;
  const { size } = await file.stat();
  const whole = length + Buffer.byteLength(held) + 1;
  if (size < whole) return length;
  replay(JSON.parse(held) as JournalRecord);
  return whole;
}
