import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

export interface StoredFile {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * A file that is there whole or not at all. Lines go into a body first, since what stands above
 * them sums them up; then head, body and foot are written beside the file's place, forced to the
 * disk, and renamed there. A disk that fills at any point leaves nothing under the file's name.
 */
export class FileDraft {
  private body: FileHandle | null = null;
  private readonly bodyPath: string;
  private readonly partPath: string;
  private readonly path: string;

  constructor(
    readonly folder: string,
    readonly name: string,
  ) {
    this.path = join(folder, name);
    // Names are fixed: what a killed process left is overwritten, not collected.
    this.bodyPath = join(folder, `.${name}.body`);
    this.partPath = join(folder, `.${name}.part`);
  }

  async append(text: string): Promise<void> {
    this.body ??= await open(this.bodyPath, 'w');
    await this.body.writeFile(text);
  }

  /** Writes everything to the disk, though not yet under its name. */
  async complete(head: string, foot: string): Promise<StoredFile> {
    await this.body?.close();
    const hash = createHash('sha256');
    const part = await open(this.partPath, 'w');
    let bytes = 0;
    const put = async (piece: string | Buffer): Promise<void> => {
      const buffer = typeof piece === 'string' ? Buffer.from(piece) : piece;
      hash.update(buffer);
      bytes += buffer.length;
      await part.writeFile(buffer);
    };
    try {
      await put(head);
      if (this.body !== null) {
        for await (const piece of createReadStream(this.bodyPath)) await put(piece as Buffer);
      }
      await put(foot);
      await part.sync();
    } finally {
      await part.close();
    }
    await rm(this.bodyPath, { force: true });
    this.body = null;
    return { bytes, sha256: hash.digest('hex') };
  }

  /** After `complete`: gives it its name, which lasts from `syncFolder` on. */
  async publish(): Promise<void> {
    await rename(this.partPath, this.path);
  }

  /** Leaves nothing behind of what is not published. */
  async discard(): Promise<void> {
    await this.body?.close().catch(() => undefined);
    this.body = null;
    await rm(this.bodyPath, { force: true });
    await rm(this.partPath, { force: true });
  }
}

/** New names last once their folder is on the disk too. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
