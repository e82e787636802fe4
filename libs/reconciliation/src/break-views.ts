import type { BreakDetail, BreakView } from '#contracts/operator/reconciliation';
import { isBusinessDay, type CalendarSet } from '#domain/calendars/settlement-calendar';
import { clearingDayNumber } from '#domain/clearing-day';
import { formatMoney } from '#domain/money';
import {
  businessDaysBetween,
  isLive,
  isOverdue,
  isWeekday,
} from '#domain/reconciliation/break-life';
import { BREAK_TYPES } from '#domain/reconciliation/break-types';
import type { BreakEvent, ReconBreak } from './break-repository.js';

export function breakView(item: ReconBreak, calendars: CalendarSet, nowMs: number): BreakView {
  const { difference } = item;
  const age = ageOf(item, calendars, nowMs);
  return {
    id: item.id,
    type: item.type,
    what: BREAK_TYPES[item.type].what,
    subject: item.subjectId,
    participant: item.participantId,
    side: item.side,
    cycle: item.cycleId,
    state: item.state,
    owner: item.owner,
    ownerRule: item.ownerRule,
    severity: item.severity,
    difference:
      difference === null
        ? null
        : {
            currency: difference.currency,
            value: difference.minor.toString(),
            text: formatMoney(difference),
          },
    fields: item.fields.map((field) => ({ ...field })),
    evidence: item.evidence.map((line) => ({ ...line })),
    repair: { sentence: item.repair.sentence, action: { ...item.repair.action } },
    openedAt: isoOf(item.openedAtMs),
    endedAt: item.endedAtMs === null ? null : isoOf(item.endedAtMs),
    ageBusinessDays: age,
    overdue: isLive(item.state) && isOverdue(item.type, age),
  };
}

export function breakDetail(
  item: ReconBreak,
  events: readonly BreakEvent[],
  calendars: CalendarSet,
  nowMs: number,
): BreakDetail {
  return {
    ...breakView(item, calendars, nowMs),
    events: events.map(({ atMs, ...event }) => ({ at: isoOf(atMs), ...event })),
  };
}

/** Nothing is refused for want of a calendar: outside of its years the weekdays count. */
function ageOf(item: ReconBreak, calendars: CalendarSet, nowMs: number): number {
  const calendar = calendars.get(item.currency);
  return businessDaysBetween(
    clearingDayNumber(item.openedAtMs),
    clearingDayNumber(item.endedAtMs ?? nowMs),
    (day) => {
      const known = calendar === undefined ? undefined : isBusinessDay(calendar, day);
      return known?.ok === true ? known.value : isWeekday(day);
    },
  );
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
