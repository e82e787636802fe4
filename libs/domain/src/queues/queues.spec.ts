/*
 * Goal: a stage takes work exactly when it should, and the number of workers follows the load.
 * Method: every pair of states; loads whose answer is worked out by hand in the comments.
 */
import { takesWork, type StageState } from './queue-stages.js';
import { workersWanted } from './workers-wanted.js';

describe('the stages', () => {
  it.each<[StageState, StageState, boolean, boolean]>([
    // relay, posting, relay takes work, posting takes work
    ['running', 'running', true, true],
    ['running', 'draining', false, true],
    ['running', 'paused', false, false],
    ['draining', 'running', true, true],
    ['draining', 'draining', true, true],
    ['draining', 'paused', false, false],
    ['paused', 'running', false, true],
    ['paused', 'draining', false, true],
    ['paused', 'paused', false, false],
  ])('relay %s, posting %s', (relay, posting, relayTakes, postingTakes) => {
    expect(takesWork('relay', { relay, posting })).toBe(relayTakes);
    expect(takesWork('posting', { relay, posting })).toBe(postingTakes);
  });
});

describe('the workers wanted', () => {
  const at = (backlog: number, arrivalsPerSecond: number, perWorkerPerSecond?: number) =>
    workersWanted({ backlog, arrivalsPerSecond, perWorkerPerSecond });

  it('is one where nothing happens', () => {
    expect(at(0, 0)).toBe(1);
    expect(at(0, 0, 1_000)).toBe(1);
  });

  it('keeps a third of their time free', () => {
    // 700 of 1,000 are 70 %, one more needs a second worker.
    expect(at(0, 700, 1_000)).toBe(1);
    expect(at(0, 701, 1_000)).toBe(2);
  });

  it('has a backlog done in half a minute', () => {
    // 30,000 in 30 s are 1,000 a second; with 500 arriving 1,500, and each does 700.
    expect(at(30_000, 500, 1_000)).toBe(3);
  });

  it('takes 2,000 a second for a worker that was never measured', () => {
    expect(at(0, 1_400)).toBe(1);
    expect(at(0, 1_401)).toBe(2);
  });

  it('never wants more than find a batch', () => {
    expect(at(10_000_000, 50_000, 1_000)).toBe(4);
  });
});
