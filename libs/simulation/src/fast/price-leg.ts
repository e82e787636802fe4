import { currencyOf, type CurrencyCode } from '#domain/currency';
import type { Ratio } from '#domain/fx';
import { invariant } from '#domain/invariant';
import { amountRounding } from '#domain/rates/convert';
import { divideRounded, type Rounding } from '#domain/rounding';

/**
 * One conversion, ready for columns of doubles: how many steps of the target a minor unit of the
 * source comes to, as the nearest double and as the exact fraction. The double decides nearly every
 * time; where it lies too near a rounding border to be trusted, the fraction does, by the very rule
 * of the domain. So the result is that of `convertAt` for every amount up to `LARGEST`.
 */
export interface PriceLeg {
  readonly rate: number;
  /** Minor units of the target in one step: 100 for rupiah that cross the wire, else 1. */
  readonly step: number;
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly rounding: Rounding;
}

/** The largest amount, before and after conversion, that kernels price: 2^44 minor units. */
export const LARGEST = 17_592_186_044_416;

/**
 * The double's rate is off by at most three roundings of 2^-53, its product by a fourth, the half
 * that is added by a fifth: together less than this share of the result.
 */
const RELATIVE_ERROR = 1e-15;

const MINOR_UNIT = { rounding: 'halfUp', increment: 1n } as const;

/** Within one currency nothing is converted or rounded. */
const SAME: PriceLeg = {
  rate: 1,
  step: 1,
  numerator: 1n,
  denominator: 1n,
  rounding: 'halfUp',
};

/** A conversion at a price per major unit, to whole minor units. */
export function minorLeg(price: Ratio, from: CurrencyCode, to: CurrencyCode): PriceLeg {
  return legOf(price, from, to, MINOR_UNIT);
}

/** The same as amounts that cross the wire are rounded, see `amountRounding`. */
export function wireLeg(price: Ratio, from: CurrencyCode, to: CurrencyCode): PriceLeg {
  return legOf(price, from, to, amountRounding(to));
}

function legOf(
  price: Ratio,
  from: CurrencyCode,
  to: CurrencyCode,
  { rounding, increment }: { readonly rounding: Rounding; readonly increment: bigint },
): PriceLeg {
  if (from === to) return SAME;
  const shift = currencyOf(to).exponent - currencyOf(from).exponent;
  const scale = 10n ** BigInt(Math.abs(shift));
  const numerator = shift >= 0 ? price.numerator * scale : price.numerator;
  const denominator = (shift >= 0 ? price.denominator : price.denominator * scale) * increment;
  const rate = Number(numerator) / Number(denominator);
  return { rate, step: Number(increment), numerator, denominator, rounding };
}

/**
 * How far from one half a fraction may lie and still be trusted, for results up to `mostSteps`.
 * Refuses what a double cannot hold apart from its neighbours.
 */
export function trustedDistance(mostSteps: number): number {
  invariant(
    mostSteps >= 0 && mostSteps <= LARGEST,
    `amounts up to ${String(mostSteps)} minor units are more than 2^44, the most that is exact`,
  );
  return 0.5 - (mostSteps + 1) * RELATIVE_ERROR;
}

/**
 * The nearest whole number of steps, or −1 where the double cannot tell. Small enough to be
 * compiled into the loops that call it.
 *
 * @param trusted from `trustedDistance`, for the largest result possible here
 */
export function nearestSteps(amount: number, rate: number, trusted: number): number {
  const raised = amount * rate + 0.5;
  const floor = Math.floor(raised);
  return Math.abs(raised - floor - 0.5) > trusted ? -1 : floor;
}

/** The whole number of steps by the fraction: what `nearestSteps` leaves open. */
export function exactSteps(amount: number, leg: PriceLeg): number {
  return Number(divideRounded(BigInt(amount) * leg.numerator, leg.denominator, leg.rounding));
}

/** Steps of an amount, whichever way. */
export function stepsOf(amount: number, leg: PriceLeg, trusted: number): number {
  const near = nearestSteps(amount, leg.rate, trusted);
  return near < 0 ? exactSteps(amount, leg) : near;
}

/** See `feeOf`. */
export const TEN_THOUSANDTH = 1e-4;

/**
 * A share of an amount, half up to one minor unit: exact for amounts up to `LARGEST` and rates
 * below 10,000 as long as `amount * bps` stays below 2^52, which `checkFeeRange` sees to. The
 * double nearest to 1/10,000 is a little above it, by less than half a unit of the last place, so
 * a product that should be whole is whole, and one that should not stays below the next.
 */
export function feeOf(amount: number, bps: number): number {
  return Math.floor((amount * bps + 5_000) * TEN_THOUSANDTH);
}

/** Refuses amounts of which a fee would not be exact. */
export function checkFeeRange(most: number, bps: number): void {
  invariant(
    Number.isInteger(bps) && bps >= 0 && bps < 10_000 && most * bps < 2 ** 52,
    `a fee of ${String(bps)} basis points of up to ${String(most)} minor units is not exact`,
  );
}
