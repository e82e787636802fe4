import type { DefaultList, LiquidityView } from '#contracts/operator/settlement';
import { clearingDayNumber } from '#domain/clearing-day';
import {
  backtestNeed,
  forecastNeed,
  headroomState,
  type DailyNeed,
} from '#domain/liquidity/forecast-need';
import type { EntityManager } from 'typeorm';
import { readHubTime } from './hub-day.js';
import { amountOf } from './settlement-views.js';

const HISTORY_DAYS = 90;
const RULE = 'Average of the last four days of the same weekday, else of the last seven days.';

interface ExposureRow {
  readonly participant_id: string;
  readonly currency: string;
  readonly cap: string;
  readonly prefund: string;
  readonly used: string;
}

/** How much room each participant has left, against what its next cycle is expected to come to. */
export async function readLiquidity(tx: EntityManager): Promise<LiquidityView> {
  const { day } = await readHubTime(tx);
  const history = await readHistory(tx);
  const rows = await tx.query<ExposureRow[]>(
    `SELECT participant_id, currency, cap, prefund, reserved + outstanding AS used
     FROM exposures ORDER BY participant_id, currency`,
  );
  const participants = rows.map((row) => {
    const { participant_id: participant, currency } = row;
    const limit = BigInt(row.cap) + BigInt(row.prefund);
    const used = BigInt(row.used);
    const needs = history.get(`${participant} ${currency}`) ?? [];
    const expected = forecastNeed(needs, day)?.minor ?? null;
    return {
      participant,
      cap: amountOf(currency, row.cap),
      prefund: amountOf(currency, row.prefund),
      used: amountOf(currency, used),
      headroom: amountOf(currency, limit - used),
      expected: expected === null ? null : amountOf(currency, expected),
      state: headroomState(limit, used, expected),
    };
  });
  return { participants, forecast: { rule: RULE, ...sumBacktests([...history.values()]) } };
}

/** Errors of all participants, each in basis points of its own needs, averaged by days. */
function sumBacktests(histories: readonly (readonly DailyNeed[])[]): {
  days: number;
  errorBps: number | null;
} {
  let days = 0;
  let weighted = 0n;
  for (const history of histories) {
    const test = backtestNeed(history);
    if (test.errorBps === null) continue;
    days += test.days;
    weighted += test.errorBps * BigInt(test.days);
  }
  return { days, errorBps: days === 0 ? null : Number(weighted / BigInt(days)) };
}

async function readHistory(tx: EntityManager): Promise<ReadonlyMap<string, DailyNeed[]>> {
  const rows = await tx.query<{ key: string; ends_at: Date; minor: string }[]>(
    `SELECT o.participant_id || ' ' || o.currency AS key, c.ends_at, o.own_minor AS minor
     FROM obligations o JOIN cycles c ON c.id = o.cycle_id
     WHERE o.role <> 'lossShare' AND c.ends_at > hub_clock() - $1 * interval '1 day'
     ORDER BY c.ends_at`,
    [HISTORY_DAYS],
  );
  const history = new Map<string, DailyNeed[]>();
  for (const row of rows) {
    const day = clearingDayNumber(row.ends_at.getTime() - 1);
    const needs = history.get(row.key) ?? [];
    const last = needs.at(-1);
    if (last?.day === day) {
      needs[needs.length - 1] = { day, minor: last.minor + BigInt(row.minor) };
    } else needs.push({ day, minor: BigInt(row.minor) });
    history.set(row.key, needs);
  }
  return history;
}

interface DefaultRow {
  readonly id: string;
  readonly participant_id: string;
  readonly reason: string;
  readonly declared_by: string;
  readonly declared_at: Date;
  readonly layers: readonly LayerRow[];
}

interface LayerRow {
  readonly currency: string;
  readonly loss: string;
  readonly prefund: string;
  readonly receivables: string;
  readonly capital: string;
  readonly residual: string;
  readonly survivors: readonly { readonly participantId: string; readonly minor: string }[];
}

/** Defaults, newest first, each with the layers that bore its loss. */
export async function listDefaults(tx: EntityManager): Promise<DefaultList> {
  const rows = await tx.query<DefaultRow[]>(
    `SELECT d.id, d.participant_id, d.reason, d.declared_by, d.declared_at,
            coalesce((SELECT json_agg(json_build_object('currency', l.currency,
                'loss', l.loss_minor::text, 'prefund', l.prefund_minor::text,
                'receivables', l.receivables_minor::text, 'capital', l.capital_minor::text,
                'residual', l.residual_minor::text, 'survivors', l.survivors) ORDER BY l.currency)
              FROM default_layers l WHERE l.default_id = d.id), '[]') AS layers
     FROM defaults d ORDER BY d.id DESC LIMIT 200`,
  );
  return {
    defaults: rows.map((row) => ({
      id: row.id,
      participant: row.participant_id,
      reason: row.reason,
      declaredBy: row.declared_by,
      declaredAt: row.declared_at.toISOString(),
      layers: row.layers.map(({ currency, ...layer }) => ({
        loss: amountOf(currency, layer.loss),
        prefund: amountOf(currency, layer.prefund),
        receivables: amountOf(currency, layer.receivables),
        hubCapital: amountOf(currency, layer.capital),
        residual: amountOf(currency, layer.residual),
        survivors: layer.survivors.map(({ participantId, minor }) => ({
          participant: participantId,
          amount: amountOf(currency, minor),
        })),
      })),
    })),
  };
}
