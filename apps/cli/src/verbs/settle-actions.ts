import { writeFile } from 'node:fs/promises';
import { proofOfFile, type NettingProofFile } from '#contracts/netting-proof';
import type { ObligationView } from '#contracts/operator/settlement';
import { formatMoney, money } from '#domain/money';
import type { ModelFigure } from '#domain/netting/net-flows';
import { systemClock } from '#platform/clock';
import { ExplainedError } from '#platform/explained-error';
import { randomIds } from '#platform/id-source';
import { createLogger } from '#platform/telemetry/logger';
import { findRun, listObligationsOfCycle, readLiquidity, SettlementRuns } from '#settlement';
import type { DataSource } from 'typeorm';
import { withDatabase } from '../database.js';
import { givenPath } from '../given-path.js';
import { table, widthFor } from '../story/table.js';
import { tellVerdict, verdictOf } from './settle-check-action.js';

/** The proof of a cycle; one that is final and not netted yet is netted now. */
export async function proofOfCycle(
  dataSource: DataSource,
  cycleId: string,
): Promise<NettingProofFile> {
  const find = () => findRun(dataSource.manager, cycleId);
  let run = await find();
  if (run === undefined || run.proof === null) {
    const [cycle] = await dataSource.query<{ state: string; kind: string }[]>(
      'SELECT state, kind FROM cycles WHERE id = $1',
      [cycleId],
    );
    if (cycle === undefined || cycle.kind === 'settlement') {
      throw new ExplainedError(
        `there is no clearing cycle ${cycleId}; \`wayfare cycles\` lists them`,
      );
    }
    if (cycle.state !== 'final') {
      throw new ExplainedError(`${cycleId} is ${cycle.state}; a cycle is netted once it is final`);
    }
    const log = createLogger({ name: 'settle', level: 'silent' });
    await new SettlementRuns(dataSource, randomIds(), systemClock, log).runDue();
    run = await find();
  }
  if (run !== undefined && run.proof !== null) return run.proof;
  throw new ExplainedError(
    `${cycleId} cannot be netted: ${run?.fault ?? 'another process is at it'}`,
  );
}

/** @returns whether the proof holds */
export async function proveCycle(
  cycleId: string,
  options: { readonly json?: boolean; readonly out?: string },
): Promise<boolean> {
  const proof = await withDatabase((dataSource) => proofOfCycle(dataSource, cycleId));
  const verdict = verdictOf(proof);
  const text = `${JSON.stringify(proof, null, 2)}\n`;
  if (options.out !== undefined) await writeFile(givenPath(options.out), text);
  if (options.json === true) {
    print(text.trimEnd());
    return verdict.ok;
  }
  print(`${proof.cycle.id}, final since ${proof.cycle.finalAt}`);
  print(
    `${String(proof.books.length)} accounts, ${String(proof.sources.rawLines.lines)} lines summed ` +
      `beside their running totals, ${String(proof.obligations.length)} obligations`,
  );
  print('');
  for (const line of comparison(proof)) print(line);
  print('');
  for (const line of tellVerdict(verdict)) print(line);
  print(`hash ${proof.hash}`);
  if (proof.ledgerHead !== null) {
    print(`ledger head ${proof.ledgerHead.hash}, block ${String(proof.ledgerHead.block)}`);
  }
  if (options.out !== undefined) print(`written to ${options.out}`);
  return verdict.ok;
}

export async function compareModels(cycleId: string, json: boolean): Promise<void> {
  const proof = await withDatabase((dataSource) => proofOfCycle(dataSource, cycleId));
  if (json) print(JSON.stringify({ cycle: proof.cycle.id, models: proof.models }, null, 2));
  else for (const line of comparison(proof)) print(line);
}

function comparison(file: NettingProofFile): string[] {
  const { models } = proofOfFile(file);
  if (models.length === 0) return ['Nothing moved in this cycle.'];
  const cell = (currency: string, figure: ModelFigure): string =>
    `${formatMoney(money(currency, figure.minor))} in ${String(figure.transfers)}`;
  const percent = (bps: bigint): string => `${(Number(bps) / 100).toFixed(1)} %`;
  const rows = models.map((model) => [
    model.currency,
    cell(model.currency, model.gross),
    cell(model.currency, model.bilateral),
    cell(model.currency, model.multilateral),
    `${percent(model.bilateralSavedBps)}, ${percent(model.multilateralSavedBps)}`,
    formatMoney(money(model.currency, model.hub)),
  ]);
  return table([['', 'gross', 'bilateral', 'multilateral', 'saved', 'hub'], ...rows]);
}

export async function showObligations(cycleId: string, json: boolean): Promise<void> {
  const obligations = await withDatabase(async (dataSource) => {
    await proofOfCycle(dataSource, cycleId);
    return listObligationsOfCycle(dataSource.manager, cycleId);
  });
  if (json) {
    print(JSON.stringify({ cycle: cycleId, obligations }, null, 2));
    return;
  }
  if (obligations.length === 0) print('Nobody owes anything for this cycle.');
  const rows = obligations.map((o) => [
    o.participant,
    o.role,
    wordOf(o),
    o.amount.text,
    o.state,
    o.valueDate ?? '–',
    o.settled.text,
    o.reason,
  ]);
  const head = ['participant', 'as', '', 'amount', 'state', 'value date', 'settled', 'why'];
  for (const line of table([head, ...rows], { width: widthFor(process.stdout) })) print(line);
}

function wordOf({ direction }: ObligationView): string {
  switch (direction) {
    case 'paysHub':
      return 'pays';
    case 'receives':
      return 'receives';
    case 'nothing':
      return 'nothing';
  }
}

export async function showLiquidity(json: boolean): Promise<void> {
  const view = await withDatabase((dataSource) => readLiquidity(dataSource.manager));
  if (json) {
    print(JSON.stringify(view, null, 2));
    return;
  }
  const rows = view.participants.map((p) => [
    p.participant,
    p.cap.text,
    p.prefund.text,
    p.used.text,
    p.headroom.text,
    p.expected?.text ?? '–',
    p.state,
  ]);
  const head = ['participant', 'cap', 'prefund', 'used', 'left', 'next cycle', ''];
  for (const line of table([head, ...rows], { width: widthFor(process.stdout) })) print(line);
  const { rule, days, errorBps } = view.forecast;
  const error = errorBps === null ? 'nothing to compare yet' : `${(errorBps / 100).toFixed(1)} %`;
  print(`Next cycle: ${rule} Error over ${String(days)} past days: ${error}.`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
