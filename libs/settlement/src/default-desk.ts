import type { NettingProofFile } from '#contracts/netting-proof';
import { addBusinessDays, type ValueDate } from '#domain/calendars/value-date';
import type { CalendarSet } from '#domain/calendars/settlement-calendar';
import type { CurrencyCode } from '#domain/currency';
import { HUB } from '#domain/journal';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import {
  decideDefault,
  entriesOfDefault,
  type DefaultContext,
  type LossWaterfall,
  type Survivor,
} from '#domain/settlement/decide-default';
import { openMinor, type DefaultId, type Obligation } from '#domain/settlement/obligation';
import {
  changeExposureTerms,
  exposureKeyOf,
  gatherExposures,
  readStandingBalance,
  settlementPhaseOf,
  stageEntries,
  type AccountBook,
  type Exposure,
} from '#ledger';
import type { IdSource } from '#platform/id-source';
import type { EntityManager } from 'typeorm';
import { findCalendars } from './calendars/index.js';
import { releaseExposures, type ExposureRelease } from './exposure-releases.js';
import { capitalOf, type HubCapital } from './hub-capital.js';
import { readHubTime, type HubTime } from './hub-day.js';
import {
  changeObligation,
  commitObligations,
  OBLIGATION_COLUMNS,
  obligationOf,
  type NewObligation,
  type ObligationRow,
} from './obligation-rows.js';
import type { PrefundDesk } from './prefund-desk.js';
import { traceEntries, traceIdOfCycle } from './settlement-spans.js';

export interface DefaultOrder {
  readonly participantId: string;
  readonly reason: string;
  readonly by: string;
}

export interface DeclaredDefault {
  readonly id: DefaultId;
  readonly layers: readonly (LossWaterfall & { readonly currency: CurrencyCode })[];
}

interface DefaultFrame {
  readonly id: DefaultId;
  readonly order: DefaultOrder;
  readonly time: HubTime;
  readonly calendars: CalendarSet;
}

/** Declares that a participant will not pay, and spreads what is left unpaid over those who bear it. */
export class DefaultDesk {
  constructor(
    private readonly book: AccountBook,
    private readonly ids: IdSource,
    private readonly prefunds: PrefundDesk,
    private readonly capital: HubCapital,
  ) {}

  /** What a declaration would do is refused here already, if it is none. Reads only. */
  async check(tx: EntityManager, participantId: string): Promise<Outcome<null>> {
    const [row] = await tx.query<{ n: number }[]>(
      `SELECT count(*)::integer AS n FROM obligations
       WHERE participant_id = $1 AND state IN ('due', 'partly', 'failed') AND minor > 0`,
      [participantId],
    );
    if ((row?.n ?? 0) > 0) return accepted(null);
    const detail = `${participantId.slice(0, 80)} owes nothing that is due, so it cannot default.`;
    return rejected('PRECONDITION_FAILED', detail, 'participantId');
  }

  /**
   * Ends everything between the hub and the participant: payments under way are given up, its caps
   * become zero, and each currency's loss goes down the waterfall.
   */
  async declare(tx: EntityManager, order: DefaultOrder): Promise<Outcome<DeclaredDefault>> {
    const rows = await tx.query<ObligationRow[]>(
      `SELECT ${OBLIGATION_COLUMNS} FROM obligations o
       WHERE o.participant_id = $1 AND o.state IN ('due', 'partly', 'failed')
       ORDER BY o.value_date, o.id FOR NO KEY UPDATE`,
      [order.participantId],
    );
    const obligations = rows.map(obligationOf);
    const checked = await this.check(tx, order.participantId);
    if (!checked.ok) return checked;
    const time = await readHubTime(tx);
    const id: DefaultId = this.ids.next('def_', time.nowMs);
    await tx.query(
      `INSERT INTO defaults (id, participant_id, reason, declared_by, declared_at)
       VALUES ($1, $2, $3, $4, hub_clock())`,
      [id, order.participantId, order.reason, order.by],
    );
    await giveUpPayments(tx, obligations);
    const frame = { id, order, time, calendars: await findCalendars(tx) };
    const owed = obligations.filter(({ minor }) => minor > 0n);
    const layers: (LossWaterfall & { currency: CurrencyCode })[] = [];
    for (const currency of new Set(owed.map((obligation) => obligation.currency))) {
      const own = obligations.filter((obligation) => obligation.currency === currency);
      layers.push({ currency, ...(await this.spread(tx, frame, currency, own)) });
    }
    await stopParticipant(tx, order.participantId);
    return accepted({ id, layers });
  }

