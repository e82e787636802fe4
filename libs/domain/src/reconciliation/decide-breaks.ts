import type { CurrencyCode } from '../currency.js';
import type { CycleId } from '../ids.js';
import type { Money } from '../money.js';
import type { BreakOwner, BreakType, Side } from './break-types.js';
import { compareRow, type FieldDifference, type Finding } from './compare-row.js';
import type { HubLeg, HubRecord, MatchCase, PartnerRow } from './match-case.js';
import { suggestRepair, type Repair } from './suggest-repair.js';

export interface RowReference {
  readonly file: string;
  readonly line: number;
}

/** A break as it is found; it is the same break as long as subject, type and participant are. */
export interface FoundBreak {
  readonly type: BreakType;
  readonly subjectId: string;
  readonly side: Side;
  readonly participantId: string;
  /** The hub's cycle of it, or else the file's. */
  readonly cycleId: CycleId;
  /** The participant's settlement currency; its calendar says how old the break is. */
  readonly currency: CurrencyCode;
  readonly owner: BreakOwner;
  /** Why that one owns it. */
  readonly ownerRule: string;
  /** Theirs less ours, where money is at stake. */
  readonly difference: Money | null;
  readonly fields: readonly FieldDifference[];
  readonly evidence: readonly RowReference[];
  readonly repair: Repair;
}

const SIDES: readonly Side[] = ['wallet', 'acquirer'];

/**
 * Names everything that is wrong with one transaction on its three sides, and who has to act.
 * Pure, and the same whatever order the files landed in: rows are put in an order of their own
 * first. Each leg is compared with the hub; the third side then tells who stands alone, and who
 * stands alone owns the break.
 */
export function decideBreaks(given: MatchCase): readonly FoundBreak[] {
  const match = { ...given, rows: [...given.rows].sort(byPlace) };
  return SIDES.flatMap((side) => decideSide(match, side));
}

function decideSide(match: MatchCase, side: Side): readonly FoundBreak[] {
  const { hub } = match;
  const leg = hub?.legs[side] ?? null;
  const rows = match.rows.filter((row) => row.side === side);
  const ownRows = leg === null ? [] : rows.filter((row) => row.participantId === leg.participantId);
  const strangers = leg === null ? rows : rows.filter((row) => !ownRows.includes(row));
  return [
    ...decideStrangers(match, strangers),
    ...(hub === null || leg === null ? [] : decideLeg(match, side, { hub, leg, rows: ownRows })),
  ];
}

/** Lines of participants with whom the hub does not have it. What failed there moved nothing. */
function decideStrangers(match: MatchCase, rows: readonly PartnerRow[]): FoundBreak[] {
  const moved = rows.filter((row) => row.result === 'SUCCESS');
  const participants = [...new Set(moved.map((row) => row.participantId))];
  return participants.flatMap((participantId) => {
    const own = moved.filter((row) => row.participantId === participantId);
    const [first] = own;
    if (first === undefined) return [];
    const isOrphan = first.kind === 'refund' && match.hub === null && !first.isOriginalKnown;
    const ours = match.hub === null ? 'nothing' : `${match.hub.kind} of another ${first.side}`;
    const found: Finding = {
      type: isOrphan ? 'refundWithoutPayment' : 'missingAtHub',
      fields: [
        isOrphan
          ? { field: 'originalTransactionId', ours: 'unknown', theirs: first.originalId }
          : { field: 'transactionId', ours, theirs: first.transactionId },
      ],
      differenceMinor: first.settlement.minor,
    };
    return [breakOf(match, found, first, own, first.settlement.currency)];
  });
}

interface LegCase {
  readonly hub: HubRecord;
  readonly leg: HubLeg;
  readonly rows: readonly PartnerRow[];
}

function decideLeg(match: MatchCase, side: Side, { hub, leg, rows }: LegCase): FoundBreak[] {
  // A first try that failed and a second that succeeded are one success.
  const succeeded = rows.filter((row) => row.result === 'SUCCESS');
  const counted = succeeded.length > 0 ? succeeded : rows.slice(0, 1);
  const main = mainRow(hub, leg, counted);
  const { currency } = leg.settlement;
  if (main === undefined) return decideMissing(match, side, hub, leg);
  const findings = compareRow(hub, leg, main);
  const again = counted.filter((row) => row !== main);
  const repeated: Finding = {
    type: 'duplicate',
    fields: [{ field: 'transactionId', ours: '1 line', theirs: `${String(counted.length)} lines` }],
    differenceMinor: again.reduce((sum, row) => sum + row.settlement.minor, 0n),
  };
  return [
    ...findings.map((found) => breakOf(match, found, main, [main], currency)),
    ...(again.length > 0 ? [breakOf(match, repeated, main, counted, currency)] : []),
  ];
}

function decideMissing(match: MatchCase, side: Side, hub: HubRecord, leg: HubLeg): FoundBreak[] {
  if (hub.status !== 'succeeded' || !leg.isSetComplete || hub.cycleId === null) return [];
  const type = side === 'wallet' ? 'missingAtWallet' : 'missingAtAcquirer';
  const other = otherSide(side);
  const otherLeg = hub.legs[other];
  const otherKnows = match.rows.some((row) => row.side === other && row.result === 'SUCCESS');
  const isAlone = otherLeg?.isSetComplete === true && !otherKnows;
  const owner: BreakOwner = isAlone ? 'hub' : side;
  const fields = [{ field: 'transactionId', ours: match.subjectId, theirs: 'no line' }];
  const difference = { currency: leg.settlement.currency, minor: -leg.settlement.minor };
  const base = {
    type,
    subjectId: match.subjectId,
    side,
    participantId: leg.participantId,
    cycleId: hub.cycleId,
    currency: leg.settlement.currency,
    owner,
    difference,
  } as const;
  return [
    {
      ...base,
      ownerRule: isAlone
        ? 'neither partner has it: the hub stands alone'
        : otherKnows
          ? `hub and ${other} have it: the ${side} stands alone`
          : `the hub recorded the ${side}'s answer`,
      fields,
      evidence: [],
      repair: suggestRepair({ ...base, fields: [] }),
    },
  ];
}

