// Goal: a caller that does not know whether its request arrived may send it again and gets one run;
// and whatever is asked of a run in a state that does not have it is answered with a problem that
// says so, and changes nothing.
// Method: a hub that plays nothing, so that every run stays as it is asked for, and a second process
// on the same database. Runs are counted in the rows.
import type { SimulationJob } from '#contracts/operator/simulations';
import type { RunningHub } from '../../apps/hub/src/start-hub.js';
import { GuardedHub, type Answer } from '../operators/guarded-hub.js';

const BODY = { scenario: 'thailand-japan', fidelity: 'fluid', assumptionDraws: 0 };

let hub: GuardedHub;
let other: RunningHub;
beforeAll(async () => {
  hub = await GuardedHub.open();
  other = await hub.another();
}, 60_000);
afterAll(async () => {
  await other.close();
  await hub.close();
}, 30_000);

function ask(
  body: object,
  idempotencyKey: string,
  { key = hub.rootKey, url }: { key?: string; url?: string } = {},
): Promise<Answer> {
  return hub.ask('POST /api/simulations', {
    ...{ key, body, headers: { 'Idempotency-Key': idempotencyKey } },
    ...(url === undefined ? {} : { url }),
  });
}

const call = (line: string): Promise<Answer> => hub.ask(line, { key: hub.rootKey });

async function runs(): Promise<number> {
  const [row] = await hub.database.dataSource.query<{ n: number }[]>(
    'SELECT count(*)::integer AS n FROM simulation_runs',
  );
  return row?.n ?? -1;
}

/** How often something was done, by the record of who did what. */
async function recorded(action: string, id: string): Promise<number> {
  const entries = await hub.audit();
  return entries.filter((entry) => entry['action'] === action && entry['subject'] === id).length;
}

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const wide = (keys: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, i) => [`k${String(i)}`, 1])));
const idOf = ({ body }: Answer): string => String(body['id']);

describe('a request with a key', () => {
  let first: Answer;
  beforeAll(async () => {
    first = await ask(BODY, '"again"');
  }, 30_000);

  it('is one run however often it is sent', async () => {
    expect(first).toMatchObject({ status: 202, body: { state: 'queued' } });
    const before = await runs();
    // Without quotes, with what is left out spelled out, and with its members turned round.
    const spelled = { set: [], seed: 7, ...BODY };
    const turned = Object.fromEntries(Object.entries(spelled).reverse());
    for (const [body, key] of [
      [BODY, 'again'],
      [spelled, '"again"'],
      [turned, '"again"'],
    ] as const) {
      expect(await ask(body, key)).toEqual(first);
    }
    expect(await runs()).toBe(before);
    expect(await recorded('simulation.ask', idOf(first))).toBe(1);
  });

  it('is one run when two processes get it at the same moment', async () => {
    const before = await runs();
    const [one, two] = await Promise.all([
      ask(BODY, '"race"'),
      ask(BODY, '"race"', { url: other.url }),
    ]);
    expect(one).toMatchObject({ status: 202, body: { state: 'queued' } });
    expect(two).toEqual(one);
    expect(await runs()).toBe(before + 1);
    expect(await recorded('simulation.ask', idOf(one))).toBe(1);
  }, 30_000);

  it('with another body is refused, names the key and the run it stands for', async () => {
    const before = await runs();
    const answer = await ask({ ...BODY, seed: 8 }, '"again"');
    expect(answer).toMatchObject({
      status: 422,
      body: {
        type: 'urn:wayfare:problem:idempotency-key-reused',
        detail: expect.stringMatching(new RegExp(`"again".*${idOf(first)}.*new key`)) as string,
        errors: [{ field: 'Idempotency-Key' }],
      },
    });
    expect(await runs()).toBe(before);
  });

  it('of another person is another run', async () => {
    const theirs = await hub.issue({ name: 'ida', scopes: ['read', 'simulations:write'] });
    const answer = await ask({ ...BODY, seed: 9 }, '"again"', { key: theirs });
    expect(answer).toMatchObject({ status: 202, body: { askedBy: 'ida', seed: 9 } });
    expect(idOf(answer)).not.toBe(idOf(first));
  }, 30_000);

  it('that was refused leaves its key free for the request put right', async () => {
    const wrong = await ask({ ...BODY, scenario: 'thailand-jpan' }, '"mended"');
    expect(wrong).toMatchObject({ status: 422 });
    expect(await ask(BODY, '"mended"')).toMatchObject({ status: 202 });
  }, 30_000);

  it('that is no key is refused by the name of its header', async () => {
    const before = await runs();
    for (const key of ['""', '"a", "b"', '"open', `"${'k'.repeat(256)}"`]) {
      expect(await ask(BODY, key)).toMatchObject({
        status: 422,
        body: { code: 'PARAM_ILLEGAL', errors: [{ field: 'Idempotency-Key' }] },
      });
    }
    expect(await runs()).toBe(before);
  });

  it('is not the request without one, which is a run of its own', async () => {
    const before = await runs();
    const answer = await hub.ask('POST /api/simulations', { key: hub.rootKey, body: BODY });
    expect(answer).toMatchObject({ status: 202 });
    expect(idOf(answer)).not.toBe(idOf(first));
    expect(await runs()).toBe(before + 1);
  }, 30_000);

  it('has no result while nobody plays it, and says how far it is', async () => {
    const id = idOf(first);
    expect(await call(`GET /api/simulations/${id}/result`)).toMatchObject({
      status: 409,
      body: {
        title: 'Conflict',
        detail: expect.stringContaining(`${id} is queued`) as string,
        instance: `/api/simulations/${id}/result`,
      },
    });
  });

  it('is cancelled once by however many ask for it, and its key still means it', async () => {
    const id = idOf(first);
    const line = `POST /api/simulations/${id}/cancel`;
    const both = await Promise.all([
      call(line),
      hub.ask(line, { key: hub.rootKey, url: other.url }),
    ]);
    const later = await call(line);
    expect(both[0]).toMatchObject({ status: 200, body: { id, state: 'cancelled' } });
    expect(both[1]).toEqual(both[0]);
    // The end stays where it was: the later one stopped nothing.
    expect(later).toEqual(both[0]);
    expect(await recorded('simulation.cancel', id)).toBe(1);
    expect(await ask(BODY, '"again"')).toEqual({ status: 202, body: later.body });
  });
});