  private async spread(
    tx: EntityManager,
    frame: DefaultFrame,
    currency: CurrencyCode,
    obligations: readonly Obligation[],
  ): Promise<LossWaterfall> {
    const { participantId } = frame.order;
    const key = { participantId, currency };
    const exposure = (await gatherExposures(tx, [key])).get(exposureKeyOf(key));
    if (exposure !== undefined) await this.prefunds.followTerms(tx, exposure);
    const unpaid = obligations.filter(({ minor }) => minor > 0n);
    const context: DefaultContext = {
      defaultId: frame.id,
      participantId,
      currency,
      unpaid,
      receivables: obligations.filter(({ minor }) => minor < 0n),
      prefundMinor: exposure?.prefund ?? 0n,
      hubCapitalMinor: await this.capitalLeft(tx, currency),
      survivors: await findSurvivors(tx, unpaid, currency),
    };
    const waterfall = decideDefault(context);
    await this.commit(tx, frame, context, waterfall, exposure);
    return waterfall;
  }

  private async commit(
    tx: EntityManager,
    frame: DefaultFrame,
    context: DefaultContext,
    waterfall: LossWaterfall,
    exposure: Exposure | undefined,
  ): Promise<void> {
    const { id, time } = frame;
    const { currency } = context;
    const cycleId = context.unpaid[0]?.cycleId;
    if (cycleId === undefined) return;
    await insertLayers(tx, id, currency, waterfall);
    const releases = releasesOf(waterfall, id);
    for (const { obligation, minor } of waterfall.covered) {
      const released = releases.find((r) => r.obligation.id === obligation.id)?.minor ?? 0n;
      const whole = minor === openMinor(obligation);
      await changeObligation(tx, {
        id: obligation.id,
        state: whole ? (obligation.minor > 0n ? 'defaulted' : 'settled') : 'partly',
        settledMinor: 0n,
        coveredMinor: minor,
        releasedMinor: released,
        dueOn: null,
      });
    }
    await releaseExposures(tx, releases);
    if (waterfall.prefundMinor > 0n && exposure !== undefined) {
      await this.usePrefund(tx, frame, exposure, waterfall.prefundMinor);
    }
    const entryIds = [
      this.ids.next('ent_', time.nowMs),
      this.ids.next('ent_', time.nowMs),
    ] as const;
    const entries = entriesOfDefault(context, waterfall, settlementPhaseOf(cycleId), entryIds);
    const staged = entries.map((entry) => ({ ...entry, traceId: traceIdOfCycle(cycleId) }));
    await stageEntries(tx, this.book, staged);
    traceEntries('settlement default', staged, Date.now());
    await commitObligations(
      tx,
      waterfall.survivors.map(({ participantId, minor }) =>
        this.shareOf(frame, context, participantId, minor),
      ),
    );
  }

  private async usePrefund(
    tx: EntityManager,
    { id, order, time }: DefaultFrame,
    exposure: Exposure,
    minor: bigint,
  ): Promise<void> {
    const { participantId, currency } = exposure;
    await changeExposureTerms(tx, { participantId, currency, prefundChange: -minor });
    await tx.query(
      `INSERT INTO prefund_movements (id, participant_id, currency, minor, kind, reference, moved_by, at)
       VALUES ($1, $2, $3, $4, 'applied', $5, $6, hub_clock())`,
      [
        this.ids.next('pfm_', time.nowMs),
        participantId,
        currency,
        (-minor).toString(),
        id,
        order.by,
      ],
    );
  }

  /** Survivors pay on the next business day; without a calendar the share is held and named. */
  private shareOf(
    { id, order, time, calendars }: DefaultFrame,
    { currency, unpaid }: DefaultContext,
    participantId: string,
    minor: bigint,
  ): NewObligation {
    const calendar = calendars.get(currency);
    const walk = calendar === undefined ? undefined : addBusinessDays([calendar], time.day, 1);
    const valueDate: ValueDate | null =
      walk?.ok === true && calendar !== undefined
        ? {
            ...walk.value,
            clearingDay: time.day,
            lag: 1,
            calendars: [{ currency, version: calendar.version }],
          }
        : null;
    return {
      id: this.ids.next('obl_', time.nowMs),
      cycleId: unpaid[0]?.cycleId ?? 'cyc_',
      participantId,
      role: 'lossShare',
      currency,
      ownMinor: minor,
      carriedInMinor: 0n,
      minor,
      exposureMinor: 0n,
      minimumMinor: 0n,
      lag: 1,
      currencies: [currency],
      state: valueDate === null ? 'held' : 'due',
      valueDate,
      reason: `Share of the loss from the default of ${order.participantId}.`,
      defaultId: id,
    };
  }

