import { decideBreakAction, type BreakAction } from '#domain/reconciliation/break-life';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import type { EntityManager } from 'typeorm';
import { findBreak, lockBreak, moveBreaks, type ReconBreak } from './break-repository.js';
import type { BreakCause } from './break-repository.js';

export interface BreakStep {
  readonly before: ReconBreak;
  readonly after: ReconBreak;
}

/**
 * Moves one break by hand. Rejections: NOT_FOUND, and PRECONDITION_FAILED when the break is in no
 * state from which the action leads.
 */
export async function actOnBreak(
  tx: EntityManager,
  id: string,
  action: BreakAction,
  cause: BreakCause,
): Promise<Outcome<BreakStep>> {
  const before = await lockBreak(tx, id);
  if (before === undefined) return noBreak(id);
  const state = decideBreakAction(before.state, action);
  if (!state.ok) return state;
  await moveBreaks(tx, [id], EVENTS[action], state.value, cause);
  const after = await findBreak(tx, id);
  return after === undefined ? noBreak(id) : accepted({ before, after });
}

const EVENTS: Readonly<Record<BreakAction, string>> = {
  acknowledge: 'acknowledged',
  repair: 'repaired',
  explain: 'explained',
  writeOff: 'writtenOff',
  reopen: 'reopened',
};

export function noBreak(id: string): Outcome<never> {
  return rejected('NOT_FOUND', `There is no break ${id.slice(0, 80)}; ids look like brk_01ks….`);
}
