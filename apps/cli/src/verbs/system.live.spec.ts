/**
 * Goal: the verbs that need a running system work for a person and a script: every flow ends paid
 * and cleared, a refusal is told and exits 1, a slip exits 2, one folder has one system, and
 * nothing is left behind when it is told to stop.
 * Method: the built command line in processes of its own, on a data folder of its own, against one
 * hub that is started once; what the verbs print is read as scripts read it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { PaymentExplanation } from '#contracts/operator/payments';
import { discardDatabase, ensureDatabase } from '#platform/postgres/index';
import { projectRoot } from '#platform/project-root';
import type { Story } from '../story/play.js';

jest.setTimeout(120_000);

const main = join(projectRoot, 'dist/apps/cli/src/main.js');
const STORE = ['--store', 'sto_gion_menya_kawara_1', '--amount', '1200'];

let scratch: string;
let dataDir: string;
let server: Ran;

interface Ran {
  readonly process: ChildProcess;
  readonly out: () => string;
  readonly complaints: () => string;
}

function begin(args: readonly string[]): Ran {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: projectRoot,
    env: { ...process.env, WAYFARE_DATA_DIR: dataDir, DATABASE_URL: '', REDIS_URL: '', PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let complaints = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  return { process: child, out: () => out, complaints: () => complaints };
}

async function wayfare(...args: string[]): Promise<{ code: number; out: string; said: string }> {
  const ran = begin(args);
  const [code] = (await once(ran.process, 'close')) as [number];
  return { code, out: ran.out(), said: ran.complaints() };
}

interface Paid {
  readonly paymentId: string;
  readonly explanation: PaymentExplanation;
}

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'wayfare-system-'));
  dataDir = join(scratch, 'data');
  server = begin(['start', '--no-story']);
  while (!server.out().includes('Serving at http://127.0.0.1:')) {
    if (server.process.exitCode !== null) throw new Error(server.complaints());
    await sleep(50);
  }
});
afterAll(async () => {
  server.process.kill('SIGKILL');
  const left = await ensureDatabase({ dataDir });
  await left.stop();
  await discardDatabase(dataDir);
  rmSync(scratch, { recursive: true, force: true });
});

describe('wayfare demo', () => {
  it.each(['national-qr', 'user-presented', 'order-code', 'entry-code'])(
    '%s ends paid and posted, with every invariant holding',
    async (flow) => {
      const { code, out, said } = await wayfare('demo', flow, '--json');
      expect({ code, said }).toEqual({ code: 0, said: '' });
      const story = JSON.parse(out) as Story;
      expect(story).toMatchObject({ flow, explanation: { payment: { state: 'succeeded' } } });
      expect(story.explanation?.entries.map(({ state }) => state)).toEqual(['posted']);
      expect(story.checks.length).toBeGreaterThanOrEqual(8);
      expect(story.checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(story.steps.length).toBeGreaterThan(1);
    },
  );

  it('exits 2 for a flow there is not, and lists those there are', async () => {
    const { code, out, said } = await wayfare('demo', 'nosuch');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(said).toContain('national-qr, user-presented, order-code, entry-code');
  });
});

describe('wayfare pay and why', () => {
  it('pay by every flow, and why tells the same payment', async () => {
    const paid = await wayfare('pay', '--wallet', 'gcash', ...STORE, '--json');
    expect({ code: paid.code, said: paid.said }).toEqual({ code: 0, said: '' });
    const { paymentId, explanation } = JSON.parse(paid.out) as Paid;
    const why = await wayfare('why', paymentId, '--json');
    expect(why.code).toBe(0);
    expect(JSON.parse(why.out)).toEqual(explanation);
    const text = await wayfare('why', paymentId);
    expect(text.out).toContain(paymentId);
    expect(text.out).toContain('Timeline');
    const shown = await wayfare('pay', '--wallet', 'gcash', ...STORE, '--by', 'user-presented');
    expect({ code: shown.code, head: shown.out.slice(0, 5) }).toEqual({ code: 0, head: 'PAID\n' });
  });

  it('tell a refusal with its reason and exit 1', async () => {
    const customer = ['--customer', 'cus_ana_insufficient'];
    const { code, out } = await wayfare('pay', '--wallet', 'truemoney', ...STORE, ...customer);
    expect(code).toBe(1);
    expect(out).toMatch(/^NOT PAID: declined\n/);
    expect(out).toContain('USER_BALANCE_NOT_ENOUGH');
    const id = /pay_\w+/.exec(out)?.[0] ?? '';
    expect((await wayfare('why', id)).out).toContain('USER_BALANCE_NOT_ENOUGH');
  });

  it('give the money back when the store refuses the push', async () => {
    const misbehaving = ['--store-behaves', 'pushfail', '--json'];
    const { code, out } = await wayfare('pay', '--wallet', 'truemoney', ...STORE, ...misbehaving);
    expect(code).toBe(1);
    const { explanation } = JSON.parse(out) as Paid;
    expect(explanation.payment.state).toBe('cancelled');
    expect((await wayfare('pay', '--wallet', 'truemoney', ...STORE)).code).toBe(0);
  });

  it.each([
    [['pay', '--wallet', 'nosuch', ...STORE], 1, /nosuch/],
    [['pay', '--wallet', 'truemoney', '--store', 'sto_nosuch', '--amount', '1'], 1, /sto_nosuch/],
    [['pay', '--wallet', 'truemoney', '--qr', 'nosuch.png'], 1, /no such file/],
    [['pay', '--wallet', 'truemoney'], 2, /--qr .* or --store/],
    [['pay', '--wallet', 'truemoney', '--qr', 'x', '--store', 'y'], 2, /cannot be used with/],
    [['why', 'pay_nosuch'], 1, /there is no payment pay_nosuch/],
    [['why'], 2, /missing required argument/],
  ])('say what is wrong: %j exits %i', async (args, expected, message) => {
    const { code, out, said } = await wayfare(...args);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(said).toMatch(message);
    expect(said).not.toMatch(/\n {4}at /);
  });

  it.each(['0', '-5', '10.5', 'abc', '90071992547409930', ''])(
    'pay nothing for the amount "%s"',
    async (amount) => {
      const store = ['--store', 'sto_gion_menya_kawara_1', `--amount=${amount}`];
      const { code, out } = await wayfare('pay', '--wallet', 'truemoney', ...store);
      expect(code).toBe(1);
      expect(out).toMatch(/^NOT PAID|^Not paid\. F /);
    },
  );
});

describe('wayfare start', () => {
  it('is refused where a system runs already, and does that one no harm', async () => {
    const before = readFileSync(join(dataDir, 'hub.json'), 'utf8');
    const { code, said } = await wayfare('start');
    expect(code).toBe(1);
    expect(said).toMatch(/a Wayfare of this data folder serves at http.*WAYFARE_DATA_DIR/);
    expect(readFileSync(join(dataDir, 'hub.json'), 'utf8')).toBe(before);
    expect((await wayfare('verify')).code).toBe(0);
  });

  it('ends in order when told to, and leaves no address and no server', async () => {
    server.process.kill('SIGINT');
    const [code] = (await once(server.process, 'close')) as [number];
    expect(code).toBe(0);
    for (const file of ['hub.json', 'sandbox.json', 'system.json']) {
      expect({ file, left: existsSync(join(dataDir, file)) }).toEqual({ file, left: false });
    }
    const visitor = await ensureDatabase({ dataDir });
    await visitor.stop();
    expect(visitor.started).toBe(true);
  });

  it('stopped before it serves, leaves nothing either', async () => {
    for (const afterMs of [300, 1_500, 2_500]) {
      const starting = begin(['start', '--no-story']);
      await sleep(afterMs);
      starting.process.kill('SIGTERM');
      await once(starting.process, 'close');
      const visitor = await ensureDatabase({ dataDir });
      await visitor.stop();
      expect({ afterMs, started: visitor.started }).toEqual({ afterMs, started: true });
    }
  });
});
