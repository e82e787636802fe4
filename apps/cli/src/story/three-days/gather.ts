import type { settlementPaymentPage } from '#contracts/operator/settlement';
import type { CycleView } from '#contracts/operator/cycles';
import type { FxStatementView } from '#contracts/operator/fx-books';
import type { ObligationView } from '#contracts/operator/settlement';
import type { InvariantsReport } from '#contracts/operator/verification';
import type { NettingProofFile } from '#contracts/netting-proof';
import type { z } from 'zod';
import type { Rehearsal } from './rehearsal.js';
import { DATES, PLAYERS, type Happening } from './script.js';

type SettlementPaymentView = z.infer<typeof settlementPaymentPage>['items'][number];

interface AmountView {
  readonly currency: string;
  readonly value: string;
  readonly text: string;
}

/** One layer of a default's loss, as the API tells it. */
export interface DefaultView {
  readonly id: string;
  readonly participant: string;
  readonly declaredBy: string;
  readonly layers: readonly {
    readonly loss: AmountView;
    readonly prefund: AmountView;
    readonly receivables: AmountView;
    readonly hubCapital: AmountView;
    readonly survivors: readonly { readonly participant: string; readonly amount: AmountView }[];
    readonly residual: AmountView;
  }[];
}

/** A clearing cycle with what it came to. */
export interface CycleStory {
  readonly cycle: CycleView;
  readonly models: NettingProofFile['models'];
  readonly obligations: readonly ObligationView[];
  readonly proofHash: string;
}

/** Everything the three days leave behind; `--json` prints it as it is. */
export interface ThreeDaysStory {
  readonly simulated: true;
  readonly folder: string;
  readonly happenings: readonly Happening[];
  readonly cycles: readonly CycleStory[];
  readonly settlements: readonly SettlementPaymentView[];
  readonly defaults: readonly DefaultView[];
  readonly fx: readonly FxStatementView[];
  readonly ledgerHead: { readonly block: number; readonly hash: string } | null;
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
}

const TRADING_DAYS = [DATES.first, DATES.second, DATES.third];

/** Reads what the days came to, by the API that operators use. */
export async function gatherThreeDays(
  { operator, folder, until }: Rehearsal,
  happenings: readonly Happening[],
): Promise<ThreeDaysStory> {
  const cycles = await Promise.all(
    TRADING_DAYS.map(async (day): Promise<CycleStory> => {
      const id = `cyc_${day.replaceAll('-', '')}`;
      const [cycle, proof, { obligations }] = await Promise.all([
        operator.get<CycleView>(`/api/cycles/${id}`),
        operator.get<NettingProofFile>(`/api/cycles/${id}/proof`),
        operator.get<{ obligations: ObligationView[] }>(`/api/cycles/${id}/obligations`),
      ]);
      return { cycle, models: proof.models, obligations, proofHash: proof.hash };
    }),
  );
  const fx = await Promise.all(
    TRADING_DAYS.map((day) =>
      until(`the currency result of ${day}`, async () => {
        const statement = await operator.get<FxStatementView>(`/api/fx/pnl?day=${day}`);
        return statement.pending === 0 ? statement : undefined;
      }),
    ),
  );
  await until('the files of the last day', async () => {
    const { items } = await operator.get<{ items: { cycle: string }[] }>(
      `/api/participants/${PLAYERS.payer}/files?limit=200`,
    );
    return items.find(({ cycle }) => cycle === cycles.at(-1)?.cycle.id);
  });
  const { items: settlements } = await operator.get<{ items: SettlementPaymentView[] }>(
    '/api/settlements?limit=200',
  );
  const { defaults } = await operator.get<{ defaults: DefaultView[] }>('/api/defaults');
  const head = await operator.get<{ block: number; hash: string } | null>('/api/ledger/head');
  const { checks } = await operator.get<InvariantsReport>('/api/invariants');
  return {
    simulated: true,
    folder,
    happenings,
    cycles,
    settlements: settlements.toReversed(),
    defaults,
    fx,
    ledgerHead: head,
    checks: checks.map(({ name, ok }) => ({ name, ok })),
  };
}

/** Whether the days ended as they should: all settled or in default, and everything adds up. */
export function threeDaysEndedWell(story: ThreeDaysStory): boolean {
  const states = story.cycles.flatMap(({ obligations }) => obligations.map(({ state }) => state));
  return (
    states.length > 0 &&
    states.every((state) => ['settled', 'defaulted', 'carried'].includes(state)) &&
    story.defaults.length === 1 &&
    story.fx.every(({ tied }) => tied) &&
    story.checks.every(({ ok }) => ok)
  );
}
