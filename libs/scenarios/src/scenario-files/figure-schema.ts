import { z } from 'zod';
import { qualitySchema } from '#contracts/operator/network';

/** What a figure counts, and between which values it makes sense. */
export interface FigureKind {
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

/**
 * A figure as a file states it: the number with its range, and where it comes from. A number alone
 * would not say why one should believe it, so there is no such form.
 */
export function figure(what: string, kind: FigureKind) {
  const value = z.number().min(kind.least).max(kind.most);
  const schema = z
    .strictObject({
      value,
      range: z
        .strictObject({ low: value, high: value })
        .meta({ description: '95 of 100 times the true figure lies between these.' })
        .optional(),
      source: z
        .string()
        .min(1)
        .meta({ description: 'Id in data/demand/sources.jsonl, or an https address.' })
        .optional(),
      because: z
        .string()
        .min(3)
        .meta({ description: 'What is assumed and why, in one sentence.' })
        .optional(),
      quality: qualitySchema
        .meta({
          description:
            'How the figure came about; that of its source, or estimated, when left out.',
        })
        .optional(),
    })
    .meta({
      description: `${what} Unit: ${kind.unit}.`,
      anyOf: [{ required: ['source'] }, { required: ['because'] }],
    });
  kinds.set(schema, kind);
  return schema;
}

export const percentShare: FigureKind = { unit: '%', least: 0, most: 100 };
export const percentScale: FigureKind = { unit: '%', least: 0, most: 10_000 };
export const percentChange: FigureKind = { unit: '%', least: -99, most: 1_000 };
export const percentPerYear: FigureKind = { unit: '% a year', least: -99, most: 1_000 };
export const basisPoints: FigureKind = { unit: 'basis points', least: 0, most: 10_000 };
export const elasticity: FigureKind = { unit: '% for 1 %', least: -10, most: 10 };
export const merchantCount: FigureKind = { unit: 'merchants', least: 0, most: 200_000_000 };
export const weight: FigureKind = { unit: 'weight', least: 0, most: 10_000 };
export const days: FigureKind = { unit: 'days', least: 0, most: 365 };
export const minutes: FigureKind = { unit: 'minutes', least: 0, most: 10_080 };
export const milliseconds: FigureKind = { unit: 'ms', least: 1, most: 600_000 };
export const spread: FigureKind = {
  unit: 'standard deviation of the logarithm',
  least: 0,
  most: 3,
};
