/*
 * Goal: a stranger who is handed a proof can check it with this one verb, and is told what is wrong;
 * the four queues are compared on one trace.
 * Method: a proof of one payment, made by hand and hashed; then the same with one figure changed,
 * once with the old hash and once with a new one, as a forger would. No database is there.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { PROOF_SCHEMA, type NettingProofFile } from '#contracts/netting-proof';
import { hashOfProof } from '#settlement';
import { run } from '../run.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wayfare-settle-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => {
  process.exitCode = undefined;
  jest.restoreAllMocks();
});

const figure = (transfers: number, minor: string) => ({ transfers, minor });
const leg = { carriedIn: '0', minimum: '0', state: 'due', valueDate: '2026-11-24' } as const;
const body: Omit<NettingProofFile, 'hash'> = {
  schema: PROOF_SCHEMA,
  cycle: { id: 'cyc_20261120', kind: 'daily', startsAt: 'a', endsAt: 'b', finalAt: 'c' },
  flows: [
    {
      participant: 'truemoney',
      counterparty: 'acq_kamogawa',
      currency: 'THB',
      counterCurrency: 'JPY',
      pays: '28286',
      receives: '0',
      items: 1,
    },
  ],
  books: [
    { owner: 'truemoney', account: 'walletReceivable', currency: 'THB', of: null, minor: '28286' },
    { owner: 'hub', account: 'fxPosition', currency: 'THB', of: null, minor: '-28286' },
  ],
  models: [
    {
      currency: 'THB',
      gross: figure(1, '28286'),
      bilateral: figure(1, '28286'),
      multilateral: figure(1, '28286'),
      positions: [{ participant: 'truemoney', minor: '28286' }],
      hub: '-28286',
      bilateralSavedBps: '0',
      multilateralSavedBps: '0',
    },
  ],
  obligations: [
    {
      ...leg,
      participant: 'truemoney',
      role: 'wallet',
      currency: 'THB',
      own: '28286',
      minor: '28286',
      currencies: ['THB', 'JPY'],
      reason: 'next business day',
    },
  ],
  sources: { runningTotals: 'test', rawLines: { lines: 2, agree: true } },
  ledgerHead: null,
};

async function verb(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
  return { code: await run(args), out, err };
}

async function check(name: string, content: object | string) {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return verb(['settle', 'check', path]);
}

describe('settle check', () => {
  it('accepts a right proof, whatever the order of its keys', async () => {
    const proof = { hash: hashOfProof(body), ...body };
    expect(await check('right.json', proof)).toMatchObject({ code: 0, err: '' });
    const turned = Object.fromEntries(Object.entries(proof).reverse());
    const { code, out } = await check('turned.json', turned);
    expect([code, out.includes('The proof holds.')]).toEqual([0, true]);
  });

  it('names what a forger changed, with the old hash and with a new one', async () => {
    const [one] = body.obligations;
    if (one === undefined) throw new Error('the proof has an obligation');
    const forged = { ...body, obligations: [{ ...one, own: '20000', minor: '20000' }] };
    const old = await check('old.json', { ...forged, hash: hashOfProof(body) });
    expect(old.code).toBe(1);
    expect(old.out).toMatch(/FAIL +hash/);
    const rehashed = await check('new.json', { ...forged, hash: hashOfProof(forged) });
    expect(rehashed.code).toBe(1);
    expect(rehashed.out).toContain('truemoney walletReceivable THB says 20000, computed 28286');
  });

  it.each([
    ['no JSON', '{'],
    ['another schema', JSON.stringify({ ...body, hash: 'a'.repeat(64), schema: 'x/2' })],
  ])('refuses %s in one line', async (name, content) => {
    const { code, err } = await check(`${name}.json`, content);
    expect(code).toBe(1);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

describe('settle queues', () => {
  it('compares the four algorithms on one trace', async () => {
    const path = join(folder, 'trace.json');
    const transfers = [
      { id: 'ab', from: 'a', to: 'b', minor: '50' },
      { id: 'ba', from: 'b', to: 'a', minor: '45' },
    ];
    await writeFile(path, JSON.stringify({ currency: 'JPY', balances: { a: '5' }, transfers }));
    const { code, out } = await verb(['settle', 'queues', '--trace', path, '--json']);
    expect(code).toBe(0);
    const { results } = JSON.parse(out) as { results: { algorithm: string; settled: number }[] };
    expect(results.map(({ algorithm, settled }) => [algorithm, settled])).toEqual([
      ['fifo', 0],
      ['bypass', 0],
      ['offsetting', 2],
      ['multilateral', 2],
    ]);
  });

  it('says what is missing', async () => {
    expect(await verb(['settle', 'queues'])).toMatchObject({ code: 1 });
  });
});
