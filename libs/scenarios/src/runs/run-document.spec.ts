import { simulationRun } from '#contracts/simulation/run';
import { dayNumber } from '#domain/rates/calendar-day';
import { smallRun } from '#testkit/small-run';
import { smallWorld } from '#testkit/small-world';

// Goal: the published shape of a run is the run: nothing is missing in it, nothing is too much.
// Method: a run with real answers, a default among them, goes through JSON and the schema, which
// drops what it does not know; what comes out must be what went in.

it('reads every field of a run that has been written as JSON, and no other', () => {
  const on = dayNumber('2025-03-06') ?? 0;
  const world = smallWorld({ defaults: [{ participant: 'kakaopay', day: on }] });
  const run = smallRun(world);
  expect(run.answers.defaults).toHaveLength(1);
  expect(run.answers.settlement.participants.length).toBeGreaterThan(3);
  const written: unknown = JSON.parse(JSON.stringify(run));
  expect(simulationRun.parse(written)).toEqual(written);
});

it('has no number that JSON cannot hold', () => {
  const quiet = smallWorld({ flows: [] });
  for (const run of [smallRun(), smallRun(quiet)]) {
    expect(JSON.parse(JSON.stringify(run))).toEqual(run);
  }
});
