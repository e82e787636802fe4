import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { hubKey } from '#contracts/operator/connections';
import { createKeyPair, readPublicKey } from '#platform/signing/index';
import { Load, type LoadResult } from './load.js';
import { readShares, type Skew } from './mix.js';
import { prepareOrders, type Order, type Till } from './orders.js';

/**
 * The acquirers' side of the measurement, in a process of its own: enrols a till for each
 * acquirer, prepares orders, sends them. Told what to do over IPC, one command at a time.
 */
export type LoadCommand =
  | {
      readonly kind: 'enrol';
      readonly hubUrl: string;
      readonly databaseUrl: string;
      readonly operatorKey: string;
    }
  | { readonly kind: 'prepare'; readonly count: number; readonly skew: Skew; readonly run: number }
  | { readonly kind: 'closed'; readonly callers: number; readonly seconds: number }
  | { readonly kind: 'open'; readonly perSecond: number; readonly seconds: number };

export type LoadReply =
  | { readonly ok: true; readonly result?: LoadResult; readonly cpuSeconds: number }
  | { readonly ok: false; readonly reason: string };

type Enrolled = Awaited<ReturnType<typeof enrol>>;

let enrolled: Enrolled | undefined;
let orders: Order[] = [];

async function enrol(command: Extract<LoadCommand, { kind: 'enrol' }>) {
  const { hubUrl, databaseUrl, operatorKey } = command;
  const shares = readShares();
  const pair = await createKeyPair();
  const tills = new Map<string, Till>();
  for (const { acquirerId } of shares) {
    const clientId = `BENCH_${acquirerId.toUpperCase()}`;
    const response = await fetch(`${hubUrl}/api/participants/${acquirerId}/connection`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${operatorKey}` },
      body: JSON.stringify({
        role: 'acqp',
        clientId,
        // Nobody listens there: a payment answered in time owes its acquirer no notification.
        baseUrl: 'http://127.0.0.1:9',
        publicKeyPem: pair.publicKeyPem,
        keyVersion: 1,
      }),
    });
    if (!response.ok) throw new Error(`enrolling ${acquirerId}: ${await response.text()}`);
    tills.set(acquirerId, { clientId, privateKey: pair.privateKey });
  }
  const answer = await fetch(`${hubUrl}/api/hub-key`);
  const key = readPublicKey(hubKey.parse(await answer.json()).publicKeyPem);
  if (!key.ok) throw new Error(key.rejection.detail);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { hostname, port, host } = new URL(hubUrl);
  const target = { host: hostname, port: Number(port), hubKey: key.value };
  return { shares, tills, client, target, host };
}

async function obey(command: LoadCommand): Promise<LoadResult | undefined> {
  if (command.kind === 'enrol') {
    enrolled = await enrol(command);
    return undefined;
  }
  if (enrolled === undefined) throw new Error('enrol first');
  switch (command.kind) {
    case 'prepare':
      orders = await prepareOrders({ ...enrolled, ...command });
      // What the preparing left behind is not to be collected while the clock runs.
      await sleep(200);
      return undefined;
    case 'closed':
      return Load.closed(enrolled.target, orders, command.callers, command.seconds);
    case 'open':
      return Load.open(enrolled.target, orders, command.perSecond, command.seconds);
  }
}

process.on('message', (message) => {
  const before = process.cpuUsage();
  obey(message as LoadCommand).then(
    (result) => {
      const { user, system } = process.cpuUsage(before);
      const reply: LoadReply = {
        ok: true,
        cpuSeconds: (user + system) / 1e6,
        ...(result === undefined ? {} : { result }),
      };
      process.send?.(reply);
    },
    (fault: unknown) => {
      const reply: LoadReply = { ok: false, reason: String(fault) };
      process.send?.(reply);
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready' });
