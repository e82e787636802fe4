/*
 * Goal: an operator at the command line sees disputes, queues, a payment's way and the files of a
 * cycle, can hold and resume, write again and export, and is told in one line what was wrong.
 * Method: the command line itself beside a hub that has played, netted and filed a day.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { CONFIG, type Config } from '#platform/config';
import { readIsoFile } from '#platform/iso20022/read-iso-file';
import { OPERATOR_KEY } from '#platform/operators/index';
import { run } from '../../apps/cli/src/run.js';
import { FiledCycle } from '../payments/filed-cycle.js';
import { DONE } from '../payments/partner.js';

let filed: FiledCycle;
let output = '';
let complaints = '';
const SETTINGS = ['DATABASE_URL', 'WAYFARE_DATA_DIR', 'WAYFARE_OPERATOR_KEY'] as const;
const before = SETTINGS.map((name) => process.env[name]);

beforeAll(async () => {
  filed = await FiledCycle.open();
  const { hub } = filed;
  process.env['DATABASE_URL'] = hub.database.url;
  process.env['WAYFARE_DATA_DIR'] = hub.app.get<Config>(CONFIG).dataDir;
  process.env['WAYFARE_OPERATOR_KEY'] = hub.app.get<string>(OPERATOR_KEY);
}, 120_000);
afterAll(async () => {
  SETTINGS.forEach((name, index) => {
    const value = before[index];
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  });
  await filed.close();
});
beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complaints += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

/** Asked as if by a new process. */
function ask(...words: string[]): Promise<number> {
  output = '';
  complaints = '';
  process.exitCode = undefined;
  return run(words);
}

async function expectRefusal(code: number, says: RegExp, ...words: string[]): Promise<void> {
  expect(await ask(...words)).toBe(code);
  expect(complaints).toMatch(says);
  expect(complaints).not.toMatch(/\n +at /);
}

it('disputes: lists what is open and shows one with its timeline', async () => {
  const { hub } = filed;
  expect(await ask('disputes')).toBe(0);
  expect(output).toBe('No dispute is open.\n');
  hub.acquirer.partner.on('disputes/initiateRetrieval', () => ({ result: DONE }));
  const paymentRequestId = filed.paid[0]?.['paymentId'];
  const body = { disputeRequestId: 'asked-1', paymentRequestId };
  const reply = await hub.wallet.partner.send('disputes/initiateRetrieval', body);
  expect(reply.result.resultStatus).toBe('S');

  expect(await ask('disputes')).toBe(0);
  expect(output).toMatch(/dsp_\w+ +retrieval +open +truemoney \/ acq_kamogawa/);
  const id = /dsp_\w+/.exec(output)?.[0] ?? '';
  expect(await ask('disputes', id)).toBe(0);
  expect(output).toMatch(/started +open +retrieval 1 of at most 5/);
  expect(await ask('disputes', '--payment', String(paymentRequestId), '--json')).toBe(0);
  expect(JSON.parse(output)).toMatchObject({ items: [{ id, kind: 'retrieval' }] });
  await expectRefusal(1, /there is no dispute dsp_none/, 'disputes', 'dsp_none');
});

it('queues: tells what waits, holds and resumes', async () => {
  const at = ['--hub', filed.hub.url];
  const stateOf = (): string | undefined =>
    (JSON.parse(output) as { stages: { stage: string; state: string }[] }).stages.find(
      ({ stage }) => stage === 'relay',
    )?.state;
  expect(await ask('queues', 'status', ...at)).toBe(0);
  expect(output).toMatch(/waiting +0 entries/);
  const why = ['--reason', 'tried by a test', '--json'];
  expect(await ask('queues', 'pause', 'relay', ...at, ...why)).toBe(0);
  expect(stateOf()).toBe('paused');
  expect(await ask('queues', 'resume', 'relay', ...at, ...why)).toBe(0);
  expect(stateOf()).toBe('running');
  await expectRefusal(1, /relay, posting/, 'queues', 'pause', 'everything', ...at, ...why);
  await expectRefusal(2, /--reason/, 'queues', 'pause', 'relay', ...at);
});

it('trace: tells the way of a payment', async () => {
  const id = String(filed.paid[0]?.['paymentId']);
  const [row] = await filed.hub.database.dataSource.query<{ trace_id: string }[]>(
    'SELECT trace_id FROM payments WHERE id = $1',
    [id],
  );
  expect(await ask('trace', id)).toBe(0);
  expect(output).toContain(`Payment ${id}, trace ${row?.trace_id ?? '?'}, cycle ${filed.cycleId}`);
  expect(await ask('trace', id, '--json')).toBe(0);
  const { steps } = JSON.parse(output) as { steps: { where: string }[] };
  expect(steps.length).toBeGreaterThan(4);
  await expectRefusal(1, /there is no payment pay_none/, 'trace', 'pay_none');
});

it('files: lists a cycle, and writes it once more', async () => {
  const { cycleId } = filed;
  const seqs = async (): Promise<Map<string, number[]>> => {
    expect(await ask('files', 'list', '--cycle', cycleId, '--json')).toBe(0);
    const { sets } = JSON.parse(output) as {
      sets: { participant: string; seq: number; state: string }[];
    };
    const written = new Map<string, number[]>();
    for (const { participant, seq, state } of sets) {
      expect(state).toBe('written');
      written.set(participant, [...(written.get(participant) ?? []), seq].sort());
    }
    return written;
  };
  const first = await seqs();
  expect([...first.keys()]).toEqual(expect.arrayContaining(['acq_kamogawa', 'truemoney']));
  expect(new Set([...first.values()].flat())).toEqual(new Set([0]));
  await ask('files', 'write', cycleId, '--again', '--participant', 'truemoney');
  expect(complaints).toBe('');
  // The hub may be at it at the same moment; then this command only says so.
  while ((await ask('files', 'write', cycleId)) !== 0) expect(output).toContain('waits');
  const second = await seqs();
  expect(second.get('truemoney')).toContain(1);
  expect(second.get('acq_kamogawa')).toEqual([0]);
  const none = ['files', 'write', 'cyc_19990101', '--again'];
  await expectRefusal(1, /cyc_19990101 has no written files/, ...none);
  await expectRefusal(1, /--again takes a cycle/, 'files', 'write', '--again');
  await expectRefusal(2, /unknown option '--cyle'/, 'files', 'list', '--cyle', cycleId);
}, 60_000);

it('iso export: writes messages that can be read back', async () => {
  const { cycleId, scratch } = filed;
  const folder = join(scratch, 'iso');
  const choice = ['--participant', 'acq_kamogawa', '--out', folder];
  expect(await ask('iso', 'export', cycleId, ...choice, '--message', 'pacs.008', '--json')).toBe(0);
  const report = JSON.parse(output) as { files: { name: string; transactions: number }[] };
  expect(report.files.map(({ transactions }) => transactions)).toEqual([filed.paid.length]);
  expect(readdirSync(folder)).toEqual(report.files.map(({ name }) => name));
  for (const { name } of report.files) {
    expect(readIsoFile(readFileSync(join(folder, name)))).toMatchObject({ ok: true });
  }
  const odd = ['iso', 'export', cycleId, ...choice, '--message', 'pacs.999'];
  await expectRefusal(1, /--message takes pacs\.008/, ...odd);
  const stranger = ['iso', 'export', cycleId, '--participant', 'nobody', '--out', folder];
  await expectRefusal(1, /nobody has nothing of/, ...stranger);
  await expectRefusal(2, /--participant/, 'iso', 'export', cycleId, '--out', folder);
}, 60_000);
