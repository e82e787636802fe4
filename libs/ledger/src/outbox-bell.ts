/**
 * Tells a relay in the same process that the outbox has something, so that a payment does not
 * wait for the next poll. Only a hint: a lost ring costs a poll interval, never an entry.
 */
export class OutboxBell {
  private readonly listeners = new Set<() => void>();

  /** Call after the commit of a transaction that staged entries. */
  ring(): void {
    for (const listener of this.listeners) listener();
  }

  /** @returns the way to stop listening */
  onRing(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
