// Goal: what is asked wrongly is refused with the place and what to do, nobody asks without the scope,
// and a person at the command line gets from a hub what the same words give without one.
// Method: a real hub that carries its workers. Scenarios with one known fault each are asked for, by
// name and as documents; then the built command line asks, follows, lists and cancels.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulationJob } from '#contracts/operator/simulations';
import { projectRoot } from '#platform/project-root';
import { GuardedHub } from '../operators/guarded-hub.js';

const CLI = join(projectRoot, 'dist/apps/cli/src/main.js');
const DOCUMENT = { wayfareScenario: 1, name: 'mine', title: 'Mine', extends: 'thailand-japan' };

interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

let hub: GuardedHub;
let url: string;
let folder: string;
beforeAll(async () => {
  hub = await GuardedHub.open({ WORKERS_INLINE: 'yes' });
  url = await hub.app.getUrl();
  folder = await mkdtemp(join(tmpdir(), 'wayfare-asked-simulations-'));
}, 60_000);
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

const ask = (body: object, key = hub.rootKey) => hub.ask('POST /api/simulations', { key, body });

function sim(words: readonly string[]): Promise<Said> {
  const env = { ...process.env, WAYFARE_OPERATOR_KEY: hub.rootKey, NO_COLOR: '1' };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, 'sim', ...words], { env }, (_, out, err) =>
      resolve({ status: child.exitCode ?? -1, stdout: out, stderr: err }),
    );
  });
}

describe('a scenario that is not valid', () => {
  it.each([
    ['an unknown name', { scenario: 'thailand-jpan' }, '/scenario', 'thailand-japan'],
    [
      'an unknown key',
      { scenario: { ...DOCUMENT, acceptanse: {} } },
      '/scenario/acceptanse',
      'acceptance',
    ],
    [
      'a figure changed to nonsense',
      { scenario: 'thailand-japan', set: ['fees.mdrBps=-5'] },
      '/scenario/fees/mdrBps/value',
      '',
    ],
    [
      'a period without figures',
      { scenario: { ...DOCUMENT, period: { from: '2019-01-01', to: '2019-01-03' } } },
      '/scenario/period',
      'JPY',
    ],
    [
      'a file of the hub’s own disk',
      { scenario: { ...DOCUMENT, extends: '/etc/passwd' } },
      '/scenario/extends',
      'ship',
    ],
    [
      'a number of replications that nobody knows',
      { scenario: 'thailand-japan', set: ['run.untilRelativeError=0.01'] },
      '/scenario/run/untilRelativeError',
      'replications',
    ],
  ])('%s is refused with its place', async (_, body, field, word) => {
    const answer = await ask(body);
    expect(answer).toMatchObject({
      status: 422,
      body: { type: 'urn:wayfare:problem:invalid-scenario', status: 422 },
    });
    const errors = answer.body['errors'] as { field: string; message: string }[];
    const message = errors
      .filter((error) => error.field === field)
      .map((error) => error.message)
      .join('\n');
    expect(errors.map((error) => error.field)).toContain(field);
    expect(message).toContain(word);
    expect(JSON.stringify(answer.body)).not.toContain(tmpdir());
  });

  it('and a request of another shape is refused before it is read', async () => {
    const base = { scenario: 'thailand-japan' };
    for (const more of [{ seed: -1 }, { replications: 0 }, { fidelity: 'vague' }, { reps: 3 }]) {
      const { status, body } = await ask({ ...base, ...more });
      expect({ status, about: JSON.stringify(body['errors']) }).toEqual({
        status: 422,
        about: expect.stringContaining(Object.keys(more)[0] ?? '') as string,
      });
      expect(body['type']).not.toBe('urn:wayfare:problem:invalid-scenario');
    }
  });

  it('and nothing of it was stored', async () => {
    expect((await hub.ask('GET /api/simulations', { key: hub.rootKey })).body).toEqual({
      items: [],
      nextCursor: null,
    });
  });
});

