import { accepted, rejected, type Outcome } from '../rejection.js';
import { BREAK_TYPES, type BreakType } from './break-types.js';
import type { FoundBreak } from './decide-breaks.js';

/**
 * - `open`, `acknowledged`: somebody has to act; a later file may still clear it by itself
 * - `cleared`: a later file or record of the hub took it away
 * - `repaired`, `explained`, `writtenOff`: a person ended it, with a reason
 */
export type BreakState =
  'open' | 'acknowledged' | 'cleared' | 'repaired' | 'explained' | 'writtenOff';

export const BREAK_STATES: readonly BreakState[] = [
  'open',
  'acknowledged',
  'cleared',
  'repaired',
  'explained',
  'writtenOff',
];

export type BreakAction = 'acknowledge' | 'repair' | 'explain' | 'writeOff' | 'reopen';

const ACTIONS: Readonly<
  Record<BreakAction, { readonly from: readonly BreakState[]; readonly to: BreakState }>
> = {
  acknowledge: { from: ['open'], to: 'acknowledged' },
  repair: { from: ['open', 'acknowledged'], to: 'repaired' },
  explain: { from: ['open', 'acknowledged'], to: 'explained' },
  writeOff: { from: ['open', 'acknowledged'], to: 'writtenOff' },
  reopen: { from: ['repaired', 'explained', 'writtenOff'], to: 'open' },
};

export const BREAK_ACTIONS = Object.keys(ACTIONS) as readonly BreakAction[];

/** Rejections: PRECONDITION_FAILED when the break is in no state from which the action leads. */
export function decideBreakAction(state: BreakState, action: BreakAction): Outcome<BreakState> {
  const { from, to } = ACTIONS[action];
  if (from.includes(state)) return accepted(to);
  return rejected(
    'PRECONDITION_FAILED',
    `The break is ${state}; ${action} needs one that is ${from.join(' or ')}.`,
    'action',
  );
}

/** A stored break as far as a new matching has to know it. */
export interface KnownBreak {
  readonly id: string;
  readonly type: BreakType;
  readonly subjectId: string;
  readonly participantId: string;
  readonly state: BreakState;
  /** `fingerprintOf` and `evidenceOf` of the break as it was last found. */
  readonly fingerprint: string;
  readonly evidence: string;
}

export interface BreakChanges {
  readonly opened: readonly FoundBreak[];
  /** Live breaks whose figures, lines or owner are no longer what they were. */
  readonly updated: readonly { readonly id: string; readonly found: FoundBreak }[];
  /** Ended breaks that are there again. */
  readonly reopened: readonly { readonly id: string; readonly found: FoundBreak }[];
  /** Live breaks that are gone. */
  readonly cleared: readonly string[];
}

/**
 * Lays what was found now beside what is known, for the same subjects. A break that somebody
 * explained or wrote off stays ended as long as it is the same difference; one said to be repaired
 * comes back as soon as a newer line still shows it.
 */
export function decideBreakChanges(
  known: readonly KnownBreak[],
  found: readonly FoundBreak[],
): BreakChanges {
  const before = new Map(known.map((item) => [keyOf(item), item]));
  const now = new Set(found.map(keyOf));
  const opened: FoundBreak[] = [];
  const updated: { id: string; found: FoundBreak }[] = [];
  const reopened: { id: string; found: FoundBreak }[] = [];
  for (const item of found) {
    const earlier = before.get(keyOf(item));
    if (earlier === undefined) opened.push(item);
    else if (isLive(earlier.state)) {
      if (!isSame(earlier, item)) updated.push({ id: earlier.id, found: item });
    } else if (comesBack(earlier, item)) reopened.push({ id: earlier.id, found: item });
  }
  const cleared = known
    .filter((item) => isLive(item.state) && !now.has(keyOf(item)))
    .map((item) => item.id);
  return { opened, updated, reopened, cleared };
}

export function isLive(state: BreakState): boolean {
  return state === 'open' || state === 'acknowledged';
}

function isSame(earlier: KnownBreak, item: FoundBreak): boolean {
  return earlier.fingerprint === fingerprintOf(item) && earlier.evidence === evidenceOf(item);
}

function comesBack(earlier: KnownBreak, item: FoundBreak): boolean {
  if (earlier.state === 'cleared') return true;
  if (earlier.state === 'repaired') return !isSame(earlier, item);
  return earlier.fingerprint !== fingerprintOf(item);
}

function keyOf(item: Pick<FoundBreak, 'type' | 'subjectId' | 'participantId'>): string {
  return `${item.type} ${item.participantId} ${item.subjectId}`;
}

/** What is wrong, without where it was seen. */
export function fingerprintOf(found: FoundBreak): string {
  const fields = found.fields.map(({ field, ours, theirs }) => `${field}: ${ours} / ${theirs}`);
  return [found.cycleId, found.owner, ...fields].join('; ');
}

/** The lines that show it. */
export function evidenceOf({ evidence }: Pick<FoundBreak, 'evidence'>): string {
  return evidence.map(({ file, line }) => `${file}:${String(line)}`).join(' ');
}

/**
 * Age in business days: the day it was opened is day 0, and a weekend makes nothing older.
 * Days are counted since 1970-01-01 at UTC+8.
 *
 * @param isBusinessDay of the calendar that binds the participant
 */
export function businessDaysBetween(
  fromDay: number,
  toDay: number,
  isBusinessDay: (day: number) => boolean,
): number {
  let count = 0;
  for (let day = fromDay + 1; day <= toDay; day++) if (isBusinessDay(day)) count++;
  return count;
}

/** Monday to Friday; for participants without a calendar of their own. */
export function isWeekday(day: number): boolean {
  // 1970-01-01 was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday !== 0 && weekday !== 6;
}

export function isOverdue(type: BreakType, ageBusinessDays: number): boolean {
  return ageBusinessDays > BREAK_TYPES[type].dueDays;
}
