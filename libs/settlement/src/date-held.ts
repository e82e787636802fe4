import { clearingDayNumber } from '#domain/clearing-day';
import { settlementTermsOf } from '#domain/calendars/settlement-terms';
import { valueDateOf } from '#domain/calendars/value-date';
import { isoDate } from '#domain/rates/calendar-day';
import { tellValueDate } from '#domain/settlement/decide-obligations';
import type { EntityManager } from 'typeorm';
import { findCalendars, findSettlementTerms } from './calendars/index.js';
import { OBLIGATION_COLUMNS, type ObligationRow } from './obligation-rows.js';

/**
 * Dates obligations that were held because a calendar or terms were missing, once they are there.
 *
 * @returns how many became due
 */
export async function dateHeldObligations(tx: EntityManager): Promise<number> {
  const rows = await tx.query<(ObligationRow & { readonly ends_at: Date })[]>(
    `SELECT ${OBLIGATION_COLUMNS}, c.ends_at FROM obligations o JOIN cycles c ON c.id = o.cycle_id
     WHERE o.state = 'held' ORDER BY o.id FOR NO KEY UPDATE OF o SKIP LOCKED`,
  );
  if (rows.length === 0) return 0;
  const [calendars, terms] = [await findCalendars(tx), await findSettlementTerms(tx)];
  let dated = 0;
  for (const row of rows) {
    const agreed = settlementTermsOf(terms, row.participant_id, row.currency);
    if (!agreed.ok) continue;
    const { lag } = agreed.value;
    const clearingDay = clearingDayNumber(row.ends_at.getTime() - 1);
    const date = valueDateOf({ clearingDay, currencies: row.currencies, lag }, calendars);
    if (!date.ok) continue;
    await tx.query(
      `UPDATE obligations SET state = 'due', lag = $2, value_date = $3::date, due_on = $3::date,
              calendars = $4, estimated = $5, reason = $6, updated_at = clock_timestamp()
       WHERE id = $1`,
      [
        row.id,
        lag,
        isoDate(date.value.day),
        JSON.stringify(date.value.calendars),
        date.value.estimated,
        tellValueDate(date.value),
      ],
    );
    dated += 1;
  }
  return dated;
}
