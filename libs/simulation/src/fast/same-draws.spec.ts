import { playFast } from '#simulation/fast/play-fast';
import { OUTCOMES } from '#simulation/outcomes';
import { emptyTotals, type Totals } from '#simulation/totals';
import type { World } from '#simulation/world';
import { smallWorld } from '#testkit/small-world';

/**
 * Goal: what changes in one flow leaves every number of the others as it was, and more demand is
 * the same day, only fuller.
 * Method: two worlds that differ in one thing, played with one seed and compared flow by flow.
 */
function play(world: World): Totals {
  const totals = emptyTotals(world);
  playFast(world, { seed: 5, replicate: 1 }, totals);
  return totals;
}

function ofFlow({ outcomes, outcomeMinor }: Totals, flow: number): number[] {
  const [from, until] = [flow * OUTCOMES.length, (flow + 1) * OUTCOMES.length];
  return [...outcomes.subarray(from, until), ...outcomeMinor.subarray(from, until)];
}

const BASE = smallWorld();

it('keeps the Thais as they were when Koreans come in greater numbers', () => {
  const [thais, koreans] = BASE.flows;
  const fuller = { ...koreans!, intended: koreans!.intended.map((n) => n * 1.1) };
  const [before, after] = [play(BASE), play({ ...BASE, flows: [thais!, fuller] })];
  expect(ofFlow(after, 0)).toEqual(ofFlow(before, 0));
  // Whoever came before comes again: no outcome becomes rarer, in count or in money.
  const [was, is] = [ofFlow(before, 1), ofFlow(after, 1)];
  expect(is.every((value, at) => value >= was[at]!)).toBe(true);
  expect(is[0]).toBeGreaterThan(was[0]! * 1.05);
});

it('does not depend on the order of flows', () => {
  const [thais, koreans] = BASE.flows;
  const [first, second] = BASE.fx.markupBps;
  const turned = play({
    ...BASE,
    flows: [koreans!, thais!],
    fx: { ...BASE.fx, markupBps: [second!, first!] },
  });
  const plain = play(BASE);
  expect([ofFlow(turned, 1), ofFlow(turned, 0)]).toEqual([ofFlow(plain, 0), ofFlow(plain, 1)]);
  expect(turned.money).toEqual(plain.money);
});