describe('a request that cannot be meant', () => {
  const post = (body: object): Promise<Answer> =>
    hub.ask('POST /api/simulations', { key: hub.rootKey, body });

  it.each([
    ['no scenario', {}, 'scenario'],
    ['a list for a scenario', { scenario: ['thailand-japan'] }, 'scenario'],
    ['a path for a name', { scenario: '../../etc/passwd' }, 'scenario'],
    ['a seed that is no whole number', { ...BODY, seed: 1.5 }, 'seed'],
    ['a seed as text', { ...BODY, seed: '7' }, 'seed'],
    ['a seed no double can hold', { ...BODY, seed: 2 ** 53 }, 'seed'],
    ['more replications than there may be', { ...BODY, replications: 10_001 }, 'replications'],
    ['more draws than there may be', { ...BODY, assumptionDraws: 1_001 }, 'assumptionDraws'],
    ['a change that is no text', { ...BODY, set: [7] }, 'set.0'],
  ])('%s is refused at its field', async (_, body, field) => {
    const answer = await post(body);
    const errors = answer.body['errors'] as { field: string }[];
    expect({ status: answer.status, fields: errors.map((error) => error.field) }).toEqual({
      status: 422,
      fields: expect.arrayContaining([field]) as string[],
    });
  });

  it('a field that there is not is refused by name', async () => {
    const answer = await post({ ...BODY, jobs: 4 });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'PARAM_ILLEGAL', detail: expect.stringContaining('"jobs"') as string },
    });
  });

  it('a document of five megabytes is refused with what would be taken', async () => {
    const title = 'x'.repeat(5_000_000);
    const answer = await post({ scenario: { wayfareScenario: 1, name: 'long', title } });
    expect(answer).toMatchObject({
      status: 413,
      body: { status: 413, detail: expect.stringContaining('1048576 bytes') as string },
    });
    expect(await call('GET /api/simulations')).toMatchObject({ status: 200 });
  });

  it.each([
    ['nested without end', nested(150_000), 'is nested deeper than 32 levels'],
    ['with more values than anybody reads', wide(60_000), 'holds more than 10000 values'],
  ])(
    'a document %s is refused before it is judged, and the hub goes on',
    async (_, text, message) => {
      const response = await fetch(`${hub.url}/api/simulations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${hub.rootKey}`, 'content-type': 'application/json' },
        body: `{"scenario":${text}}`,
      });
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ errors: [{ field: 'scenario', message }] });
      expect(await call('GET /api/simulations')).toMatchObject({ status: 200 });
    },
  );

  it('a document with hundreds of faults is answered with some and their number', async () => {
    const faults = JSON.parse(wide(500)) as object;
    const base = { wayfareScenario: 1, name: 'odd', title: 'Odd', extends: 'thailand-japan' };
    const { status, body } = await post({ scenario: { ...base, ...faults } });
    expect(status).toBe(422);
    expect((body['errors'] as unknown[]).length).toBe(50);
    expect(body['detail']).toMatch(/and 450 more$/);
  }, 30_000);

  it('nobody cancels, sees or takes away what was never asked for', async () => {
    for (const line of [
      'GET /api/simulations/sim_00000000000000000000000000',
      'GET /api/simulations/sim_00000000000000000000000000/result',
      'POST /api/simulations/sim_00000000000000000000000000/cancel',
      'POST /api/simulations/nonsense/cancel',
    ]) {
      expect(await call(line)).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND', detail: expect.stringContaining('sim_') as string },
      });
    }
  });

  it('a caller without the scope reads which one it lacks', async () => {
    const reader = await hub.issue({ name: 'ron', scopes: ['read'] });
    const id = idOf(await ask(BODY, '"mended"'));
    for (const line of ['POST /api/simulations', `POST /api/simulations/${id}/cancel`]) {
      expect(await hub.ask(line, { key: reader, body: BODY })).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('simulations:write') as string },
      });
    }
    const { body } = await call(`GET /api/simulations/${id}`);
    expect((body as unknown as SimulationJob).state).toBe('queued');
  }, 30_000);
});
