import { defaultOrder } from '#contracts/operator/settlement';
import { accepted } from '#domain/rejection';
import { LedgerModule } from '#ledger';
import { Approvals } from '#platform/operators/index';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { DefaultDesk } from './default-desk.js';
import { FilesApiModule } from './files/index.js';
import { SettlementCorrections } from './settlement-corrections.js';
import { SettlementDesksModule } from './settlement.module.js';
import { SettlementController } from './settlement.controller.js';
import { SettlementOrdersController } from './settlement-orders.controller.js';

/** The name under which a default is proposed. */
export const DECLARE_DEFAULT = 'settlement.default';

/** Settlement over the operator API. A default takes two persons: others pay for it. */
@Module({
  imports: [LedgerModule, SettlementDesksModule, FilesApiModule],
  controllers: [SettlementController, SettlementOrdersController],
  providers: [SettlementCorrections],
})
export class SettlementApiModule implements OnModuleInit {
  constructor(
    @Inject(Approvals) private readonly approvals: Approvals,
    @Inject(DefaultDesk) private readonly defaults: DefaultDesk,
  ) {}

  onModuleInit(): void {
    this.approvals.register(DECLARE_DEFAULT, {
      scope: 'settlement:write',
      schema: defaultOrder,
      subject: ({ participantId }) => participantId,
      describe: ({ participantId, reason }) =>
        `Declare ${participantId} in default (${reason}): its prefund, what the hub owes it, the ` +
        "hub's capital and then the other participants bear what it has not paid.",
      check: (tx, { participantId }) => this.defaults.check(tx, participantId),
      execute: async (tx, order, { proposer, approver }) => {
        const by = `${proposer} and ${approver}`;
        const declared = await this.defaults.declare(tx, { ...order, by });
        if (!declared.ok) return declared;
        const { id, layers } = declared.value;
        const losses = layers.map(({ currency, lossMinor }) => `${currency} ${lossMinor}`);
        return accepted({ before: null, after: { default: id, losses } });
      },
    });
  }
}
