import { expect, it } from '@jest/globals';
import { BackgroundPace, type PaceClock } from './background-pace.js';

/** A loop that works the given share of every rest for others; sleeping passes its time. */
class PretendedLoop implements PaceClock {
  now = 1_000;
  rests: number[] = [];
  private active = 0;
  private idle = 0;

  constructor(public busy: number) {}

  nowMs(): number {
    return this.now;
  }

  loop(): { active: number; idle: number } {
    return { active: this.active, idle: this.idle };
  }

  sleep(ms: number): Promise<void> {
    this.rests.push(ms);
    this.now += ms;
    this.active += this.busy * ms;
    this.idle += (1 - this.busy) * ms;
    return Promise.resolve();
  }

  work(ms: number): void {
    this.now += ms;
    this.active += ms;
  }
}

async function restsAfter(loop: PretendedLoop, pieces: number, pieceMs: number): Promise<number[]> {
  const pace = new BackgroundPace(loop);
  for (let piece = 0; piece < pieces; piece++) {
    loop.work(pieceMs);
    await pace.rest();
  }
  return loop.rests;
}

it('hardly rests where nobody else works', async () => {
  const [first, ...others] = await restsAfter(new PretendedLoop(0), 20, 25);
  expect(first).toBe(10);
  expect(others).toEqual(Array<number>(19).fill(1));
});

it.each([
  [0.5, 20, 20],
  [0.75, 20, 60],
  [0.2, 40, 10],
])('rests w × busy ÷ (1 − busy): busy %d, pieces of %d ms', async (busy, pieceMs, restMs) => {
  const rests = await restsAfter(new PretendedLoop(busy), 30, pieceMs);
  for (const rest of rests.slice(1)) expect(rest).toBeCloseTo(restMs, 6);
});

it('goes on with a tenth of the time where the loop is never idle', async () => {
  const rests = await restsAfter(new PretendedLoop(1), 10, 20);
  for (const rest of rests.slice(1)) expect(rest).toBeCloseTo(180, 6);
});

it('follows a loop that gets busy, and one that gets idle again', async () => {
  const loop = new PretendedLoop(0);
  const pace = new BackgroundPace(loop);
  const rest = async (): Promise<number> => {
    loop.work(20);
    await pace.rest();
    return loop.rests.at(-1) ?? NaN;
  };
  for (let piece = 0; piece < 50; piece++) await rest();
  loop.busy = 0.75;
  let busiest = 0;
  for (let piece = 0; piece < 400; piece++) busiest = await rest();
  expect(busiest).toBeGreaterThan(55);
  loop.busy = 0;
  let idlest = Infinity;
  for (let piece = 0; piece < 400; piece++) idlest = await rest();
  expect(idlest).toBeLessThan(3);
});

it('counts as work only what is done since it began', async () => {
  const loop = new PretendedLoop(0.5);
  const pace = new BackgroundPace(loop);
  await pace.rest();
  loop.work(10_000);
  pace.begin();
  loop.work(20);
  await pace.rest();
  expect(loop.rests.at(-1)).toBeCloseTo(20, 6);
});

it('rests half a second at most, however long a piece had to wait for something else', async () => {
  const rests = await restsAfter(new PretendedLoop(0.9), 5, 60_000);
  for (const rest of rests.slice(1)) expect(rest).toBe(500);
});

it("lets the process's other work run while it rests", async () => {
  const pace = new BackgroundPace();
  for (let piece = 0; piece < 3; piece++) {
    let ran = false;
    setImmediate(() => {
      ran = true;
    });
    await pace.rest();
    expect(ran).toBe(true);
  }
});
