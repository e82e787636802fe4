import { z } from 'zod';
import { qualitySchema } from '#contracts/operator/network';

/** What a figure counts, and between which values it makes sense. */
export interface FigureKind {
  /** Of the definition in the published schema. */
  readonly name: string;
  /** As said to a person, after the number. */
  readonly unit: string;
  readonly least: number;
  readonly most: number;
}

const kinds = new WeakMap<z.ZodType, FigureKind>();

/** The kind of figure a schema reads, or undefined where it reads something else. */
export function figureKindOf(schema: z.ZodType): FigureKind | undefined {
  return kinds.get(schema);
}

const source = z
  .string()
  .min(1)
  .meta({ id: 'source', description: 'Id in data/demand/sources.jsonl, or an https address.' });
const because = z
  .string()
  .min(3)
  .meta({ id: 'because', description: 'What is assumed and why, in one sentence.' });
const quality = qualitySchema.meta({
  id: 'quality',
  description: 'How the figure came about; that of its source, or estimated, when left out.',
});

/** One for each kind, so that the published schema says each only once. */
const numbers = new Map<FigureKind, { readonly value: z.ZodNumber; readonly range: z.ZodType }>();

function numbersOf(kind: FigureKind) {
  const known = numbers.get(kind);
  if (known !== undefined) return known;
  const value = z.number().min(kind.least).max(kind.most);
  const range = z.strictObject({ low: value, high: value }).meta({
    id: `rangeOf_${kind.name}`,
    description: '95 of 100 times the true figure lies between these.',
  });
  const made = { value, range };
  numbers.set(kind, made);
  return made;
}

/**
 * A figure as a file states it: the number with its range, and where it comes from. A number alone
 * would not say why one should believe it, so there is no such form.
 */
export function figure(what: string, kind: FigureKind) {
  const { value, range } = numbersOf(kind);
  const schema = z
    .strictObject({
      value,
      range: range.optional(),
      source: source.optional(),
      because: because.optional(),
      quality: quality.optional(),
    })
    .meta({
      description: `${what} Unit: ${kind.unit}.`,
      anyOf: [{ required: ['source'] }, { required: ['because'] }],
    });
  kinds.set(schema, kind);
  return schema;
}

export const percentShare: FigureKind = { name: 'percentShare', unit: '%', least: 0, most: 100 };
export const percentScale: FigureKind = { name: 'percentScale', unit: '%', least: 0, most: 10_000 };
export const percentChange: FigureKind = {
  name: 'percentChange',
  unit: '%',
  least: -99,
  most: 1_000,
};
export const percentPerYear: FigureKind = {
  name: 'percentPerYear',
  unit: '% a year',
  least: -99,
  most: 1_000,
};
export const basisPoints: FigureKind = {
  name: 'basisPoints',
  unit: 'basis points',
  least: 0,
  most: 10_000,
};
export const elasticity: FigureKind = {
  name: 'elasticity',
  unit: '% for 1 %',
  least: -10,
  most: 10,
};
export const merchantCount: FigureKind = {
  name: 'merchantCount',
  unit: 'merchants',
  least: 0,
  most: 200_000_000,
};
export const weight: FigureKind = { name: 'weight', unit: 'weight', least: 0, most: 10_000 };
export const days: FigureKind = { name: 'days', unit: 'days', least: 0, most: 365 };
export const minutes: FigureKind = { name: 'minutes', unit: 'minutes', least: 0, most: 10_080 };
export const milliseconds: FigureKind = {
  name: 'milliseconds',
  unit: 'ms',
  least: 1,
  most: 600_000,
};
export const spread: FigureKind = {
  name: 'spread',
  unit: 'standard deviation of the logarithm',
  least: 0,
  most: 3,
};
