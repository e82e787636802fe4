import type { PaymentId } from '#domain/ids';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** What a feature above payments keeps about the payers of payments. */
export interface PayerTraces {
  /** How many of its own matters about these payments are under way: those still need the words. */
  readonly countOpen: (tx: EntityManager, payments: readonly PaymentId[]) => Promise<number>;
  /** Removes what may name the payer of these payments. */
  readonly forget: (tx: EntityManager, payments: readonly PaymentId[]) => Promise<void>;
}

/**
 * Payments know nothing of the features built upon them, and yet a payer who is to be forgotten
 * must be forgotten by all: so each of them enters here, when it starts, what it keeps.
 */
@Injectable()
export class KnownPayerTraces {
  private readonly known: PayerTraces[] = [];

  add(traces: PayerTraces): void {
    this.known.push(traces);
  }

  all(): readonly PayerTraces[] {
    return this.known;
  }
}
