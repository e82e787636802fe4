import { findCurrency } from '#domain/currency';
import type { EntryId } from '#domain/ids';
import { HUB, type AccountRef, type JournalEntry } from '#domain/journal';
import { formatMoney, money } from '#domain/money';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import {
  changeExposureTerms,
  currentSettlementPhase,
  exposureKeyOf,
  gatherExposures,
  stageEntries,
  type AccountBook,
  type Exposure,
  type ExposureKey,
} from '#ledger';
import type { IdSource } from '#platform/id-source';
import type { DataSource, EntityManager } from 'typeorm';
import { readHubTime } from './hub-day.js';

type MovementKind = 'agreed' | 'deposit' | 'withdrawal';

/** Money that a participant lays down as cover, or takes back. */
export interface PrefundOrder extends ExposureKey {
  readonly kind: 'deposit' | 'withdrawal';
  /** Positive, minor units. */
  readonly minor: bigint;
  /** The bank's; the same one twice is one movement. */
  readonly reference: string;
  readonly by: string;
}

export interface PrefundMovement {
  readonly id: string;
  /** After the movement. */
  readonly prefundMinor: bigint;
}

/** Keeps the participants' cover: as limits of their exposures and as money in the books. */
export class PrefundDesk {
  constructor(
    private readonly book: AccountBook,
    private readonly ids: IdSource,
  ) {}

  /** Takes a deposit in or pays one back; what is needed to stay within the cap stays. */
  async move(tx: EntityManager, order: PrefundOrder): Promise<Outcome<PrefundMovement>> {
    const exposure = await lockExposure(tx, order);
    if (exposure === undefined || findCurrency(order.currency) === undefined) {
      const detail = `${order.participantId} has no exposure account in ${order.currency}.`;
      return rejected('NOT_FOUND', detail);
    }
    const [known] = await tx.query<{ id: string; minor: string }[]>(
      `SELECT id, minor FROM prefund_movements
       WHERE participant_id = $1 AND currency = $2 AND kind = $3 AND reference = $4`,
      [order.participantId, order.currency, order.kind, order.reference],
    );
    const change = order.kind === 'deposit' ? order.minor : -order.minor;
    if (known !== undefined) {
      if (BigInt(known.minor) === change) {
        return accepted({ id: known.id, prefundMinor: exposure.prefund });
      }
      const detail = `Reference ${order.reference} stands for another amount already.`;
      return rejected('REPEAT_REQ_INCONSISTENT', detail, 'reference');
    }
    const refusal = refusalOf(exposure, change);
    if (refusal !== undefined) return refusal;
    await this.followTerms(tx, exposure);
    await changeExposureTerms(tx, { ...order, prefundChange: change });
    const id = await this.record(tx, order, order.kind, change, order.reference, order.by);
    return accepted({ id, prefundMinor: exposure.prefund + change });
  }

  /**
   * Brings the books in line with cover that was agreed on without a deposit, as in the terms a
   * participant begins with: it is taken as paid in, or paid back, on that day.
   *
   * @returns how many participants it concerned
   */
  async followAgreedTerms(dataSource: DataSource): Promise<number> {
    const rows = await dataSource.query<{ participant_id: string; currency: string }[]>(
      `SELECT e.participant_id, e.currency FROM exposures e
       LEFT JOIN (SELECT participant_id, currency, sum(minor) AS minor FROM prefund_movements
                  GROUP BY 1, 2) m USING (participant_id, currency)
       WHERE e.prefund <> coalesce(m.minor, 0)`,
    );
    const keys = rows.map((row) => ({
      participantId: row.participant_id,
      currency: row.currency,
    }));
    // Outside a transaction: whoever opens the same accounts elsewhere would wait for its end.
    await this.book.resolve(dataSource.manager, keys.flatMap(accountsOf));
    for (const key of keys) {
      await dataSource.transaction(async (tx) => {
        const exposure = await lockExposure(tx, key);
        if (exposure !== undefined) await this.followTerms(tx, exposure);
      });
    }
    return keys.length;
  }

  /** The exposure must be locked. */
  async followTerms(tx: EntityManager, exposure: Exposure): Promise<void> {
    const [row] = await tx.query<{ minor: string; count: string }[]>(
      `SELECT coalesce(sum(minor), 0)::text AS minor, count(*)::text AS count
       FROM prefund_movements WHERE participant_id = $1 AND currency = $2`,
      [exposure.participantId, exposure.currency],
    );
    const change = exposure.prefund - BigInt(row?.minor ?? 0);
    if (change === 0n) return;
    const reference = `terms ${row?.count ?? '0'}`;
    await this.record(tx, exposure, 'agreed', change, reference, 'terms');
  }

  private async record(
    tx: EntityManager,
    { participantId, currency }: ExposureKey,
    kind: MovementKind,
    change: bigint,
    reference: string,
    by: string,
  ): Promise<string> {
    const { nowMs } = await readHubTime(tx);
    const id = this.ids.next('pfm_', nowMs);
    await tx.query(
      `INSERT INTO prefund_movements (id, participant_id, currency, minor, kind, reference, moved_by, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, hub_clock())`,
      [id, participantId, currency, change.toString(), kind, reference, by],
    );
    const [nostro, prefund] = accountsOf({ participantId, currency });
    const entryKind = change > 0n ? 'prefundReceived' : 'prefundReturned';
    const entryId: EntryId = this.ids.next('ent_', nowMs);
    const entry: JournalEntry = {
      id: entryId,
      kind: entryKind,
      event: `${id}:${entryKind}`,
      paymentId: null,
      cycleId: await currentSettlementPhase(tx),
      lines: [
        { account: nostro, minor: change },
        { account: prefund, minor: -change },
      ],
    };
    await stageEntries(tx, this.book, [{ ...entry, traceId: null }]);
    return id;
  }
}

/** The hub's cash, and what it holds for the participant. */
function accountsOf({ participantId, currency }: ExposureKey): [AccountRef, AccountRef] {
  return [
    { owner: HUB, kind: 'nostro', currency },
    { owner: participantId, kind: 'prefund', currency },
  ];
}

function refusalOf(exposure: Exposure, change: bigint): Outcome<never> | undefined {
  const { currency, prefund, cap, reserved, outstanding } = exposure;
  if (prefund + change < 0n) {
    const detail = `The deposit is ${formatMoney(money(currency, prefund))}.`;
    return rejected('PARAM_ILLEGAL', detail, 'minor');
  }
  if (change < 0n && reserved + outstanding > cap + prefund + change) {
    const used = formatMoney(money(currency, reserved + outstanding));
    const detail = `${used} are in use; what covers them cannot be withdrawn.`;
    return rejected('NET_DEBIT_CAP_EXCEEDED', detail, 'minor');
  }
  return undefined;
}

async function lockExposure(tx: EntityManager, key: ExposureKey): Promise<Exposure | undefined> {
  return (await gatherExposures(tx, [key])).get(exposureKeyOf(key));
}
