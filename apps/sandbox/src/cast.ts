import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A wallet as its own operator knows it. */
export interface CastWallet {
  readonly id: string;
  readonly name: string;
  readonly homeMarket: string;
  readonly currency: string;
  /** What every customer starts with, in minor units. */
  readonly openingBalance: bigint;
}

export interface CastStore {
  readonly id: string;
  readonly name: string;
  readonly terminalId: string;
  /** Printed codes: a scheme and the template children that name the store in it. */
  readonly codes: readonly {
    readonly scheme: string;
    readonly identifiers: Readonly<Record<string, string>>;
  }[];
}

export interface CastMerchant {
  readonly id: string;
  readonly name: string;
  readonly mcc: string;
  readonly city: string;
  readonly currency: string;
  readonly stores: readonly CastStore[];
}

export interface CastAcquirer {
  readonly id: string;
  readonly name: string;
  readonly market: string;
  readonly currency: string;
  readonly settlementCurrency: string;
  readonly orderCodePrefix: string;
  readonly merchants: readonly CastMerchant[];
}

/** Everybody the sandbox plays. */
export interface Cast {
  readonly wallets: readonly CastWallet[];
  readonly acquirers: readonly CastAcquirer[];
}

/** Whose keys are made first, because demonstrations open with them. */
export const NAMED_PARTNERS: readonly string[] = ['truemoney', 'acq_kamogawa'];

const figure = z.union([z.string(), z.number()]).transform(BigInt);
const money = z.union([figure, z.object({ minor: figure }).transform(({ minor }) => minor)]);

// Only what a partner would know of itself; other columns are the hub's business.
const walletLine = z.object({
  id: z.string(),
  name: z.string(),
  homeMarket: z.string(),
  currency: z.string(),
  perDayLimit: money,
});
const acquirerLine = z.object({
  id: z.string(),
  name: z.string(),
  market: z.string(),
  currency: z.string(),
  settlementCurrency: z.string(),
  orderCodePrefix: z.string(),
});
const storeLine = z.object({
  id: z.string(),
  name: z.string(),
  terminalId: z.string().default(''),
  codes: z
    .array(z.object({ scheme: z.string(), identifiers: z.record(z.string(), z.string()) }))
    .default([]),
});
const merchantLine = z.object({
  id: z.string(),
  acquirer: z.string(),
  name: z.string(),
  mcc: z.string(),
  city: z.string(),
  currency: z.string(),
  stores: z.array(storeLine),
});

/** Days of a full daily limit that a customer can pay before the money is gone. */
const OPENING_DAYS = 10n;

/** Reads the shipped network; the sandbox plays everybody in it. */
export async function readCast(dataDir: string): Promise<Cast> {
  const folder = join(dataDir, 'network');
  const [wallets, acquirers, merchants] = await Promise.all([
    readLines(join(folder, 'wallets.jsonl'), walletLine),
    readLines(join(folder, 'acquirers.jsonl'), acquirerLine),
    readLines(join(folder, 'merchants.jsonl'), merchantLine),
  ]);
  const byAcquirer = new Map<string, CastMerchant[]>();
  for (const { acquirer, ...merchant } of merchants) {
    const others = byAcquirer.get(acquirer);
    if (others === undefined) byAcquirer.set(acquirer, [merchant]);
    else others.push(merchant);
  }
  return {
    wallets: wallets.map(({ perDayLimit, ...wallet }) => ({
      ...wallet,
      openingBalance: perDayLimit * OPENING_DAYS,
    })),
    acquirers: acquirers.map((acquirer) => ({
      ...acquirer,
      merchants: byAcquirer.get(acquirer.id) ?? [],
    })),
  };
}

async function readLines<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const parsed = schema.safeParse(JSON.parse(line));
    if (parsed.success) return [parsed.data];
    throw new Error(`${path} line ${index + 1}: ${z.prettifyError(parsed.error)}`);
  });
}
