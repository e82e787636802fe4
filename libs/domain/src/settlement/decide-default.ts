import { allocate } from '../allocation.js';
import type { CurrencyCode } from '../currency.js';
import type { CycleId, EntryId } from '../ids.js';
import { invariant } from '../invariant.js';
import { HUB, type JournalEntry, type JournalLine } from '../journal.js';
import { accountOf, openMinor, type DefaultId, type Obligation } from './obligation.js';

/** A participant that goes on, and its share of the traffic the loss came from. */
export interface Survivor {
  readonly participantId: string;
  /** Minor units it paid and received in that currency and cycle; decides its share. */
  readonly weight: bigint;
}

/** Everything that stands behind one participant's unpaid obligations of one currency. */
export interface DefaultContext {
  readonly defaultId: DefaultId;
  readonly participantId: string;
  readonly currency: CurrencyCode;
  /** What it owes, oldest first. */
  readonly unpaid: readonly Obligation[];
  /** What the hub owes it in the same currency, oldest first. */
  readonly receivables: readonly Obligation[];
  readonly prefundMinor: bigint;
  /** What is left of the hub's capital set aside for this currency. */
  readonly hubCapitalMinor: bigint;
  readonly survivors: readonly Survivor[];
}

export interface CoveredObligation {
  readonly obligation: Obligation;
  readonly minor: bigint;
}

/** How the loss was borne; the layers in their order, each a magnitude in minor units. */
export interface LossWaterfall {
  readonly lossMinor: bigint;
  readonly prefundMinor: bigint;
  readonly receivablesMinor: bigint;
  readonly hubCapitalMinor: bigint;
  readonly survivors: readonly { readonly participantId: string; readonly minor: bigint }[];
  /** Borne by the hub beyond its capital set aside, because nobody else was there. */
  readonly residualMinor: bigint;
  /** What each unpaid obligation and each receivable used up. */
  readonly covered: readonly CoveredObligation[];
}

/**
 * Spreads a default over the layers in their agreed order: the defaulter's prefund, then what the
 * hub owes it, then the hub's capital set aside, then the survivors by their share of the traffic
 * (largest remainder). Each layer is used up before the next one is touched; if no survivor is
 * there, the hub bears the rest.
 */
export function decideDefault(context: DefaultContext): LossWaterfall {
  const lossMinor = sumOpen(context.unpaid);
  const take = takeFrom(lossMinor);
  const prefundMinor = take(context.prefundMinor);
  const receivablesMinor = take(sumOpen(context.receivables));
  const hubCapitalMinor = take(context.hubCapitalMinor);
  const weights = context.survivors.map(({ weight }) => weight);
  const shared = weights.some((weight) => weight > 0n);
  const survivorsMinor = shared ? take(lossMinor) : 0n;
  const parts = survivorsMinor === 0n ? [] : allocate(survivorsMinor, weights);
  const survivors = context.survivors
    .map(({ participantId }, index) => ({ participantId, minor: parts[index] ?? 0n }))
    .filter(({ minor }) => minor > 0n);
  return {
    lossMinor,
    prefundMinor,
    receivablesMinor,
    hubCapitalMinor,
    survivors,
    residualMinor: take(lossMinor),
    covered: [
      ...context.unpaid.map((obligation) => ({ obligation, minor: openMinor(obligation) })),
      ...cover(context.receivables, receivablesMinor),
    ],
  };
}

/**
 * The waterfall in the books: one entry for the prefund, one for everything else. What the
 * defaulter owed leaves its account; the hub's capital and the survivors' accounts take it over.
 *
 * @param ids of the entries, in that order
 */
export function entriesOfDefault(
  context: DefaultContext,
  waterfall: LossWaterfall,
  cycleId: CycleId,
  ids: readonly [EntryId, EntryId],
): JournalEntry[] {
  const { currency, participantId, defaultId } = context;
  const entries: JournalEntry[] = [];
  const base = { paymentId: null, cycleId };
  const clearing = new ClearingLines(context.unpaid);
  if (waterfall.prefundMinor > 0n) {
    const prefund = { owner: participantId, kind: 'prefund', currency } as const;
    entries.push({
      ...base,
      id: ids[0],
      kind: 'prefundApplied',
      event: `${defaultId}/${currency}:prefundApplied`,
      lines: [
        { account: prefund, minor: waterfall.prefundMinor },
        ...clearing.take(waterfall.prefundMinor),
      ],
    });
  }
  const receivables = cover(context.receivables, waterfall.receivablesMinor);
  const capital = waterfall.hubCapitalMinor + waterfall.residualMinor;
  const borne: JournalLine[] = [
    ...receivables.map(({ obligation, minor }) => ({ account: accountOf(obligation), minor })),
    { account: { owner: HUB, kind: 'hubCapital', currency }, minor: capital },
    ...waterfall.survivors.map(({ participantId: owner, minor }): JournalLine => {
      return { account: { owner, kind: 'lossShare', currency }, minor };
    }),
    ...clearing.take(waterfall.lossMinor - waterfall.prefundMinor),
  ];
  const lines = mergeLines(borne);
  if (lines.length > 0) {
    const event = `${defaultId}/${currency}:lossAllocated`;
    entries.push({ ...base, id: ids[1], kind: 'lossAllocated', event, lines });
  }
  return entries;
}

/** Credits the accounts of the unpaid obligations, in their order, amount by amount. */
class ClearingLines {
  private readonly left: { readonly obligation: Obligation; minor: bigint }[];

  constructor(unpaid: readonly Obligation[]) {
    this.left = unpaid.map((obligation) => ({ obligation, minor: openMinor(obligation) }));
  }

  take(total: bigint): JournalLine[] {
    const lines: JournalLine[] = [];
    let rest = total;
    for (const item of this.left) {
      const minor = item.minor < rest ? item.minor : rest;
      if (minor === 0n) continue;
      item.minor -= minor;
      rest -= minor;
      lines.push({ account: accountOf(item.obligation), minor: -minor });
    }
    invariant(rest === 0n, 'a layer pays no more than is owed');
    return mergeLines(lines);
  }
}

function takeFrom(loss: bigint): (layer: bigint) => bigint {
  let rest = loss;
  return (layer) => {
    invariant(layer >= 0n, 'a layer of the waterfall is not negative');
    const used = layer < rest ? layer : rest;
    rest -= used;
    return used;
  };
}

function cover(obligations: readonly Obligation[], total: bigint): CoveredObligation[] {
  const take = takeFrom(total);
  return obligations
    .map((obligation) => ({ obligation, minor: take(openMinor(obligation)) }))
    .filter(({ minor }) => minor > 0n);
}

function sumOpen(obligations: readonly Obligation[]): bigint {
  return obligations.reduce((sum, obligation) => sum + openMinor(obligation), 0n);
}

/** Setting off inside one account leaves nothing to book. */
function mergeLines(lines: readonly JournalLine[]): JournalLine[] {
  const merged = new Map<string, JournalLine>();
  for (const line of lines) {
    const { owner, kind, currency } = line.account;
    const key = `${owner}|${kind}|${currency}`;
    merged.set(key, { ...line, minor: (merged.get(key)?.minor ?? 0n) + line.minor });
  }
  return [...merged.values()].filter(({ minor }) => minor !== 0n);
}