it('asking and cancelling take the scope, looking does not', async () => {
  const reader = await hub.issue({ name: 'rea', scopes: ['read'] });
  const analyst = await hub.issue({ name: 'ana', scopes: ['read', 'simulations:write'] });
  const fluid = { scenario: 'thailand-japan', fidelity: 'fluid', assumptionDraws: 0 };
  expect(await ask(fluid, reader)).toMatchObject({ status: 403 });
  const asked = await ask(fluid, analyst);
  // The fluid kernel draws nothing: replications would all be the same.
  expect(asked).toMatchObject({ status: 202, body: { askedBy: 'ana', replications: 1 } });
  const at = `/api/simulations/${String(asked.body['id'])}`;
  expect(await hub.ask(`POST ${at}/cancel`, { key: reader, body: {} })).toMatchObject({
    status: 403,
  });
  expect(await hub.ask(`GET ${at}`, { key: reader })).toMatchObject({ status: 200 });
  expect(await hub.ask(`GET /api/simulations/sim_none`, { key: reader })).toMatchObject({
    status: 404,
  });
  const done = await sim(['result', String(asked.body['id']), '--hub', url, '--json']);
  expect(done).toMatchObject({ status: 0 });
}, 60_000);

describe('at the command line', () => {
  const short = ['--reps', '1', '--draws', '0', '--seed', '3', '--json', '--progress', 'none'];

  it('a file of one’s own is played by the hub as it is played here', async () => {
    const file = join(folder, 'mine.yaml');
    // The hub's clock stands still, and runs of one millisecond have no order.
    hub.clock.advance(1_000);
    await writeFile(join(folder, 'parent.yaml'), parentFile);
    await writeFile(file, childFile);
    const set = ['--set', 'fees.mdrBps=140'];
    const there = await sim(['run', file, ...set, ...short, '--distributed', '--hub', url]);
    expect({ status: there.status, stderr: there.stderr }).toMatchObject({ status: 0 });
    const here = await sim(['run', file, ...set, ...short, '--jobs', '1']);
    expect(here.status).toBe(0);
    expect(JSON.parse(there.stdout)).toEqual(JSON.parse(here.stdout));
    expect(there.stderr).toMatch(/^sim_[0-9a-z]{26} is queued\n$/);
  }, 90_000);

  it('runs are listed newest first, and pages go on where the last one ended', async () => {
    const { stdout } = await sim(['jobs', '--hub', url, '--json']);
    const { items } = JSON.parse(stdout) as { items: SimulationJob[] };
    expect(items.map(({ scenario, state }) => [scenario.name, state])).toEqual([
      ['mine', 'done'],
      ['thailand-japan', 'done'],
    ]);
    const paged: unknown[] = [];
    let next = '';
    for (let page = 0; page < 2; page++) {
      const line = `GET /api/simulations?limit=1${next}`;
      const { body } = await hub.ask(line, { key: hub.rootKey });
      paged.push(...(body['items'] as unknown[]));
      next = `&cursor=${String(body['nextCursor'])}`;
    }
    expect(paged).toEqual(items);
    const table = (await sim(['jobs', '--hub', url])).stdout;
    expect(table).toMatch(/sim_\w+ +done +100 % +1 of 1 +mine +bootstrap/);
  }, 30_000);

  it('a run is cancelled, and whoever waits for it is told', async () => {
    const asked = await ask({ scenario: 'thailand-japan', replications: 400 });
    const id = String(asked.body['id']);
    const cancelled = await sim(['cancel', id, '--hub', url]);
    expect(cancelled).toEqual({ status: 0, stdout: `${id} is cancelled\n`, stderr: '' });
    const waiting = await sim(['result', id, '--hub', url]);
    expect(waiting).toMatchObject({ status: 1, stdout: '' });
    expect(waiting.stderr).toContain(`${id} is cancelled`);
  }, 30_000);

  it('what cannot be had there is a usage error, and a fault in the scenario exits with 3', async () => {
    const both = await sim(['run', 'thailand-japan', '--distributed', '--out', folder]);
    expect(both).toMatchObject({ status: 2, stdout: '' });
    expect(both.stderr).toContain('--out');
    const wrong = ['run', 'thailand-japan', '--set', 'fees.mdrBps=-5', '--distributed'];
    const faulty = await sim([...wrong, '--hub', url]);
    expect(faulty).toMatchObject({ status: 3, stdout: '' });
    expect(faulty.stderr).toContain('/scenario/fees/mdrBps');
  }, 30_000);
});

const parentFile = `wayfareScenario: 1
name: parent
title: Two days in April
extends: thailand-japan
period: { from: 2025-04-01, to: 2025-04-02 }
`;
const childFile = `wayfareScenario: 1
name: mine
title: Two days in April, dearer
extends: ./parent.yaml
`;
