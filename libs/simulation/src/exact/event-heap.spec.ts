/**
 * Goal: events come in order of time, equal times in the order they were added, whatever the order
 * of adding and taking. Method: random sequences against a sorted list.
 */
import fc from 'fast-check';
import { EventHeap } from './event-heap.js';

it('gives the earliest event, of equal times the one added first', () => {
  const step = fc.oneof(fc.record({ atMs: fc.nat({ max: 20 }) }), fc.constant('pop' as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const heap = new EventHeap();
      const expected: { atMs: number; payload: number }[] = [];
      for (const [payload, one] of steps.entries()) {
        if (one === 'pop') {
          const first = expected.reduce<(typeof expected)[number] | undefined>(
            (least, event) => (least === undefined || event.atMs < least.atMs ? event : least),
            undefined,
          );
          expect(heap.nextMs).toBe(first?.atMs ?? Infinity);
          expect(heap.pop()).toBe(first?.payload ?? -1);
          if (first !== undefined) expected.splice(expected.indexOf(first), 1);
        } else {
          heap.push(one.atMs, payload);
          expected.push({ atMs: one.atMs, payload });
        }
        expect(heap.size).toBe(expected.length);
      }
    }),
    { numRuns: 200 },
  );
});

it('grows past its first columns', () => {
  const heap = new EventHeap();
  for (let i = 0; i < 5_000; i++) heap.push((i * 7_919) % 5_000, i);
  const times: number[] = [];
  while (heap.size > 0) {
    times.push(heap.nextMs);
    heap.pop();
  }
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times).toHaveLength(5_000);
});
