import { readFile } from 'node:fs/promises';
import type { NettingProofFile } from '#contracts/netting-proof';
import { liquidityTraceFile, traceOfFile } from '#contracts/liquidity-trace';
import {
  QUEUE_ALGORITHMS,
  settleQueue,
  type LiquidityTrace,
  type QueuedTransfer,
  type QueueResult,
} from '#domain/liquidity/settle-queue';
import { formatMoney, money } from '#domain/money';
import { ExplainedError } from '#platform/explained-error';
import { givenPath } from '../given-path.js';
import { table } from '../story/table.js';

export interface QueueChoice {
  readonly json?: boolean;
  readonly cycle?: string;
  readonly trace?: string;
  readonly currency?: string;
  readonly liquidity: string;
}

const TELL_UNSETTLED = 5;

/** Settles one trace by every algorithm and prints the results side by side. */
export async function compareQueues(choice: QueueChoice): Promise<void> {
  const trace = await traceOf(choice);
  const results = QUEUE_ALGORITHMS.map((algorithm) => settleQueue(trace, algorithm));
  if (choice.json === true) {
    const shown = { currency: trace.currency, transfers: trace.transfers.length, results };
    const text = JSON.stringify(shown, (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    process.stdout.write(`${text}\n`);
    return;
  }
  const started = Object.values(trace.balances).reduce((sum, minor) => sum + minor, 0n);
  print(
    `${String(trace.transfers.length)} transfers of ${text(trace, sumOf(trace.transfers))}, ` +
      `${text(trace, started)} to pay them with`,
  );
  const rows = results.map((result) => rowOf(trace, result));
  const head = ['', 'settled', 'value', 'liquidity used', 'rounds', 'waited', 'unsettled'];
  for (const line of table([head, ...rows], { right: [1, 2, 3, 4, 5] })) print(line);
}

function rowOf(trace: LiquidityTrace, result: QueueResult): string[] {
  const first = result.unsettled.slice(0, TELL_UNSETTLED).join(' ');
  const more = result.unsettled.length > TELL_UNSETTLED ? ' …' : '';
  return [
    result.algorithm,
    String(result.settled),
    text(trace, result.settledMinor),
    text(trace, result.liquidityUsedMinor),
    String(result.rounds),
    String(result.waitedRounds),
    result.unsettled.length === 0
      ? 'nothing'
      : `${text(trace, result.unsettledMinor)}: ${first}${more}`,
  ];
}

async function traceOf(choice: QueueChoice): Promise<LiquidityTrace> {
  if (choice.trace !== undefined) return readTrace(choice.trace);
  if (choice.cycle === undefined) {
    throw new ExplainedError('name a --trace file or a --cycle');
  }
  if (!/^\d{1,5}$/.test(choice.liquidity)) {
    throw new ExplainedError('--liquidity takes basis points, e.g. 5000 for half of the net debit');
  }
  const { cycle } = choice;
  const [{ withDatabase }, { proofOfCycle }] = await Promise.all([
    import('../database.js'),
    import('./settle-actions.js'),
  ]);
  const proof = await withDatabase((dataSource) => proofOfCycle(dataSource, cycle));
  return traceOfProof(proof, choice.currency, BigInt(choice.liquidity));
}

async function readTrace(path: string): Promise<LiquidityTrace> {
  const content = await readFile(givenPath(path), 'utf8').catch(() => {
    throw new ExplainedError(`${path} cannot be read`);
  });
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    throw new ExplainedError(`${path} is not JSON`);
  }
  const parsed = liquidityTraceFile.safeParse(json);
  if (parsed.success) return traceOfFile(parsed.data);
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  throw new ExplainedError(`${path}: ${field} ${issue?.message ?? 'is not readable'}`);
}

/**
 * What each pair of participants moved in a cycle, before the hub steps between, as transfers that
 * all arrive at once. Each participant begins with a share of what it has to pay on balance.
 */
function traceOfProof(
  { cycle, flows }: NettingProofFile,
  wished: string | undefined,
  liquidityBps: bigint,
): LiquidityTrace {
  const currencies = [...new Set(flows.map((flow) => flow.currency))].sort();
  const currency = wished ?? (currencies.length === 1 ? currencies[0] : undefined);
  if (currency === undefined || !currencies.includes(currency)) {
    const list = currencies.length === 0 ? 'none' : currencies.join(', ');
    throw new ExplainedError(`name a --currency of ${cycle.id}: ${list}`);
  }
  const nets = new Map<string, bigint>();
  const transfers: QueuedTransfer[] = [];
  const add = (from: string, to: string, minor: bigint): void => {
    if (minor === 0n) return;
    const id = `${from}>${to}`;
    transfers.push({ id: `${id}#${String(transfers.length)}`, from, to, minor, arrives: 0 });
    nets.set(from, (nets.get(from) ?? 0n) + minor);
    nets.set(to, (nets.get(to) ?? 0n) - minor);
  };
  for (const flow of flows.filter((candidate) => candidate.currency === currency)) {
    add(flow.participant, flow.counterparty, BigInt(flow.pays));
    add(flow.counterparty, flow.participant, BigInt(flow.receives));
  }
  const balances = [...nets].map(([who, net]): [string, bigint] => {
    return [who, net > 0n ? (net * liquidityBps) / 10_000n : 0n];
  });
  return { currency, balances: Object.fromEntries(balances), transfers };
}

function sumOf(transfers: readonly QueuedTransfer[]): bigint {
  return transfers.reduce((sum, { minor }) => sum + minor, 0n);
}

function text({ currency }: LiquidityTrace, minor: bigint): string {
  return formatMoney(money(currency, minor));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
