import { accepted, rejected, type Outcome } from '../rejection.js';

/** One person's key. The root key of the data folder has nobody above it. */
export interface Signatory {
  readonly person: string;
  /** Everybody who issued this key, or the key it was issued with, and so on; the root left out. */
  readonly issuers: readonly string[];
}

/** A proposed action, locked. */
export interface Proposal {
  readonly id: string;
  readonly state: 'pending' | 'executed' | 'rejected';
  readonly proposer: Signatory;
  /** A key that was taken away may be in wrong hands, so what it proposed is not done. */
  readonly proposerKeyRevoked: boolean;
  /** UTC milliseconds. */
  readonly expiresAtMs: number;
}

/**
 * Whether a second person may put a proposal into effect. Four eyes are two persons, not two keys:
 * neither the proposer's other keys count, nor a key one of the two has issued for the other,
 * because whoever can make a key can hold it.
 */
export function decideApproval(
  proposal: Proposal,
  approver: Signatory,
  nowMs: number,
): Outcome<null> {
  const open = decideOpen(proposal, nowMs);
  if (!open.ok) return open;
  const { proposer } = proposal;
  if (proposer.person === approver.person) {
    return rejected(
      'ACCESS_DENIED',
      `${proposer.person} proposed this; another person must approve it.`,
    );
  }
  if (approver.issuers.includes(proposer.person)) {
    return rejected(
      'ACCESS_DENIED',
      `The key of ${approver.person} was issued by ${proposer.person}, who proposed this; a person with a key of other origin must approve it.`,
    );
  }
  if (proposer.issuers.includes(approver.person)) {
    return rejected(
      'ACCESS_DENIED',
      `${approver.person} issued the key that proposed this; a third person must approve it.`,
    );
  }
  if (proposal.proposerKeyRevoked) {
    return rejected(
      'PRECONDITION_FAILED',
      `The key that proposed ${proposal.id} was revoked; reject it and propose anew.`,
    );
  }
  return accepted(null);
}

/** Only what is pending and in time can be approved; anybody entitled may reject it late. */
export function decideOpen(proposal: Proposal, nowMs: number): Outcome<null> {
  if (proposal.state !== 'pending') {
    return rejected('PRECONDITION_FAILED', `${proposal.id} is ${proposal.state} already.`);
  }
  if (nowMs >= proposal.expiresAtMs) {
    return rejected('PRECONDITION_FAILED', `${proposal.id} has expired; propose it anew.`);
  }
  return accepted(null);
}
