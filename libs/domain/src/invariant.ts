/**
 * A broken invariant is a bug, never a business answer: it stops the command, the caller sees
 * an unknown result, and nothing catches it to go on. Expected refusals are `Rejection` values.
 */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/** The one place where the domain may throw. `message` says what should have held. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}
