/*
 * Goal: no alarm is silent because its metric does not exist, and every alarm is told of in the
 * pages. Method: the rules are parsed and compared with what a live hub that clears publishes, its
 * labels too; a planted dead letter and a paused stage raise their figures.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';
import { parse } from 'yaml';
import { GuardedHub } from '../operators/guarded-hub.js';

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string };
    }[];
  }[];
}

const FILE = join(projectRoot, 'deploy/prometheus/wayfare.rules.yml');
const rules = (parse(readFileSync(FILE, 'utf8')) as Rules).groups.flatMap((group) => group.rules);

it('has well-formed rules, each with a name of its own and told of in the pages', () => {
  expect(rules.length).toBeGreaterThan(8);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  const page = readFileSync(join(projectRoot, 'docs/operations.md'), 'utf8');
  for (const { alert, labels, annotations } of rules) {
    expect(['page', 'ticket']).toContain(labels.severity);
    expect(annotations.summary).not.toBe('');
    expect(page).toContain(`\`${alert}\``);
  }
});

it('asks for metrics and labels that a hub publishes', async () => {
  const hub = await GuardedHub.open({ WORKERS_INLINE: 'yes' });
  try {
    const url = await hub.app.getUrl();
    const scrape = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
    const { dataSource } = hub.database;
    await dataSource.query(
      `INSERT INTO settlement_runs (cycle_id, due_at, attempts, fault)
       SELECT id, now(), 1, 'planted' FROM cycles LIMIT 1`,
    );
    const body = { reason: 'a test' };
    await hub.ask('POST /api/queues/posting/pause', { key: hub.rootKey, body });
    const text = await scrape();
    const known = new Set([...text.matchAll(/^# TYPE (wayfare_\w+)/gm)].map(([, name]) => name));
    for (const { alert, expr } of rules) {
      const asked = [...expr.matchAll(/\bwayfare_\w+/g)].map(([name]) => name);
      expect({ alert, asked: asked.length > 0 }).toEqual({ alert, asked: true });
      expect({ alert, unknown: asked.filter((name) => !known.has(name)) }).toEqual({
        alert,
        unknown: [],
      });
      const [, by] = /by \(([^)]*)\)/.exec(expr) ?? [];
      const help = new RegExp(`^${asked[0] ?? ''}{([^}]*)}`, 'm').exec(text)?.[1];
      // Without any row yet a metric shows no labels; then there is nothing to compare.
      if (by === undefined || help === undefined) continue;
      for (const label of by.split(', '))
        expect({ alert, help }).toMatchObject({
          help: expect.stringContaining(`${label}="`) as string,
        });
    }
    expect(text).toMatch(/^wayfare_dead_letters{kind="netting",part="hub"} 1$/m);
    expect(text).toMatch(/^wayfare_dead_letters{kind="entry",part="hub"} 0$/m);
    expect(text).toMatch(/^wayfare_queue_stopped{stage="posting",part="hub"} 1$/m);
    expect(text).toMatch(/^wayfare_queue_stopped{stage="relay",part="hub"} 0$/m);
    expect(text).toMatch(/^wayfare_exposure_used_ratio{participant="truemoney",[^}]*} 0$/m);
  } finally {
    await hub.close();
  }
}, 60_000);
