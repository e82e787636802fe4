import { Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** Publishes what grows silently until somebody asks for it: breaks, late money, filling caps. */
export function measureObligations(registry: Registry, dataSource: DataSource): void {
  const registers = [registry];
  new Gauge({
    name: 'wayfare_breaks_open',
    help: 'Differences between partners’ files and the books that nobody has ended, by owner.',
    labelNames: ['owner'],
    registers,
    async collect() {
      const rows = await dataSource.query<{ owner: string; n: number }[]>(
        `SELECT o.owner, count(b.id)::integer AS n
         FROM unnest(ARRAY['wallet', 'acquirer', 'hub']) AS o(owner)
         LEFT JOIN recon_breaks b ON b.owner = o.owner AND b.ended_at IS NULL
         GROUP BY o.owner`,
      );
      for (const { owner, n } of rows) this.set({ owner }, n);
    },
  });
  new Gauge({
    name: 'wayfare_settlement_overdue_days',
    help: 'Days since the value date of the oldest obligation that is not settled; 0 when none is late.',
    registers,
    async collect() {
      const [row] = await dataSource.query<{ days: number }[]>(
        `SELECT greatest(coalesce(max((hub_clock() AT TIME ZONE 'UTC')::date - value_date), 0), 0)
                  AS days
         FROM obligations WHERE state IN ('due', 'partly', 'failed')`,
      );
      this.set(row?.days ?? 0);
    },
  });
  new Gauge({
    name: 'wayfare_exposure_used_ratio',
    help: 'What a participant owes or may come to owe, as a part of its cap and cover.',
    labelNames: ['participant', 'currency'],
    registers,
    async collect() {
      // A ratio for the eye and an alarm, nothing is decided by it.
      const rows = await dataSource.query<
        { participant: string; currency: string; used: number }[]
      >(
        `SELECT participant_id AS participant, currency,
                coalesce((reserved + outstanding) / nullif(cap + prefund, 0)::float8,
                         CASE WHEN reserved + outstanding > 0 THEN 1 ELSE 0 END)::float8 AS used
         FROM exposures`,
      );
      this.reset();
      for (const { participant, currency, used } of rows) this.set({ participant, currency }, used);
    },
  });
}
