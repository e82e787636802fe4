import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Where a commit is struck: before the server has it, or before its answer is heard. */
export type CommitCut = 'request' | 'answer';

/**
 * A line to a PostgreSQL server whose address stays the same when the server comes back at another
 * port, and that can be cut at the one moment that matters: in the middle of a commit.
 */
export interface DatabaseLine {
  readonly port: number;
  /** Tears every connection and refuses new ones until `mend`. */
  readonly cut: () => void;
  readonly mend: () => void;
  readonly retarget: (to: { readonly host: string; readonly port: number }) => void;
  /** Cuts the connections of the next commits, one for each item. */
  readonly cutNextCommits: (where: readonly CommitCut[]) => void;
  /** Commits cut so far. */
  readonly commitsCut: () => number;
  readonly close: () => Promise<void>;
}

/** A simple query `COMMIT`, as drivers send it: the text ends with a zero byte. */
const COMMIT = Buffer.from('COMMIT\0');

export async function openDatabaseLine(target: {
  readonly host: string;
  readonly port: number;
}): Promise<DatabaseLine> {
  const sockets = new Set<Socket>();
  const planned: CommitCut[] = [];
  let to = target;
  let whole = true;
  let struck = 0;
  const server = createServer((near) => {
    near.on('error', () => undefined);
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(to);
    let deaf = false;
    near.on('data', (chunk: Buffer) => {
      const where = chunk.includes(COMMIT) ? planned.shift() : undefined;
      if (where !== undefined) struck += 1;
      if (where === 'request') near.destroy();
      else {
        if (where === 'answer') deaf = true;
        far.write(chunk);
      }
    });
    far.on('data', (chunk: Buffer) => {
      // The server has answered, so the commit stands; its caller will never know.
      if (deaf) near.destroy();
      else near.write(chunk);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    mend: () => {
      whole = true;
    },
    retarget: (next) => {
      to = next;
    },
    cutNextCommits: (where) => {
      planned.push(...where);
    },
    commitsCut: () => struck,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      await closed;
    },
  };
}
