/*
 * Goal: background work runs soon when asked, never twice at once, survives its own faults, and
 * ends when told. Method: short real intervals; what matters is order and count, not exact times.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '#platform/telemetry/logger';
import { Loop } from './loop.js';

const LONG_MS = 60_000;
let lines: string[] = [];
const log = createLogger({
  name: 'test',
  level: 'info',
  destination: { write: (line) => void lines.push(line) },
});
beforeEach(() => {
  lines = [];
});

/** Patient with a busy machine: only what must *not* happen is given a fixed time. */
async function until(condition: () => boolean): Promise<void> {
  const lateAtMs = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > lateAtMs) throw new Error('it never happened');
    await sleep(2);
  }
}

async function withLoop(
  terms: { run: () => Promise<void>; intervalMs?: number; retryMs?: number },
  work: (loop: Loop) => Promise<void>,
): Promise<void> {
  const loop = new Loop({ name: 'test', intervalMs: LONG_MS, retryMs: LONG_MS, log, ...terms });
  loop.start();
  try {
    await work(loop);
  } finally {
    await loop.stop();
  }
}

it('runs at once, and again only after its interval or when asked', async () => {
  let runs = 0;
  const run = () => {
    runs++;
    return Promise.resolve();
  };
  await withLoop({ run }, async (loop) => {
    await until(() => runs === 1);
    loop.wakeIn(5);
    loop.wakeIn(10);
    await until(() => runs === 2);
    await sleep(50);
    expect(runs).toBe(2);
  });
});

it('does not forget a wish that comes while it is busy', async () => {
  let runs = 0;
  let release = (): void => undefined;
  const run = async () => {
    runs++;
    if (runs === 1) await new Promise<void>((resolve) => (release = resolve));
  };
  await withLoop({ run }, async (loop) => {
    await until(() => runs === 1);
    loop.wakeIn(0);
    await sleep(20);
    expect(runs).toBe(1);
    release();
    await until(() => runs === 2);
  });
});

it('goes on after faults, says so once, is not hurried meanwhile, and says when it works', async () => {
  let runs = 0;
  const run = () => (++runs <= 3 ? Promise.reject(new Error('away')) : Promise.resolve());
  await withLoop({ run, intervalMs: 10, retryMs: 400 }, async (loop) => {
    await until(() => runs === 1);
    await sleep(1);
    loop.wakeIn(0);
    await sleep(50);
    expect(runs).toBe(1);
    await until(() => runs > 5);
  });
  expect(lines.filter((line) => line.includes('it is tried again'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('works again'))).toHaveLength(1);
});

it('tells a broken connection in one sentence, and a bug with its stack', async () => {
  const away = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
  for (const error of [away, new TypeError('a bug')]) {
    let runs = 0;
    const run = () => {
      runs++;
      return Promise.reject(error);
    };
    await withLoop({ run }, () => until(() => runs === 1 && lines.length > 0));
    const entry = JSON.parse(lines.pop() ?? '{}') as { level: string; error?: { stack: string } };
    if (error === away) expect(entry).toMatchObject({ level: 'warn', reason: 'connect refused' });
    else expect(entry.error?.stack).toContain('TypeError: a bug');
  }
});

it('stops between runs, waits for the one in hand, and can start again', async () => {
  const events: string[] = [];
  const run = async () => {
    events.push('begin');
    await sleep(30);
    events.push('end');
  };
  const loop = new Loop({ name: 'test', intervalMs: 1, retryMs: 1, log, run });
  loop.start();
  await until(() => events.length === 1);
  await loop.stop();
  expect(events).toEqual(['begin', 'end']);
  await sleep(20);
  expect(events).toHaveLength(2);
  loop.start();
  await until(() => events.length === 3);
  await loop.stop();
  expect(events).toEqual(['begin', 'end', 'begin', 'end']);
});
