import type { AddressInfo, Server } from 'node:net';
import { ExplainedError } from './explained-error.js';

export interface ListenChoices {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The setting that changes the port, for the message. */
  readonly setting?: string;
}

/**
 * Starts to listen, or says in one sentence why not: a taken port is the commonest fault of a
 * first start, and a stack trace does not help against it.
 *
 * @param listen does it, e.g. `() => app.listen(port, host)`
 */
export async function listenOrExplain(
  listen: () => Promise<unknown>,
  { host, port, setting = 'PORT' }: ListenChoices,
): Promise<void> {
  try {
    await listen();
  } catch (error) {
    throw new ExplainedError(explain(error, host, port, setting));
  }
}

function explain(error: unknown, host: string, port: number, setting: string): string {
  const { code = '', message } = error as { code?: string; message: string };
  const other = `Set ${setting} to another port, e.g. ${setting}=${String(port + 1)}`;
  switch (code) {
    case 'EADDRINUSE':
      return `port ${String(port)} on ${host} is taken, perhaps by another Wayfare. ${other}.`;
    case 'EACCES':
      return `port ${String(port)} may not be used by this user. ${other}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine. Set HOST to one that is, e.g. 127.0.0.1.`;
    default:
      return `listening on ${host}:${String(port)} failed: ${message}`;
  }
}

/** The port a server really has, after asking for 0. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
