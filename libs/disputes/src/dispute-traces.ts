import type { PaymentId } from '#domain/ids';
import type { PayerTraces } from '#payments';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DisputeRepository } from './dispute-repository.js';

/** What disputes keep about a payer: the evidence of both sides, and the wallet's own words. */
@Injectable()
export class DisputeTraces implements PayerTraces {
  constructor(private readonly disputes: DisputeRepository) {}

  countOpen(tx: EntityManager, payments: readonly PaymentId[]): Promise<number> {
    return this.disputes.countOpen(tx, payments);
  }

  forget(tx: EntityManager, payments: readonly PaymentId[]): Promise<void> {
    return this.disputes.forgetWords(tx, payments);
  }
}
