import type { CycleId } from '#domain/ids';
import type { Side } from '#domain/reconciliation/break-types';
import type {
  HubLeg,
  HubRecord,
  HubStatus,
  MatchCase,
  MatchedBy,
  PartnerRow,
  SubjectKind,
} from '#domain/reconciliation/match-case';
import { invariant } from '#domain/invariant';
import { parseRatio } from '#domain/rates/ratio';
import type { EntityManager } from 'typeorm';
import { COMPLETE_SETS, hubLegs } from './hub-records.js';

interface LegRow {
  subject_id: string;
  kind: SubjectKind;
  original_id: string;
  cycle_id: CycleId | null;
  status: HubStatus;
  state: string;
  transaction_minor: string;
  transaction_currency: string;
  side: Side;
  participant_id: string;
  settlement_minor: string;
  settlement_currency: string;
  interchange_minor: string;
  service_fee_minor: string;
  interchange_bps: number | null;
  service_fee_bps: number | null;
  base: string;
  counter: string;
  price: string;
  is_set_complete: boolean;
}

interface LineRow {
  file: string;
  line_no: number;
  participant_id: string;
  side: Side;
  cycle_id: CycleId;
  subject_id: string;
  matched_by: MatchedBy;
  transaction_id: string;
  kind: SubjectKind;
  original_id: string;
  is_original_known: boolean;
  transaction_minor: string;
  transaction_currency: string;
  settlement_minor: string;
  settlement_currency: string;
  interchange_minor: string;
  service_fee_minor: string;
  quote_base: string | null;
  quote_counter: string | null;
  quote_price: string | null;
  result: PartnerRow['result'];
}

/** Gathers all that the three sides know of some subjects, whatever cycle or file it stands in. */
export async function gatherCases(
  tx: EntityManager,
  subjectIds: readonly string[],
): Promise<MatchCase[]> {
  const [legs, lines] = await Promise.all([
    tx.query<LegRow[]>(
      `SELECT l.subject_id, l.kind, l.original_id, l.cycle_id, l.status, l.state,
              l.transaction_minor, l.transaction_currency, l.side, l.participant_id,
              l.settlement_minor, l.settlement_currency, l.interchange_minor, l.service_fee_minor,
              l.interchange_bps, l.service_fee_bps, l.base, l.counter, l.price::text AS price,
              c.cycle_id IS NOT NULL AS is_set_complete
       FROM (${hubLegs('p.id = ANY($1)', 'r.id = ANY($1)')}) l
       LEFT JOIN (${COMPLETE_SETS}) c ON c.cycle_id = l.cycle_id
         AND c.participant_id = l.participant_id AND c.currency = l.settlement_currency`,
      [subjectIds],
    ),
    tx.query<LineRow[]>(
      `SELECT f.name AS file, r.line_no, r.participant_id, r.side, r.cycle_id, r.subject_id,
              r.matched_by, r.transaction_id, r.kind, r.original_id,
              EXISTS (SELECT FROM payments p WHERE p.id = r.original_id) AS is_original_known,
              r.transaction_minor, r.transaction_currency, r.settlement_minor,
              r.settlement_currency, r.interchange_minor, r.service_fee_minor, r.quote_base,
              r.quote_counter, r.quote_price, r.result
       FROM recon_lines r JOIN recon_files f ON f.id = r.file_id
       WHERE r.subject_id = ANY($1)`,
      [subjectIds],
    ),
  ]);
  const legsOf = grouped(legs);
  const linesOf = grouped(lines);
  return subjectIds.map((subjectId) => ({
    subjectId,
    hub: recordOf(legsOf.get(subjectId) ?? []),
    rows: (linesOf.get(subjectId) ?? []).map(rowOf),
  }));
}

function grouped<T extends { subject_id: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.subject_id);
    if (group === undefined) groups.set(row.subject_id, [row]);
    else group.push(row);
  }
  return groups;
}

function recordOf(rows: readonly LegRow[]): HubRecord | null {
  const [any] = rows;
  if (any === undefined) return null;
  const legOf = (side: Side): HubLeg | null => {
    const row = rows.find((leg) => leg.side === side);
    return row === undefined ? null : hubLegOf(row);
  };
  return {
    kind: any.kind,
    originalId: any.original_id === '' ? null : any.original_id,
    status: any.status,
    state: any.state,
    cycleId: any.cycle_id,
    transaction: { currency: any.transaction_currency, minor: BigInt(any.transaction_minor) },
    legs: { wallet: legOf('wallet'), acquirer: legOf('acquirer') },
  };
}

function hubLegOf(row: LegRow): HubLeg {
  const price = parseRatio(row.price);
  invariant(price !== undefined, `the quote of ${row.subject_id} has no price`);
  const { interchange_bps: interchangeBps, service_fee_bps: serviceFeeBps } = row;
  return {
    participantId: row.participant_id,
    settlement: { currency: row.settlement_currency, minor: BigInt(row.settlement_minor) },
    interchangeMinor: BigInt(row.interchange_minor),
    serviceFeeMinor: BigInt(row.service_fee_minor),
    pair: { base: row.base, counter: row.counter },
    price,
    shares:
      interchangeBps === null || serviceFeeBps === null ? null : { interchangeBps, serviceFeeBps },
    isSetComplete: row.is_set_complete,
  };
}

function rowOf(row: LineRow): PartnerRow {
  const { quote_base: base, quote_counter: counter, quote_price: priceText } = row;
  return {
    file: row.file,
    line: row.line_no,
    side: row.side,
    participantId: row.participant_id,
    cycleId: row.cycle_id,
    matchedBy: row.matched_by,
    transactionId: row.transaction_id,
    kind: row.kind,
    originalId: row.original_id,
    isOriginalKnown: row.is_original_known,
    transaction: { currency: row.transaction_currency, minor: BigInt(row.transaction_minor) },
    settlement: { currency: row.settlement_currency, minor: BigInt(row.settlement_minor) },
    interchangeMinor: BigInt(row.interchange_minor),
    serviceFeeMinor: BigInt(row.service_fee_minor),
    quote:
      base === null || counter === null || priceText === null
        ? null
        : { pair: { base, counter }, priceText },
    result: row.result,
  };
}
