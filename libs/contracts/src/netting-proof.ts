import { z } from 'zod';
import type { CurrencyNetting } from '#domain/netting/net-flows';
import type { NettingProof } from '#domain/netting/netting-proof';

/** Version of the proof's form; a reader refuses one it does not know. */
export const PROOF_SCHEMA = 'wayfare.netting-proof/1';

const minor = z.string().regex(/^-?(0|[1-9]\d{0,18})$/, 'is not an amount in minor units');
const currency = z.string().regex(/^[A-Z]{3}$/, 'is not a currency code');
const id = z.string().min(1).max(64);
const count = z.int().min(0);
const figure = z.object({ transfers: count, minor });

/** A proof as a file: amounts are digit strings in minor units, debits (owed to the hub) positive. */
export const nettingProofFile = z
  .object({
    schema: z.literal(PROOF_SCHEMA),
    cycle: z.object({
      id,
      kind: z.string(),
      startsAt: z.string(),
      endsAt: z.string(),
      finalAt: z.string(),
    }),
    flows: z.array(
      z.object({
        participant: id,
        counterparty: id,
        currency,
        counterCurrency: currency,
        pays: minor,
        receives: minor,
        items: count,
      }),
    ),
    books: z.array(z.object({ owner: id, account: id, currency, of: currency.nullable(), minor })),
    models: z.array(
      z.object({
        currency,
        gross: figure,
        bilateral: figure,
        multilateral: figure,
        positions: z.array(z.object({ participant: id, minor })),
        hub: minor,
        bilateralSavedBps: minor,
        multilateralSavedBps: minor,
      }),
    ),
    obligations: z.array(
      z.object({
        participant: id,
        role: z.enum(['wallet', 'acquirer', 'lossShare']),
        currency,
        own: minor,
        carriedIn: minor,
        minor,
        minimum: minor,
        state: z.enum(['due', 'carried', 'held', 'settled']),
        valueDate: z.iso.date().nullable(),
        currencies: z.array(currency).min(1).max(2),
        reason: z.string(),
      }),
    ),
    sources: z.object({
      runningTotals: z.string().describe('How the books above were read'),
      rawLines: z.object({ lines: count, agree: z.boolean() }),
    }),
    ledgerHead: z
      .object({ block: count, hash: z.string() })
      .nullable()
      .describe('Head of the sealed journal when the cycle was netted, where it is sealed'),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
  })
  .meta({ title: 'NettingProof' });

export type NettingProofFile = z.infer<typeof nettingProofFile>;
type ProofBody = Omit<NettingProofFile, 'hash'>;

/** The exact text whose SHA-256 is the proof's hash: keys in order, no spaces, no `hash`. */
export function canonicalProofText(proof: ProofBody): string {
  return JSON.stringify(proof, (key, value: unknown) => {
    if (key === 'hash') return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** The proof as the rules compute with it. */
export function proofOfFile(file: NettingProofFile): NettingProof {
  return {
    cycle: file.cycle.id,
    flows: file.flows.map((flow) => ({
      ...flow,
      pays: BigInt(flow.pays),
      receives: BigInt(flow.receives),
    })),
    books: file.books.map((total) => ({ ...total, minor: BigInt(total.minor) })),
    models: file.models.map((model): CurrencyNetting => ({
      currency: model.currency,
      gross: figureOf(model.gross),
      bilateral: figureOf(model.bilateral),
      multilateral: figureOf(model.multilateral),
      positions: model.positions.map((position) => ({
        ...position,
        minor: BigInt(position.minor),
      })),
      hub: BigInt(model.hub),
      bilateralSavedBps: BigInt(model.bilateralSavedBps),
      multilateralSavedBps: BigInt(model.multilateralSavedBps),
    })),
    obligations: file.obligations.map((obligation) => ({
      ...obligation,
      own: BigInt(obligation.own),
      carriedIn: BigInt(obligation.carriedIn),
      minor: BigInt(obligation.minor),
      minimum: BigInt(obligation.minimum),
    })),
  };
}

function figureOf({ transfers, minor: text }: { transfers: number; minor: string }) {
  return { transfers, minor: BigInt(text) };
}