  /** Of what was set aside, what no default has used up yet. */
  private async capitalLeft(tx: EntityManager, currency: CurrencyCode): Promise<bigint> {
    // Two defaults at once must not both spend it.
    await tx.query('SELECT pg_advisory_xact_lock(7521, 21)');
    const used = await readStandingBalance(tx, { owner: HUB, kind: 'hubCapital', currency });
    const left = capitalOf(this.capital, currency) - used;
    return left > 0n ? left : 0n;
  }
}

/** What was asked of a bank must not be confirmed after the loss was spread. */
async function giveUpPayments(
  tx: EntityManager,
  obligations: readonly Obligation[],
): Promise<void> {
  await tx.query(
    `UPDATE settlement_payments
     SET state = 'failed', reason = 'The participant defaulted.', answered_by = 'default',
         answered_at = hub_clock()
     WHERE obligation_id = ANY($1) AND state = 'instructed'`,
    [obligations.map(({ id }) => id)],
  );
}

async function stopParticipant(tx: EntityManager, participantId: string): Promise<void> {
  const rows = await tx.query<{ currency: string }[]>(
    `SELECT currency FROM exposures WHERE participant_id = $1`,
    [participantId],
  );
  const keys = rows.map(({ currency }) => ({ participantId, currency }));
  await gatherExposures(tx, keys);
  for (const key of keys) await changeExposureTerms(tx, { ...key, cap: 0n });
}

async function insertLayers(
  tx: EntityManager,
  id: DefaultId,
  currency: CurrencyCode,
  waterfall: LossWaterfall,
): Promise<void> {
  const survivors = waterfall.survivors.map(({ participantId, minor }) => ({
    participantId,
    minor: minor.toString(),
  }));
  await tx.query(
    `INSERT INTO default_layers (default_id, currency, loss_minor, prefund_minor, receivables_minor,
       capital_minor, survivors_minor, residual_minor, survivors)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      id,
      currency,
      waterfall.lossMinor.toString(),
      waterfall.prefundMinor.toString(),
      waterfall.receivablesMinor.toString(),
      waterfall.hubCapitalMinor.toString(),
      waterfall.survivors.reduce((sum, { minor }) => sum + minor, 0n).toString(),
      waterfall.residualMinor.toString(),
      JSON.stringify(survivors),
    ],
  );
}

/**
 * Cover that was there all along releases what it pays for; a loss that others bear does not: the
 * defaulter's exposure stays as high as what it still owes in law. What the hub no longer owes it
 * is settled, and releases what it held.
 */
function releasesOf(waterfall: LossWaterfall, causeId: DefaultId): ExposureRelease[] {
  let paid = waterfall.prefundMinor + waterfall.receivablesMinor;
  return waterfall.covered.flatMap(({ obligation, minor }): ExposureRelease[] => {
    const held = obligation.exposureMinor - obligation.releasedMinor;
    if (obligation.minor < 0n) {
      const whole = minor === openMinor(obligation);
      return whole ? [{ obligation, minor: held, cause: 'default', causeId }] : [];
    }
    const own = paid < minor ? paid : minor;
    paid -= own;
    const released = held < 0n ? 0n : own < held ? own : held;
    return [{ obligation, minor: released, cause: 'default', causeId }];
  });
}

/** Those who moved money in that currency and those cycles, and have not defaulted themselves. */
async function findSurvivors(
  tx: EntityManager,
  unpaid: readonly Obligation[],
  currency: CurrencyCode,
): Promise<Survivor[]> {
  const runs = await tx.query<{ flows: NettingProofFile['flows'] }[]>(
    `SELECT proof->'flows' AS flows FROM settlement_runs
     WHERE cycle_id = ANY($1) AND proof IS NOT NULL`,
    [unpaid.map(({ cycleId }) => cycleId)],
  );
  const gone = await tx.query<{ participant_id: string }[]>(`SELECT participant_id FROM defaults`);
  const out = new Set(gone.map((row) => row.participant_id));
  const weights = new Map<string, bigint>();
  for (const flow of runs.flatMap(({ flows }) => flows)) {
    if (flow.currency !== currency || out.has(flow.participant)) continue;
    const value = BigInt(flow.pays) + BigInt(flow.receives);
    weights.set(flow.participant, (weights.get(flow.participant) ?? 0n) + value);
  }
  return [...weights]
    .map(([participantId, weight]) => ({ participantId, weight }))
    .sort((a, b) => (a.participantId < b.participantId ? -1 : 1));
}
