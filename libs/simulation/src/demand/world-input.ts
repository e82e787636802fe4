import type { DemandFigures } from '../demand-figures.js';
import type { Figure, Scenario } from '../scenario.js';
import { momentsOf, quantileTable } from '../random/quantile-table.js';
import type { Ticket } from '../world.js';
import type { ShippedWorldParts } from './shipped-world-parts.js';
import type { Notes } from './world-fault.js';

/** What every part of the compiler works from. */
export interface WorldInput {
  readonly scenario: Scenario;
  readonly figures: DemandFigures;
  readonly network: ShippedWorldParts;
  readonly notes: Notes;
  readonly firstDay: number;
  readonly days: number;
  /** Means of tickets that were worked out: many flows have the same ones. */
  readonly means: Map<string, number>;
}

/** Mean of what kernels draw for a ticket, minor units. */
export function meanOf(input: WorldInput, ticket: Ticket): number {
  const { medianMinor, sigma, minMinor, maxMinor, stepMinor } = ticket;
  const key = [medianMinor, sigma, minMinor, maxMinor, stepMinor].join(' ');
  const known = input.means.get(key) ?? momentsOf(quantileTable(ticket)).mean;
  input.means.set(key, known);
  return known;
}

/** The value of a figure that must be there; its absence is a fault and counts as 0 from then on. */
export function needed(
  input: WorldInput,
  figure: Figure | undefined,
  pointer: string,
  why: string,
): number {
  if (figure !== undefined) return figure.value;
  input.notes.fault(pointer, `${why} is not stated: add ${pointer.slice(1).replaceAll('/', '.')}.`);
  return 0;
}

/** A share of 0 to 100 percent; anything else is a fault, since nothing is cut down in silence. */
export function shareOf(input: WorldInput, figure: Figure, pointer: string): number {
  if (figure.value < 0 || figure.value > 100) {
    input.notes.fault(pointer, `${String(figure.value)} is not a percentage from 0 to 100.`);
    return 0;
  }
  return figure.value / 100;
}
