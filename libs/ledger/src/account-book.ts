import type { AccountRef } from '#domain/journal';
import { invariant } from '#domain/invariant';
import type { EntityManager } from 'typeorm';

interface AccountRow {
  readonly id: number;
  readonly owner: string;
  readonly kind: string;
  readonly currency: string;
  readonly of: string | null;
  readonly committed: boolean;
}

/** Accounts compare by their four names. */
export function accountKeyOf(ref: AccountRef): string {
  return `${ref.owner}|${ref.kind}|${ref.currency}|${ref.of ?? ''}`;
}

const FIND = `
  SELECT a.id, a.owner, a.kind, a.currency, a.of,
         a.opened_xid IS DISTINCT FROM pg_current_xact_id_if_assigned() AS committed
  FROM accounts a
  JOIN unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS r(owner, kind, currency, of)
    ON a.owner = r.owner AND a.kind = r.kind AND a.currency = r.currency
   AND a.of IS NOT DISTINCT FROM r.of`;

const OPEN = `
  INSERT INTO accounts (owner, kind, currency, of)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS r(owner, kind, currency, of)
  ORDER BY 1, 2, 3, 4
  ON CONFLICT DO NOTHING`;

/**
 * Knows the numbers of accounts, so that the payment path stages integers and posting joins
 * nothing. An account is opened by its first use and never changes or goes away, hence the cache
 * needs no expiry.
 *
 * Call `resolve` with the ids you will need *before* your transaction (pass
 * `dataSource.manager`): opening an account inside a long transaction is correct, yet others that
 * open the same account then wait for it. An account that this very transaction opened is not
 * cached, because a rollback would take it away.
 */
export class AccountBook {
  private readonly ids = new Map<string, number>();

  /**
   * Numbers of the accounts, in the order asked, opening those that do not exist.
   *
   * @param tx the caller's transaction, or a manager outside any
   */
  async resolve(tx: EntityManager, refs: readonly AccountRef[]): Promise<number[]> {
    const known = refs.map((ref) => this.ids.get(accountKeyOf(ref)));
    if (!known.includes(undefined)) return known as number[];
    const missing = new Map<string, AccountRef>();
    for (const ref of refs) {
      const key = accountKeyOf(ref);
      if (!this.ids.has(key)) missing.set(key, ref);
    }
    let found = await this.find(tx, [...missing.values()]);
    const unopened = [...missing].filter(([key]) => !found.has(key)).map(([, ref]) => ref);
    if (unopened.length > 0) {
      await tx.query(OPEN, columnsOf(unopened));
      found = await this.find(tx, [...missing.values()]);
    }
    return refs.map((ref) => {
      const key = accountKeyOf(ref);
      const id = this.ids.get(key) ?? found.get(key);
      invariant(id !== undefined, `account ${key} was opened and not found`);
      return id;
    });
  }

  private async find(
    tx: EntityManager,
    refs: readonly AccountRef[],
  ): Promise<ReadonlyMap<string, number>> {
    const rows = await tx.query<AccountRow[]>(FIND, columnsOf(refs));
    const found = new Map<string, number>();
    for (const row of rows) {
      const key = `${row.owner}|${row.kind}|${row.currency}|${row.of ?? ''}`;
      found.set(key, row.id);
      if (row.committed) this.ids.set(key, row.id);
    }
    return found;
  }
}

function columnsOf(refs: readonly AccountRef[]): (string | null)[][] {
  return [
    refs.map((ref) => ref.owner),
    refs.map((ref) => ref.kind),
    refs.map((ref) => ref.currency),
    refs.map((ref) => ref.of ?? null),
  ];
}
