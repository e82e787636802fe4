import type { CycleDetailView, CycleMemberView, CycleView } from '#contracts/operator/cycles';
import { cancelWindowEndsAtMs, walletCancelEndsAtMs } from '#domain/payments/cancel-window';
import { listReasonsToWait, settlementPhaseOf, type RecordedCycle } from '#ledger';
import type { EntityManager } from 'typeorm';
import { clearingConditions } from './cut-off.js';
import type { CycleMember } from './cycle-members.js';

/** A cycle as the operator API and the command line show it. */
export function cycleViewOf(cycle: RecordedCycle): CycleView {
  const { kind, endsAtMs } = cycle;
  const clearing = kind !== 'settlement' && endsAtMs !== null ? { kind, endsAtMs } : null;
  return {
    id: cycle.id,
    kind,
    state: cycle.state,
    startsAt: isoOf(cycle.startsAtMs),
    endsAt: isoOrNull(endsAtMs),
    closedAt: isoOrNull(cycle.closedAtMs),
    finalAt: isoOrNull(cycle.finalAtMs),
    finalFrom:
      clearing === null ? null : isoOf(walletCancelEndsAtMs(clearing.kind, clearing.endsAtMs)),
    cancelUntil:
      clearing === null ? null : isoOf(cancelWindowEndsAtMs(clearing.kind, clearing.endsAtMs)),
    members: cycle.members,
    settlementPhase: cycle.state === 'final' ? settlementPhaseOf(cycle.id) : null,
  };
}

/** The same with what it waits for, which is asked of the database now. */
export async function explainCycle(
  tx: EntityManager,
  cycle: RecordedCycle,
): Promise<CycleDetailView> {
  const waitsFor = await listReasonsToWait(tx, cycle.id, clearingConditions);
  return { ...cycleViewOf(cycle), waitsFor };
}

export function memberViewOf(member: CycleMember): CycleMemberView {
  const { no, kind, id, state, completedAtMs } = member;
  return { no, kind, id, completedAt: isoOf(completedAtMs), state };
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : isoOf(atMs);
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
