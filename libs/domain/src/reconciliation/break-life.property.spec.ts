/*
 * Goal: whatever files come after one another, the list of breaks is the one the last state of
 * files gives, and what a person ended stays ended as long as it is the same difference.
 * Method: random sequences of findings over a few subjects, played against a list kept by the
 * changes alone; the expected list comes from the last findings by set arithmetic.
 */
import fc from 'fast-check';
import {
  businessDaysBetween,
  decideBreakAction,
  decideBreakChanges,
  evidenceOf,
  fingerprintOf,
  isLive,
  isOverdue,
  isWeekday,
  BREAK_ACTIONS,
  BREAK_STATES,
  type KnownBreak,
} from './break-life.js';
import { missingFileBreak, type FoundBreak } from './decide-breaks.js';

function finding(subject: number, version: number, line: number): FoundBreak {
  const base = missingFileBreak({
    cycleId: 'cyc_20261121',
    participantId: 'truemoney',
    side: 'wallet',
    currency: 'THB',
    landedParts: version,
    expectedParts: null,
  });
  return { ...base, subjectId: `s${String(subject)}`, evidence: [{ file: 'f', line }] };
}

/** At most one finding a subject, as one matching gives. */
const findings = fc
  .uniqueArray(fc.record({ subject: fc.nat(5), version: fc.nat(1), line: fc.nat(2) }), {
    selector: ({ subject }) => subject,
  })
  .map((items) => items.map(({ subject, version, line }) => finding(subject, version, line)));

function stored(id: string, found: FoundBreak, state: KnownBreak['state']): KnownBreak {
  const { type, subjectId, participantId } = found;
  const fingerprint = fingerprintOf(found);
  return { id, type, subjectId, participantId, state, fingerprint, evidence: evidenceOf(found) };
}

function play(known: ReadonlyMap<string, KnownBreak>, found: readonly FoundBreak[]) {
  const changes = decideBreakChanges([...known.values()], found);
  const next = new Map(known);
  for (const item of changes.opened) next.set(item.subjectId, stored(item.subjectId, item, 'open'));
  for (const { id, found: item } of changes.updated) {
    next.set(id, stored(id, item, known.get(id)?.state ?? 'open'));
  }
  for (const { id, found: item } of changes.reopened) next.set(id, stored(id, item, 'open'));
  for (const id of changes.cleared) {
    const item = known.get(id);
    if (item !== undefined) next.set(id, { ...item, state: 'cleared' });
  }
  return next;
}

const liveOf = (known: ReadonlyMap<string, KnownBreak>): string[] =>
  [...known.values()]
    .filter(({ state }) => isLive(state))
    .map((item) => `${item.subjectId} ${item.fingerprint} ${item.evidence}`)
    .sort();

it('ends at what the last matching found, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(findings, { minLength: 1, maxLength: 6 }), (history) => {
      const known = history.reduce<ReadonlyMap<string, KnownBreak>>(play, new Map());
      const last = (history.at(-1) ?? []).map(
        (item) => `${item.subjectId} ${fingerprintOf(item)} ${evidenceOf(item)}`,
      );
      expect(liveOf(known)).toEqual(last.sort());
    }),
  );
});

it('changes nothing when the same is found again', () => {
  fc.assert(
    fc.property(findings, findings, (before, now) => {
      const known = play(play(new Map(), before), now);
      expect(decideBreakChanges([...known.values()], now)).toEqual({
        opened: [],
        updated: [],
        reopened: [],
        cleared: [],
      });
    }),
  );
});

it.each([
  // Same difference on the same line, on another line, another difference.
  ['explained', false, false, true],
  ['writtenOff', false, false, true],
  ['repaired', false, true, true],
  ['cleared', true, true, true],
] as const)('what was %s comes back only for a reason', (state, same, moved, changed) => {
  const first = finding(1, 0, 4);
  const known = [stored('brk_1', first, state)];
  const comesBack = (item: FoundBreak): boolean =>
    decideBreakChanges(known, [item]).reopened.length === 1;
  expect([comesBack(first), comesBack(finding(1, 0, 5)), comesBack(finding(1, 1, 4))]).toEqual([
    same,
    moved,
    changed,
  ]);
});

it('lets an action lead on from the states it is for, and from no other', () => {
  const ways = BREAK_STATES.flatMap((state) =>
    BREAK_ACTIONS.flatMap((action) => {
      const outcome = decideBreakAction(state, action);
      return outcome.ok ? [`${state} ${action} ${outcome.value}`] : [];
    }),
  );
  expect(ways).toEqual([
    'open acknowledge acknowledged',
    'open repair repaired',
    'open explain explained',
    'open writeOff writtenOff',
    'acknowledged repair repaired',
    'acknowledged explain explained',
    'acknowledged writeOff writtenOff',
    'repaired reopen open',
    'explained reopen open',
    'writtenOff reopen open',
  ]);
});

it('grows old on business days alone', () => {
  // 2026-11-20 was a Friday: day 20777.
  const friday = Date.UTC(2026, 10, 20) / 86_400_000;
  expect(new Date(friday * 86_400_000).getUTCDay()).toBe(5);
  const age = (days: number): number => businessDaysBetween(friday, friday + days, isWeekday);
  expect([0, 1, 2, 3, 4, 10].map(age)).toEqual([0, 0, 0, 1, 2, 6]);
  expect(businessDaysBetween(friday, friday - 3, isWeekday)).toBe(0);
  expect([isOverdue('duplicate', 1), isOverdue('duplicate', 2)]).toEqual([false, true]);
  expect([isOverdue('roundingDifference', 10), isOverdue('roundingDifference', 11)]).toEqual([
    false,
    true,
  ]);
});