/** Of several lines the one that agrees best; equal ones by place, so that files may come anyhow. */
function mainRow(hub: HubRecord, leg: HubLeg, rows: readonly PartnerRow[]): PartnerRow | undefined {
  let best: { row: PartnerRow; findings: number } | undefined;
  for (const row of rows) {
    const findings = compareRow(hub, leg, row).length;
    if (best === undefined || findings < best.findings) best = { row, findings };
  }
  return best?.row;
}

function breakOf(
  match: MatchCase,
  found: Finding,
  main: PartnerRow,
  rows: readonly PartnerRow[],
  currency: string,
): FoundBreak {
  const { owner, rule } = ownerOf(match, found, main);
  const hubCycle = match.hub?.cycleId ?? null;
  const fields = found.fields.map((field) =>
    found.type === 'referenceMismatch' ? { ...field, ours: match.subjectId } : field,
  );
  const base = {
    type: found.type,
    subjectId: match.subjectId,
    side: main.side,
    participantId: main.participantId,
    cycleId: hubCycle ?? main.cycleId,
    currency,
    owner,
    difference: found.differenceMinor === null ? null : { currency, minor: found.differenceMinor },
  } as const;
  return {
    ...base,
    ownerRule: rule,
    fields,
    evidence: rows.map(({ file, line }) => ({ file, line })),
    repair: suggestRepair({ ...base, fields: fields.map(({ field }) => field) }),
  };
}

/** Who stands alone has to act. Where only two sides know a figure, the hub's can be recomputed. */
function ownerOf(
  match: MatchCase,
  found: Finding,
  row: PartnerRow,
): { readonly owner: BreakOwner; readonly rule: string } {
  const other = otherSide(row.side);
  const third = match.rows.find(
    (candidate) => candidate.side === other && isOwnLeg(match.hub, candidate),
  );
  const alone = { owner: row.side, rule: `the ${row.side} stands alone` } as const;
  const hubAlone = { owner: 'hub', rule: 'both partners agree against the hub' } as const;
  switch (found.type) {
    case 'missingAtHub':
    case 'refundWithoutPayment':
      return third?.result === 'SUCCESS' && match.hub === null ? hubAlone : alone;
    case 'statusMismatch':
      if (match.hub?.status === 'inFlight') {
        return { owner: 'hub', rule: 'the hub has not finished it' };
      }
      return third?.result === row.result ? hubAlone : alone;
    case 'wrongCycle':
      return third?.cycleId === row.cycleId ? hubAlone : alone;
    case 'amountMismatch':
    case 'currencyMismatch':
    case 'refundMismatch':
      return isAmountInDispute(found) && third !== undefined && isSameAmount(third, row)
        ? hubAlone
        : alone;
    case 'duplicate':
    case 'referenceMismatch':
      return alone;
    case 'fileMissing':
    case 'missingAtWallet':
    case 'missingAtAcquirer':
    case 'rateMismatch':
    case 'feeMismatch':
    case 'roundingDifference':
      return {
        owner: row.side,
        rule: "the hub's figure follows from the locked quote and the terms",
      };
  }
}

function isOwnLeg(hub: HubRecord | null, row: PartnerRow): boolean {
  const leg = hub?.legs[row.side] ?? null;
  return leg === null || leg.participantId === row.participantId;
}

/** The purchase's own amount is what both partners know; the settlement leg only one does. */
function isAmountInDispute(found: Finding): boolean {
  return found.fields.some(({ field }) => field.startsWith('transaction'));
}

function isSameAmount(a: PartnerRow, b: PartnerRow): boolean {
  return (
    a.transaction.minor === b.transaction.minor &&
    a.transaction.currency === b.transaction.currency &&
    a.kind === b.kind
  );
}

function otherSide(side: Side): Side {
  return side === 'wallet' ? 'acquirer' : 'wallet';
}

function byPlace(a: PartnerRow, b: PartnerRow): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line;
}

/** One break for a file that never came, instead of one for each of its lines. */
export function missingFileBreak(set: {
  readonly cycleId: CycleId;
  readonly participantId: string;
  readonly side: Side;
  readonly currency: string;
  readonly landedParts: number;
  readonly expectedParts: number | null;
}): FoundBreak {
  const { cycleId, participantId, side, currency } = set;
  const subjectId = `${cycleId}/${participantId}/${currency}`;
  const base = {
    type: 'fileMissing',
    subjectId,
    side,
    participantId,
    cycleId,
    currency,
    owner: side,
    difference: null,
  } as const;
  const ours = set.expectedParts === null ? 'a file' : `${String(set.expectedParts)} parts`;
  return {
    ...base,
    ownerRule: 'each participant sends its own file, also of an empty cycle',
    fields: [{ field: 'file', ours, theirs: `${String(set.landedParts)} landed` }],
    evidence: [],
    repair: suggestRepair({ ...base, fields: [] }),
  };
}
