import { calendarFor, type SettlementCalendar } from '#domain/calendars/settlement-calendar';
import { addBusinessDays } from '#domain/calendars/value-date';
import type { EntryId } from '#domain/ids';
import { isoDate } from '#domain/rates/calendar-day';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import {
  decideAnswer,
  type AnswerDecision,
  type BankAnswer,
  type SettlementPayment,
} from '#domain/settlement/decide-answer';
import {
  openMinor,
  type ObligationId,
  type SettlementPaymentId,
} from '#domain/settlement/obligation';
import { settlementPhaseOf, stageEntries, type AccountBook } from '#ledger';
import type { IdSource } from '#platform/id-source';
import type { EntityManager } from 'typeorm';
import { findCalendars } from './calendars/index.js';
import { releaseExposures } from './exposure-releases.js';
import { traceEntries, traceIdOfCycle } from './settlement-spans.js';
import { readHubTime, type HubTime } from './hub-day.js';
import {
  changeObligation,
  OBLIGATION_COLUMNS,
  obligationOf,
  type ObligationRow,
} from './obligation-rows.js';

const INSTRUCT_AT_ONCE = 200;

interface PaymentRow {
  readonly id: SettlementPaymentId;
  readonly obligation_id: ObligationId;
  readonly direction: 'in' | 'out';
  readonly minor: string;
  readonly state: string;
}

/** Moves obligations by settlement payments: instructs them when due, and books what came of them. */
export class SettlementDesk {
  constructor(
    private readonly book: AccountBook,
    private readonly ids: IdSource,
  ) {}

  /**
   * Writes a payment for each open obligation whose day has come and that has none under way. Safe
   * by several at once: obligations that another process holds are left to it.
   *
   * @returns how many were instructed
   */
  async instructDue(tx: EntityManager): Promise<number> {
    const { nowMs, day } = await readHubTime(tx);
    const rows = await tx.query<ObligationRow[]>(
      `SELECT ${OBLIGATION_COLUMNS} FROM obligations o
       WHERE o.state IN ('due', 'partly', 'failed') AND o.due_on <= $1::date
         AND NOT EXISTS (SELECT FROM settlement_payments p
                         WHERE p.obligation_id = o.id AND p.state = 'instructed')
       ORDER BY o.due_on, o.id LIMIT ${INSTRUCT_AT_ONCE} FOR NO KEY UPDATE OF o SKIP LOCKED`,
      [isoDate(day)],
    );
    for (const row of rows) {
      const obligation = obligationOf(row);
      const id: SettlementPaymentId = this.ids.next('spm_', nowMs);
      await tx.query(
        `INSERT INTO settlement_payments
           (id, obligation_id, attempt, direction, minor, due_on, state, ask_at, instructed_at)
         SELECT $1, $2, 1 + count(*), $3, $4, $5::date, 'instructed', hub_clock(), hub_clock()
         FROM settlement_payments WHERE obligation_id = $2
         ON CONFLICT DO NOTHING`,
        [
          id,
          obligation.id,
          obligation.minor > 0n ? 'in' : 'out',
          openMinor(obligation).toString(),
          row.due_on,
        ],
      );
    }
    return rows.length;
  }

  /** Takes the bank's answer about a payment, whoever brings it. */
  async answer(
    tx: EntityManager,
    paymentId: string,
    answer: BankAnswer,
    by: string,
  ): Promise<Outcome<AnswerDecision>> {
    const found = await lockPayment(tx, paymentId);
    if (found === undefined) {
      return rejected('NOT_FOUND', `There is no settlement payment ${paymentId.slice(0, 80)}.`);
    }
    const time = await readHubTime(tx);
    const entryId: EntryId = this.ids.next('ent_', time.nowMs);
    const cycleId = settlementPhaseOf(found.payment.obligation.cycleId);
    const decided = decideAnswer(found.payment, answer, { id: entryId, cycleId });
    if (!decided.ok) return decided;
    await this.commit(tx, found, decided.value, { answer, by, time });
    return decided;
  }

  private async commit(
    tx: EntityManager,
    { payment, row }: LockedPayment,
    decision: AnswerDecision,
    { answer, by, time }: { answer: BankAnswer; by: string; time: HubTime },
  ): Promise<void> {
    const { obligation } = payment;
    await tx.query(
      `UPDATE settlement_payments
       SET state = $2, confirmed_minor = $3, released_minor = $4, bank_reference = $5, reason = $6,
           answered_by = $7, entry_id = $8, answered_at = hub_clock()
       WHERE id = $1`,
      [
        payment.id,
        decision.paymentState,
        decision.confirmedMinor.toString(),
        decision.releasedMinor.toString(),
        answer.kind === 'confirmed' ? answer.bankReference : null,
        answer.kind === 'failed' ? answer.reason : null,
        by,
        decision.entry?.id ?? null,
      ],
    );
    await changeObligation(tx, {
      id: obligation.id,
      state: decision.obligationState,
      settledMinor: decision.confirmedMinor,
      coveredMinor: 0n,
      releasedMinor: decision.releasedMinor,
      dueOn: decision.retry ? await nextAttempt(tx, row, time.day) : null,
    });
    if (decision.entry !== null) {
      const traceId = traceIdOfCycle(decision.entry.cycleId);
      const entries = [{ ...decision.entry, traceId }];
      await stageEntries(tx, this.book, entries);
      traceEntries('settlement pay', entries, Date.now());
    }
    await releaseExposures(tx, [
      { obligation, minor: decision.releasedMinor, cause: 'payment', causeId: payment.id },
    ]);
  }
}

interface LockedPayment {
  readonly payment: SettlementPayment;
  readonly row: ObligationRow;
}

/** The obligation is locked first, as by everybody else who changes it. */
async function lockPayment(
  tx: EntityManager,
  paymentId: string,
): Promise<LockedPayment | undefined> {
  const [row] = await tx.query<ObligationRow[]>(
    `SELECT ${OBLIGATION_COLUMNS} FROM obligations o
     WHERE o.id = (SELECT obligation_id FROM settlement_payments WHERE id = $1)
     FOR NO KEY UPDATE`,
    [paymentId],
  );
  const [payment] = await tx.query<PaymentRow[]>(
    `SELECT id, obligation_id, direction, minor, state FROM settlement_payments
     WHERE id = $1 FOR NO KEY UPDATE`,
    [paymentId],
  );
  if (row === undefined || payment === undefined) return undefined;
  return {
    row,
    payment: {
      id: payment.id,
      obligation: obligationOf(row),
      direction: payment.direction,
      minor: BigInt(payment.minor),
      open: payment.state === 'instructed',
    },
  };
}

/** The next day on which all banks concerned are open; a calendar that ends must not stop retries. */
async function nextAttempt(tx: EntityManager, row: ObligationRow, today: number): Promise<string> {
  const open = calendarsOf(await findCalendars(tx), row.currencies);
  const next = open.ok ? addBusinessDays(open.value, today, 1) : open;
  return isoDate(next.ok ? next.value.day : today + 1);
}

function calendarsOf(
  calendars: ReadonlyMap<string, SettlementCalendar>,
  currencies: readonly string[],
): Outcome<SettlementCalendar[]> {
  const found: SettlementCalendar[] = [];
  for (const currency of currencies) {
    const calendar = calendarFor(calendars, currency);
    if (!calendar.ok) return calendar;
    found.push(calendar.value);
  }
  return accepted(found);
}
