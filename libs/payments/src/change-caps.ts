import { AcquirerRepository, type AcquirerRecord } from '#acquirers';
import { capsChange, type CapsChange } from '#contracts/operator/caps';
import type { FieldProvenance } from '#contracts/operator/network';
import { formatMoney, money, type Money } from '#domain/money';
import { accepted, rejected, type Outcome } from '#domain/rejection';
import { exposureKeyOf, gatherExposures, openExposures } from '#ledger';
import { CLOCK, type Clock } from '#platform/clock';
import { Approvals, type Actors, type Effect } from '#platform/operators/index';
import { WalletRepository, type WalletRecord } from '#wallets';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** The name under which a change of caps is proposed. */
export const CAPS_CHANGE = 'caps.change';

/** Whose exposure is limited, and in which currency. */
export type CappedParty =
  | { readonly kind: 'wallet'; readonly currency: string; readonly record: WalletRecord }
  | { readonly kind: 'acquirer'; readonly currency: string; readonly record: AcquirerRecord };

type Source = FieldProvenance[string];

/**
 * How much a participant may owe decides how much the hub can lose, so no person changes it alone.
 * The participant gets a new version of its terms and its exposure account the same figures,
 * together.
 */
@Injectable()
export class ChangeCaps implements OnModuleInit {
  constructor(
    @Inject(Approvals) private readonly approvals: Approvals,
    @Inject(WalletRepository) private readonly wallets: WalletRepository,
    @Inject(AcquirerRepository) private readonly acquirers: AcquirerRepository,
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

  async find(tx: EntityManager, participantId: string): Promise<CappedParty | undefined> {
    const wallet = await this.wallets.findCurrent(tx, participantId);
    if (wallet !== undefined) {
      return { kind: 'wallet', currency: wallet.currency, record: wallet };
    }
    const acquirer = await this.acquirers.findCurrent(tx, participantId);
    if (acquirer === undefined) return undefined;
    return { kind: 'acquirer', currency: acquirer.settlementCurrency, record: acquirer };
  }

  private async check(tx: EntityManager, change: CapsChange): Promise<Outcome<CappedParty>> {
    const { participantId } = change;
    const party = await this.find(tx, participantId);
    if (party === undefined) {
      const detail = `There is no participant ${participantId} in the network.`;
      return rejected('NOT_FOUND', detail, 'participantId');
    }
    const foreign = foreignTerm(party, change);
    if (foreign !== undefined) {
      const detail = `${participantId} is ${party.kind === 'wallet' ? 'a wallet' : 'an acquirer'}, which has no ${foreign}.`;
      return rejected('PARAM_ILLEGAL', detail, foreign);
    }
    if (party.currency !== change.currency) {
      const detail = `${participantId} owes in ${party.currency}, not ${change.currency}.`;
      return rejected('PARAM_ILLEGAL', detail, 'currency');
    }
    if (party.record.version !== change.replacesVersion) {
      return rejected(
        'PRECONDITION_FAILED',
        `${participantId} has version ${String(party.record.version)} of its terms by now, not ${String(change.replacesVersion)}; propose the change anew.`,
      );
    }
    return accepted(party);
  }

  private async execute(
    tx: EntityManager,
    change: CapsChange,
    { approvalId }: Actors,
  ): Promise<Outcome<Effect>> {
    const checked = await this.check(tx, change);
    if (!checked.ok) return checked;
    const party = checked.value;
    const { id, version } = party.record;
    const asOf = new Date(this.clock.nowMs()).toISOString().slice(0, 10);
    const added = await this.addVersion(tx, party, change, {
      source: `operator, ${approvalId}`,
      asOf,
      quality: 'rule',
    });
    if (added !== 1) {
      const detail = `The terms of ${id} were changed at the same moment; propose the change anew.`;
      return rejected('PRECONDITION_FAILED', detail);
    }
    const key = { participantId: id, currency: party.currency };
    const exposure = (await gatherExposures(tx, [key])).get(exposureKeyOf(key));
    const before = exposure ?? { cap: capOf(party).minor, prefund: prefundOf(party) };
    const after = {
      cap: minorOf(change.netDebitCap ?? change.refundCap, before.cap),
      // Cover that came in since, by a deposit, stays unless it is what is changed.
      prefund: minorOf(change.prefund, before.prefund),
    };
    await openExposures(tx, [{ ...key, ...after }]);
    const shown = (terms: typeof after, of: number): Record<string, unknown> => ({
      version: of,
      currency: party.currency,
      cap: terms.cap.toString(),
      prefund: terms.prefund.toString(),
    });
    return accepted({ before: shown(before, version), after: shown(after, version + 1) });
  }

  /** The terms with the change in them, and where the changed figures come from. */
  private addVersion(
    tx: EntityManager,
    party: CappedParty,
    change: CapsChange,
    source: Source,
  ): Promise<number> {
    const changed = (current: Money, wished: string | undefined): Money =>
      money(current.currency, minorOf(wished, current.minor));
    const sources = Object.fromEntries(
      (['netDebitCap', 'prefund', 'refundCap'] as const)
        .filter((term) => change[term] !== undefined)
        .map((term) => [term, source]),
    );
    if (party.kind === 'wallet') {
      const { effectiveFrom: _before, ...wallet } = party.record;
      const next = {
        ...wallet,
        version: wallet.version + 1,
        netDebitCap: changed(wallet.netDebitCap, change.netDebitCap),
        prefund: changed(wallet.prefund, change.prefund),
        provenance: { ...wallet.provenance, ...sources },
      };
      return this.wallets.insertVersions(tx, [next]);
    }
    const { effectiveFrom: _before, ...acquirer } = party.record;
    const next = {
      ...acquirer,
      version: acquirer.version + 1,
      refundCap: changed(acquirer.refundCap, change.refundCap),
      provenance: { ...acquirer.provenance, ...sources },
    };
    return this.acquirers.insertVersions(tx, [next]);
  }
}

function foreignTerm(party: CappedParty, change: CapsChange): keyof CapsChange | undefined {
  const foreign =
    party.kind === 'wallet' ? (['refundCap'] as const) : (['netDebitCap', 'prefund'] as const);
  return foreign.find((term) => change[term] !== undefined);
}

function capOf(party: CappedParty): Money {
  return party.kind === 'wallet' ? party.record.netDebitCap : party.record.refundCap;
}

function prefundOf(party: CappedParty): bigint {
  return party.kind === 'wallet' ? party.record.prefund.minor : 0n;
}

function minorOf(wished: string | undefined, current: bigint): bigint {
  return wished === undefined ? current : BigInt(wished);
}

const TERM_NAMES = {
  netDebitCap: 'net debit cap',
  prefund: 'prefund',
  refundCap: 'refund cap',
} as const;

function describe(change: CapsChange): string {
  const parts = (Object.keys(TERM_NAMES) as (keyof typeof TERM_NAMES)[]).flatMap((term) => {
    const minor = change[term];
    if (minor === undefined) return [];
    return [`${TERM_NAMES[term]} to ${formatMoney(money(change.currency, BigInt(minor)))}`];
  });
  const version = String(change.replacesVersion);
  return `Set ${parts.join(' and ')} for ${change.participantId}, in place of its terms of version ${version}.`;
}
