import { OTHER_TYPES, TEN_TYPES, type PlantedBreak, type PlantedType } from './plant-faults.js';

/** A break the matcher named; `subjectId` may be a name of its own for a line without an id. */
export interface NamedBreak {
  readonly type: string;
  readonly participantId: string;
  readonly subjectId: string;
}

export interface TypeScore {
  readonly type: string;
  readonly planted: number;
  /** Planted and named, with type, participant and subject. */
  readonly found: number;
  /** Named and not planted. */
  readonly surplus: number;
}

export interface BenchScore {
  readonly types: readonly TypeScore[];
  /** Over the ten types that 50 each were planted of. */
  readonly ten: TotalScore;
  /** Over everything planted. */
  readonly all: TotalScore;
  readonly missed: readonly NamedBreak[];
  readonly surplus: readonly NamedBreak[];
}

export interface TotalScore {
  readonly planted: number;
  readonly found: number;
  readonly surplus: number;
  /** Found of planted, in hundredths of a percent, rounded down. */
  readonly recallBps: number;
  /** Found of named, in hundredths of a percent, rounded down. */
  readonly precisionBps: number;
}

/** A break counts as found only when type, participant and subject are the planted ones. */
export function scoreBreaks(
  planted: readonly PlantedBreak[],
  named: readonly NamedBreak[],
): BenchScore {
  const keyOf = (item: NamedBreak): string =>
    `${item.type} ${item.participantId} ${item.subjectId}`;
  const wanted = new Set(planted.map(keyOf));
  const got = new Set(named.map(keyOf));
  const missed = planted.filter((item) => !got.has(keyOf(item)));
  const surplus = named.filter((item) => !wanted.has(keyOf(item)));
  const kinds: readonly string[] = [...TEN_TYPES, ...OTHER_TYPES];
  const others = [...new Set(surplus.map(({ type }) => type))].filter(
    (type) => !kinds.includes(type),
  );
  const types = [...kinds, ...others].map((type): TypeScore => {
    const count = (items: readonly NamedBreak[]): number =>
      items.filter((item) => item.type === type).length;
    return {
      type,
      planted: count(planted),
      found: count(planted) - count(missed),
      surplus: count(surplus),
    };
  });
  const isOfTen = ({ type }: TypeScore): boolean => TEN_TYPES.includes(type as PlantedType);
  return { types, ten: totalOf(types.filter(isOfTen)), all: totalOf(types), missed, surplus };
}

function totalOf(types: readonly TypeScore[]): TotalScore {
  const sum = (of: (score: TypeScore) => number): number =>
    types.reduce((total, score) => total + of(score), 0);
  const planted = sum((score) => score.planted);
  const found = sum((score) => score.found);
  const surplus = sum((score) => score.surplus);
  return {
    planted,
    found,
    surplus,
    recallBps: shareBps(found, planted),
    precisionBps: shareBps(found, found + surplus),
  };
}

function shareBps(part: number, whole: number): number {
  return whole === 0 ? 10_000 : Math.floor((part * 10_000) / whole);
}
