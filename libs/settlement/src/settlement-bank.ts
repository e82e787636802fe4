import type { BankAnswer } from '#domain/settlement/decide-answer';
import type { SettlementPaymentId } from '#domain/settlement/obligation';
import type { EntityManager } from 'typeorm';

/** What the bank is asked: money of one participant, in or out. */
export interface BankOrder {
  readonly paymentId: SettlementPaymentId;
  readonly participantId: string;
  readonly currency: string;
  readonly direction: 'in' | 'out';
  readonly minor: bigint;
}

export interface BankBehaviour {
  /** `silent` answers nothing: an operator has to. */
  readonly behaviour: 'pay' | 'fail' | 'partial' | 'silent';
  /** Of a partial payment, what arrives. */
  readonly shareBps: number;
}

/**
 * A settlement bank that exists only here, so that settlement can be played and tested: money moves
 * when asked, unless an operator set a behaviour for the participant. What it answers depends on
 * the order and the behaviour alone, so asking twice changes nothing.
 */
export function answerOfSimulatedBank(
  order: BankOrder,
  { behaviour, shareBps }: BankBehaviour,
): BankAnswer | null {
  const bankReference = `SIM-${order.paymentId.slice(4, 20).toUpperCase()}`;
  switch (behaviour) {
    case 'silent':
      return null;
    case 'fail':
      return { kind: 'failed', reason: `The bank of ${order.participantId} had no cover.` };
    case 'pay':
      return { kind: 'confirmed', minor: order.minor, bankReference };
    case 'partial': {
      const part = (order.minor * BigInt(shareBps)) / 10_000n;
      return part === 0n
        ? { kind: 'failed', reason: `The bank of ${order.participantId} had no cover.` }
        : { kind: 'confirmed', minor: part, bankReference };
    }
  }
}

const PAYS: BankBehaviour = { behaviour: 'pay', shareBps: 5_000 };

export async function findBehaviour(
  tx: EntityManager,
  participantId: string,
): Promise<BankBehaviour> {
  const [row] = await tx.query<{ behaviour: BankBehaviour['behaviour']; share_bps: number }[]>(
    `SELECT behaviour, share_bps FROM settlement_bank_behaviours WHERE participant_id = $1`,
    [participantId],
  );
  return row === undefined ? PAYS : { behaviour: row.behaviour, shareBps: row.share_bps };
}

export async function setBehaviour(
  tx: EntityManager,
  participantId: string,
  { behaviour, shareBps }: BankBehaviour,
): Promise<void> {
  await tx.query(
    `INSERT INTO settlement_bank_behaviours (participant_id, behaviour, share_bps)
     VALUES ($1, $2, $3)
     ON CONFLICT (participant_id) DO UPDATE
       SET behaviour = excluded.behaviour, share_bps = excluded.share_bps,
           updated_at = clock_timestamp()`,
    [participantId, behaviour, shareBps],
  );
}
