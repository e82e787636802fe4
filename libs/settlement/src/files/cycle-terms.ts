import type { NettingProofFile } from '#contracts/netting-proof';
import type { EntityManager } from 'typeorm';
import type { LegsOf } from './file-legs.js';

/** What a set's settlement file says beside its lines; fixed when the cycle was netted. */
export interface CycleTerms {
  readonly participantName: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly finalAtMs: number;
  readonly proofHash: string;
  readonly ledgerHead: NettingProofFile['ledgerHead'];
  /** Signed minor units, positive where the participant pays. */
  readonly own: bigint;
  readonly carriedIn: bigint;
  readonly minor: bigint;
  readonly minimum: bigint;
  readonly state: 'due' | 'carried' | 'held' | 'settled';
  readonly valueDate: string | null;
  /** Null where nothing moved for the participant. */
  readonly obligationId: string | null;
  /** Small amounts of earlier cycles that were added to this one. */
  readonly carried: readonly { readonly cycleId: string; readonly minor: bigint }[];
}

/** Reads them from the proof, so that what happened to the obligation since changes no file. */
export async function readCycleTerms(tx: EntityManager, of: LegsOf): Promise<CycleTerms> {
  const [row] = await tx.query<
    {
      starts_at: Date;
      ends_at: Date;
      final_at: Date;
      proof_hash: string;
      ledger_head: NettingProofFile['ledgerHead'];
      obligation: NettingProofFile['obligations'][number] | null;
      obligation_id: string | null;
      name: string | null;
    }[]
  >(
    `SELECT c.starts_at, c.ends_at, c.final_at, r.proof_hash, r.proof->'ledgerHead' AS ledger_head,
            (SELECT o FROM jsonb_array_elements(r.proof->'obligations') o
             WHERE o->>'participant' = $2 AND o->>'role' = $3 AND o->>'currency' = $4) AS obligation,
            (SELECT o.id FROM obligations o
             WHERE o.cycle_id = $1 AND o.participant_id = $2 AND o.role = $3 AND o.currency = $4
               AND o.default_id IS NULL) AS obligation_id,
            CASE $3 WHEN 'wallet' THEN (SELECT w.name FROM current_wallets w WHERE w.id = $2)
                    ELSE (SELECT a.name FROM current_acquirers a WHERE a.id = $2) END AS name
     FROM cycles c JOIN settlement_runs r ON r.cycle_id = c.id
     WHERE c.id = $1 AND r.state = 'netted'`,
    [of.cycleId, of.participantId, of.role, of.currency],
  );
  if (row === undefined) throw new Error(`${of.cycleId} is not netted, so it has no files`);
  const carried = await tx.query<{ cycle_id: string; minor: string }[]>(
    `SELECT cycle_id, minor FROM obligations
     WHERE carried_to = $1 AND participant_id = $2 AND role = $3 AND currency = $4
     ORDER BY cycle_id`,
    [of.cycleId, of.participantId, of.role, of.currency],
  );
  const { obligation } = row;
  return {
    participantName: row.name ?? of.participantId,
    startsAtMs: row.starts_at.getTime(),
    endsAtMs: row.ends_at.getTime(),
    finalAtMs: row.final_at.getTime(),
    proofHash: row.proof_hash,
    ledgerHead: row.ledger_head,
    own: BigInt(obligation?.own ?? 0),
    carriedIn: BigInt(obligation?.carriedIn ?? 0),
    minor: BigInt(obligation?.minor ?? 0),
    minimum: BigInt(obligation?.minimum ?? 0),
    state: obligation?.state ?? 'settled',
    valueDate: obligation?.valueDate ?? null,
    obligationId: row.obligation_id,
    carried: carried.map((line) => ({ cycleId: line.cycle_id, minor: BigInt(line.minor) })),
  };
}
