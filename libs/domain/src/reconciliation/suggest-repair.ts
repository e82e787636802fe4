import type { CycleId } from '../ids.js';
import { formatMoney, type Money } from '../money.js';
import type { BreakOwner, BreakType, Side } from './break-types.js';

/** What a program may do about a break, as data; each is also said in the repair's sentence. */
export type RepairAction =
  | { readonly kind: 'requestFile'; readonly participantId: string; readonly cycleId: CycleId }
  | { readonly kind: 'requestLine'; readonly participantId: string; readonly subjectId: string }
  | { readonly kind: 'inquire'; readonly participantId: string; readonly subjectId: string }
  | { readonly kind: 'requestReversal'; readonly participantId: string; readonly subjectId: string }
  | {
      readonly kind: 'requestCorrection';
      readonly participantId: string;
      readonly subjectId: string;
      readonly fields: readonly string[];
    }
  | {
      readonly kind: 'moveToCycle';
      readonly participantId: string;
      readonly subjectId: string;
      readonly cycleId: CycleId;
    }
  | { readonly kind: 'acceptDifference'; readonly subjectId: string }
  | { readonly kind: 'reviewHub'; readonly subjectId: string };

export interface Repair {
  /** One sentence that says who does what. */
  readonly sentence: string;
  readonly action: RepairAction;
}

export interface RepairContext {
  readonly type: BreakType;
  readonly owner: BreakOwner;
  readonly side: Side;
  readonly participantId: string;
  readonly subjectId: string;
  /** The hub's cycle of it, or else the file's. */
  readonly cycleId: CycleId;
  readonly fields: readonly string[];
  readonly difference: Money | null;
}

/** The step that usually ends a break of this kind. A person decides; nothing acts by itself. */
export function suggestRepair(context: RepairContext): Repair {
  const { participantId, subjectId, cycleId } = context;
  const toPartner = { participantId, subjectId };
  if (context.owner === 'hub') return reviewHub(context);
  switch (context.type) {
    case 'fileMissing':
      return {
        sentence: `Ask ${participantId} for its whole file of ${cycleId}.`,
        action: { kind: 'requestFile', participantId, cycleId },
      };
    case 'missingAtWallet':
    case 'missingAtAcquirer':
      return {
        sentence: `Inquire ${subjectId} at ${participantId}, and ask it to add the line.`,
        action: { kind: 'requestLine', ...toPartner },
      };
    case 'missingAtHub':
    case 'refundWithoutPayment':
      return {
        sentence: `Ask ${participantId} where ${subjectId} comes from, and to reverse it unless it shows the hub's acceptance.`,
        action: { kind: 'requestReversal', ...toPartner },
      };
    case 'statusMismatch':
      return {
        sentence: `Inquire ${subjectId} at ${participantId}; the hub's recorded answer holds until it is disproved.`,
        action: { kind: 'inquire', ...toPartner },
      };
    case 'wrongCycle':
      return {
        sentence: `Ask ${participantId} to report ${subjectId} in ${cycleId}, where it was completed.`,
        action: { kind: 'moveToCycle', ...toPartner, cycleId },
      };
    case 'roundingDifference':
      return {
        sentence: `Accept ${amountText(context.difference)} as rounding; settlement follows the hub's figure.`,
        action: { kind: 'acceptDifference', subjectId },
      };
    case 'duplicate':
    case 'amountMismatch':
    case 'currencyMismatch':
    case 'refundMismatch':
    case 'rateMismatch':
    case 'feeMismatch':
    case 'referenceMismatch':
      return {
        sentence: `Ask ${participantId} to correct ${context.fields.join(', ')} of ${subjectId}${stakeText(context.difference)}.`,
        action: { kind: 'requestCorrection', ...toPartner, fields: context.fields },
      };
  }
}

function reviewHub({ type, subjectId, difference }: RepairContext): Repair {
  const how: Partial<Record<BreakType, string>> = {
    missingAtWallet: 'neither partner knows it, so look for their answers to it',
    missingAtAcquirer: 'neither partner knows it, so look for their answers to it',
    missingAtHub: 'both partners have it, so look for it in the log of requests',
    statusMismatch: 'finish what the hub still owes for it, or correct its outcome',
  };
  const what = how[type] ?? 'both partners agree against the hub';
  return {
    sentence: `Review ${subjectId} at the hub: ${what}${stakeText(difference)}.`,
    action: { kind: 'reviewHub', subjectId },
  };
}

function amountText(difference: Money | null): string {
  return difference === null ? 'the difference' : formatMoney(difference);
}

function stakeText(difference: Money | null): string {
  return difference === null || difference.minor === 0n
    ? ''
    : ` (${formatMoney(difference)} against the hub's figure)`;
}
