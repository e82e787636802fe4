import { createHash } from 'node:crypto';
import { canonicalProofText, PROOF_SCHEMA, type NettingProofFile } from '#contracts/netting-proof';
import type { BookTotal } from '#domain/netting/netting-proof';
import type { CurrencyNetting, PairFlow } from '#domain/netting/net-flows';
import { isoDate } from '#domain/rates/calendar-day';
import type { DecidedObligation } from '#domain/settlement/decide-obligations';
import type { LedgerHead } from '#ledger';

export interface ProofParts {
  readonly cycle: {
    readonly id: string;
    readonly kind: string;
    readonly starts_at: Date;
    readonly ends_at: Date;
    readonly final_at: Date;
  };
  readonly flows: readonly PairFlow[];
  readonly books: readonly BookTotal[];
  readonly models: readonly CurrencyNetting[];
  readonly obligations: readonly DecidedObligation[];
  readonly rawLines: { readonly lines: number; readonly agree: boolean };
  readonly head: LedgerHead | undefined;
}

/** The proof as it is stored and handed out, with the hash over all of it. */
export function proofFileOf(parts: ProofParts): NettingProofFile {
  const { cycle, head } = parts;
  const body = {
    schema: PROOF_SCHEMA,
    cycle: {
      id: cycle.id,
      kind: cycle.kind,
      startsAt: cycle.starts_at.toISOString(),
      endsAt: cycle.ends_at.toISOString(),
      finalAt: cycle.final_at.toISOString(),
    },
    flows: parts.flows.map((flow) => ({
      ...flow,
      pays: flow.pays.toString(),
      receives: flow.receives.toString(),
    })),
    books: parts.books.map(({ owner, account, currency, of, minor }) => ({
      owner,
      account,
      currency,
      of,
      minor: minor.toString(),
    })),
    models: parts.models.map(modelOf),
    obligations: parts.obligations.map(obligationOf),
    sources: {
      runningTotals: 'account_balances of the cycle',
      rawLines: { ...parts.rawLines },
    },
    ledgerHead: head === undefined ? null : { block: Number(head.blockNo), hash: head.hash },
  } satisfies Omit<NettingProofFile, 'hash'>;
  return { ...body, hash: hashOfProof(body) };
}

/** SHA-256 over the canonical text, lower-case hexadecimal. */
export function hashOfProof(body: Omit<NettingProofFile, 'hash'>): string {
  return createHash('sha256').update(canonicalProofText(body)).digest('hex');
}

function modelOf(model: CurrencyNetting): NettingProofFile['models'][number] {
  const figure = ({ transfers, minor }: CurrencyNetting['gross']) => ({
    transfers,
    minor: minor.toString(),
  });
  return {
    currency: model.currency,
    gross: figure(model.gross),
    bilateral: figure(model.bilateral),
    multilateral: figure(model.multilateral),
    positions: model.positions.map(({ participant, minor }) => ({
      participant,
      minor: minor.toString(),
    })),
    hub: model.hub.toString(),
    bilateralSavedBps: model.bilateralSavedBps.toString(),
    multilateralSavedBps: model.multilateralSavedBps.toString(),
  };
}

function obligationOf(obligation: DecidedObligation): NettingProofFile['obligations'][number] {
  return {
    participant: obligation.participantId,
    role: obligation.role,
    currency: obligation.currency,
    own: obligation.ownMinor.toString(),
    carriedIn: obligation.carriedInMinor.toString(),
    minor: obligation.minor.toString(),
    minimum: obligation.minimumMinor.toString(),
    state: obligation.state,
    valueDate: obligation.valueDate === null ? null : isoDate(obligation.valueDate.day),
    currencies: [...obligation.currencies],
    reason: obligation.reason,
  };
}
