import type { AccountKind, AccountRef } from '#domain/journal';
import { AccountBook, dailyCycleAt, ensureCycles } from '#ledger';
import type { DataSource } from 'typeorm';

/** How payments spread over the acquirers. */
export type Skew = 'even' | 'hot';

const WALLETS = 60;
const ACQUIRERS = 12;
/** Of a hot load, the share that falls on one acquirer. */
export const HOT_SHARE = 0.7;
export const LINES_PER_ENTRY = 11;

const CURRENCIES = ['THB', 'KRW', 'PHP', 'MYR', 'IDR', 'HKD'];
const HUB_ACCOUNTS: readonly AccountKind[] = [
  'fxPosition',
  'fxMargin',
  'schemeFeeWallet',
  'schemeFeeAcquirer',
  'rounding',
];

/**
 * Fills the outbox with payments of the shape that the payment path stages: eleven lines, the
 * wallet's currency, the acquirer's, and the dollar equivalents of both positions. Made by the
 * server itself, since what is measured begins with a full outbox.
 */
export async function fillOutbox(
  dataSource: DataSource,
  entries: number,
  skew: Skew,
): Promise<void> {
  const nowMs = Date.now();
  await ensureCycles(dataSource.manager, nowMs, 2);
  const accounts = await openAccounts(dataSource);
  await dataSource.query(
    `INSERT INTO staged_entries
       (entry_id, event, kind, payment_id, cycle_id, trace_id, account_ids, amounts)
     SELECT 'ent_' || id, 'pay_' || id || ':paymentCleared', 'paymentCleared', 'pay_' || id, $2,
            md5(id),
            ARRAY[w.receivable, w.hub[1], w.hub[2], w.hub[3], a.payable, y.hub[1], y.hub[4],
                  y.hub[5], w.mirror, y.mirror, y.difference],
            ARRAY[28000 + n % 9000, -27830 - n % 9000, -140, -30, -120000 - n % 7000,
                  120031 + n % 7000, -30, -1, 812 + n % 90, -810 - n % 90, -2]::bigint[]
     FROM (SELECT n, lpad(n::text, 26, '0') AS id,
                  CASE WHEN $3 AND hashint8(n) & 1023 < $4 THEN 1
                       ELSE 1 + (hashint8(n + 7) & 65535) % ${String(ACQUIRERS)} END AS acquirer,
                  1 + (hashint8(n + 3) & 65535) % ${String(WALLETS)} AS wallet
           FROM generate_series(1, $1::bigint) n) e
     JOIN jsonb_to_recordset($5::jsonb) AS w(no int, receivable int, hub int[], mirror int)
       ON w.no = e.wallet
     JOIN jsonb_to_recordset($6::jsonb) AS a(no int, payable int) ON a.no = e.acquirer
     CROSS JOIN jsonb_to_recordset($7::jsonb) AS y(hub int[], mirror int, difference int)
     ORDER BY n`,
    [
      entries,
      dailyCycleAt(nowMs).id,
      skew === 'hot',
      Math.round(HOT_SHARE * 1024),
      JSON.stringify(accounts.wallets),
      JSON.stringify(accounts.acquirers),
      JSON.stringify([accounts.yen]),
    ],
  );
  await dataSource.query('VACUUM ANALYZE staged_entries');
  await dataSource.query('CHECKPOINT');
}

async function openAccounts(dataSource: DataSource) {
  const book = new AccountBook();
  const idOf = async (ref: AccountRef): Promise<number> => {
    const [id = 0] = await book.resolve(dataSource.manager, [ref]);
    return id;
  };
  const ofHub = async (currency: string) => ({
    hub: await Promise.all(HUB_ACCOUNTS.map((kind) => idOf({ owner: 'hub', kind, currency }))),
    mirror: await idOf({ owner: 'hub', kind: 'fxPositionUsd', currency: 'USD', of: currency }),
  });
  const wallets = [];
  for (let no = 1; no <= WALLETS; no++) {
    const currency = CURRENCIES[no % CURRENCIES.length] ?? 'THB';
    const owner = `wal_${String(no)}`;
    const receivable = await idOf({ owner, kind: 'walletReceivable', currency });
    wallets.push({ no, receivable, ...(await ofHub(currency)) });
  }
  const acquirers = [];
  for (let no = 1; no <= ACQUIRERS; no++) {
    const owner = `acq_${String(no)}`;
    acquirers.push({
      no,
      payable: await idOf({ owner, kind: 'acquirerPayable', currency: 'JPY' }),
    });
  }
  const difference = await idOf({
    owner: 'hub',
    kind: 'interchangeFxDifference',
    currency: 'USD',
  });
  return { wallets, acquirers, yen: { ...(await ofHub('JPY')), difference } };
}
