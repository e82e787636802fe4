import type { CycleId } from '#domain/ids';
import type { DecidedObligation } from '#domain/settlement/decide-obligations';
import type {
  DefaultId,
  Obligation,
  ObligationId,
  ObligationRole,
  ObligationState,
} from '#domain/settlement/obligation';
import { isoDate } from '#domain/rates/calendar-day';
import type { EntityManager } from 'typeorm';

export interface ObligationRow {
  readonly id: ObligationId;
  readonly cycle_id: CycleId;
  readonly participant_id: string;
  readonly role: ObligationRole;
  readonly currency: string;
  readonly own_minor: string;
  readonly carried_in_minor: string;
  readonly minor: string;
  readonly minimum_minor: string;
  readonly lag: 1 | 2;
  readonly currencies: string[];
  readonly value_date: string | null;
  readonly calendars: readonly { readonly currency: string; readonly version: number }[] | null;
  readonly estimated: boolean;
  readonly reason: string;
  readonly default_id: DefaultId | null;
  readonly state: ObligationState;
  readonly due_on: string | null;
  readonly carried_to: CycleId | null;
  readonly settled_minor: string;
  readonly covered_minor: string;
  readonly exposure_minor: string;
  readonly released_minor: string;
}

/** Dates as text: the driver would make midnights of the machine's own zone of them. */
export const OBLIGATION_COLUMNS = `
  o.id, o.cycle_id, o.participant_id, o.role, o.currency, o.own_minor, o.carried_in_minor, o.minor,
  o.minimum_minor, o.lag, o.currencies, o.value_date::text AS value_date, o.calendars, o.estimated,
  o.reason, o.default_id, o.state, o.due_on::text AS due_on, o.carried_to, o.settled_minor,
  o.covered_minor, o.exposure_minor, o.released_minor`;

export function obligationOf(row: ObligationRow): Obligation {
  return {
    id: row.id,
    cycleId: row.cycle_id,
    participantId: row.participant_id,
    role: row.role,
    currency: row.currency,
    minor: BigInt(row.minor),
    settledMinor: BigInt(row.settled_minor),
    coveredMinor: BigInt(row.covered_minor),
    exposureMinor: BigInt(row.exposure_minor),
    releasedMinor: BigInt(row.released_minor),
    state: row.state,
  };
}

/** An obligation as it is decided, with the id it is stored under. */
export type NewObligation = DecidedObligation & {
  readonly id: ObligationId;
  readonly cycleId: CycleId;
  readonly defaultId: DefaultId | null;
};

/** Stores obligations; one that comes to nothing is settled as it is written. */
export async function commitObligations(
  tx: EntityManager,
  obligations: readonly NewObligation[],
): Promise<void> {
  if (obligations.length === 0) return;
  await tx.query(
    `INSERT INTO obligations
       (id, cycle_id, participant_id, role, currency, own_minor, carried_in_minor, minor,
        exposure_minor, released_minor, minimum_minor, lag, currencies, value_date, due_on,
        calendars, estimated, reason, default_id, state)
     SELECT id, cycle_id, participant_id, role, currency, own_minor, carried_in_minor, minor,
            exposure_minor, released_minor, minimum_minor, lag, string_to_array(currencies, ','),
            value_date, value_date, calendars, estimated, reason, default_id, state
     FROM jsonb_to_recordset($1::jsonb) AS o(
       id text, cycle_id text, participant_id text, role text, currency text, own_minor bigint,
       carried_in_minor bigint, minor bigint, exposure_minor bigint, released_minor bigint,
       minimum_minor bigint, lag smallint, currencies text, value_date date, calendars jsonb,
       estimated boolean, reason text, default_id text, state text)`,
    [JSON.stringify(obligations.map(recordOf))],
  );
}

function recordOf(o: NewObligation): Record<string, unknown> {
  return {
    id: o.id,
    cycle_id: o.cycleId,
    participant_id: o.participantId,
    role: o.role,
    currency: o.currency,
    own_minor: o.ownMinor.toString(),
    carried_in_minor: o.carriedInMinor.toString(),
    minor: o.minor.toString(),
    exposure_minor: o.exposureMinor.toString(),
    released_minor: (o.state === 'settled' ? o.exposureMinor : 0n).toString(),
    minimum_minor: o.minimumMinor.toString(),
    lag: o.lag,
    currencies: o.currencies.join(),
    value_date: o.valueDate === null ? null : isoDate(o.valueDate.day),
    calendars: o.valueDate?.calendars ?? null,
    estimated: o.valueDate?.estimated ?? false,
    reason: o.reason,
    default_id: o.defaultId,
    state: o.state,
  };
}

/** What changes when an obligation is settled, covered or tried again. */
export interface ObligationChange {
  readonly id: ObligationId;
  readonly state: ObligationState;
  readonly settledMinor: bigint;
  readonly coveredMinor: bigint;
  readonly releasedMinor: bigint;
  /** ISO day of the next attempt; null keeps the one that was. */
  readonly dueOn: string | null;
}

/** Adds to what was settled, covered and released. The rows must be locked. */
export async function changeObligation(tx: EntityManager, change: ObligationChange): Promise<void> {
  await tx.query(
    `UPDATE obligations
     SET state = $2, settled_minor = settled_minor + $3, covered_minor = covered_minor + $4,
         released_minor = released_minor + $5, due_on = coalesce($6::date, due_on),
         updated_at = clock_timestamp()
     WHERE id = $1`,
    [
      change.id,
      change.state,
      change.settledMinor.toString(),
      change.coveredMinor.toString(),
      change.releasedMinor.toString(),
      change.dueOn,
    ],
  );
}
