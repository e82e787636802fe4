import { capsChange, type CapsChange } from '#contracts/operator/caps';
import type { FieldProvenance } from '#contracts/operator/network';
import { formatMoney, money } from '#domain/money';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { exposureKeyOf, gatherExposures, openExposures, type Exposure } from '#ledger';
import { CLOCK, type Clock } from '#platform/clock';
import { Approvals, type Actors, type Effect } from '#platform/operators/index';
import { WalletRepository, type WalletRecord, type WalletVersion } from '#wallets';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** The name under which a change of caps is proposed. */
export const CAPS_CHANGE = 'caps.change';

/**
 * How much a wallet may owe decides how much the hub can lose, so no person changes it alone. The
 * wallet gets a new version of its terms and its exposure account the same figures, together.
 */
@Injectable()
export class ChangeCaps implements OnModuleInit {
  constructor(
    @Inject(Approvals) private readonly approvals: Approvals,
    @Inject(WalletRepository) private readonly wallets: WalletRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.approvals.register(CAPS_CHANGE, {
      scope: 'caps:write',
      schema: capsChange,
      subject: ({ participantId }) => participantId,
      describe,
      check: (tx, change) => this.check(tx, change),
      execute: (tx, change, actors) => this.execute(tx, change, actors),
    });
  }

  private async check(tx: EntityManager, change: CapsChange): Promise<Outcome<WalletRecord>> {
    const { participantId } = change;
    const wallet = await this.wallets.findCurrent(tx, participantId);
    if (wallet === undefined) {
      return rejected('WALLET_UNKNOWN', `There is no wallet ${participantId}.`, 'participantId');
    }
    if (wallet.currency !== change.currency) {
      const detail = `${participantId} owes in ${wallet.currency}, not ${change.currency}.`;
      return rejected('PARAM_ILLEGAL', detail, 'currency');
    }
    if (wallet.version !== change.replacesVersion) {
      return rejected(
        'PRECONDITION_FAILED',
        `${participantId} has version ${String(wallet.version)} of its terms by now, not ${String(change.replacesVersion)}; propose the change anew.`,
      );
    }
    return accepted(wallet);
  }

  private async execute(
    tx: EntityManager,
    change: CapsChange,
    { approvalId }: Actors,
  ): Promise<Outcome<Effect>> {
    const checked = await this.check(tx, change);
    if (!checked.ok) return checked;
    const wallet = checked.value;
    const { id, currency } = wallet;
    const key = { participantId: id, currency };
    const exposure = (await gatherExposures(tx, [key])).get(exposureKeyOf(key));
    const cap = minorOf(change.netDebitCap, wallet.netDebitCap.minor);
    // Cover that came in since, by a deposit, stays unless it is what is changed.
    const prefund = minorOf(change.prefund, exposure?.prefund ?? wallet.prefund.minor);
    const asOf = new Date(this.clock.nowMs()).toISOString().slice(0, 10);
    const source = { source: `operator, ${approvalId}`, asOf, quality: 'rule' as const };
    const added = await this.wallets.insertVersions(tx, [nextVersion(wallet, change, source)]);
    if (added !== 1) {
      const detail = `The terms of ${id} were changed at the same moment; propose the change anew.`;
      return rejected('PRECONDITION_FAILED', detail);
    }
    await openExposures(tx, [{ ...key, cap, prefund }]);
    return accepted({
      before: {
        version: wallet.version,
        ...coverOf(exposure, wallet.netDebitCap.minor, wallet.prefund.minor),
      },
      after: { version: wallet.version + 1, ...coverOf(undefined, cap, prefund) },
    });
  }
}

/** The wallet's terms with the change in them, and where the changed figures come from. */
function nextVersion(
  { effectiveFrom: _before, ...wallet }: WalletRecord,
  change: CapsChange,
  source: FieldProvenance[string],
): WalletVersion {
  return {
    ...wallet,
    version: wallet.version + 1,
    netDebitCap: money(wallet.currency, minorOf(change.netDebitCap, wallet.netDebitCap.minor)),
    prefund: money(wallet.currency, minorOf(change.prefund, wallet.prefund.minor)),
    provenance: {
      ...wallet.provenance,
      ...(change.netDebitCap === undefined ? {} : { netDebitCap: source }),
      ...(change.prefund === undefined ? {} : { prefund: source }),
    },
  };
}

function minorOf(wished: string | undefined, current: bigint): bigint {
  return wished === undefined ? current : BigInt(wished);
}

function coverOf(
  exposure: Exposure | undefined,
  cap: bigint,
  prefund: bigint,
): Record<'netDebitCap' | 'prefund', string> {
  return {
    netDebitCap: (exposure?.cap ?? cap).toString(),
    prefund: (exposure?.prefund ?? prefund).toString(),
  };
}

function describe(change: CapsChange): string {
  const shown = (minor: string): string => formatMoney(money(change.currency, BigInt(minor)));
  const parts = [
    ...(change.netDebitCap === undefined ? [] : [`net debit cap to ${shown(change.netDebitCap)}`]),
    ...(change.prefund === undefined ? [] : [`prefund to ${shown(change.prefund)}`]),
  ];
  const version = String(change.replacesVersion);
  return `Set ${parts.join(' and ')} for ${change.participantId}, in place of its terms of version ${version}.`;
}
