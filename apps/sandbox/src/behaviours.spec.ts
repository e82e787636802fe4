import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';
import {
  CUSTOMER_BEHAVIOURS,
  FLAKY,
  REFUND_BEHAVIOURS,
  STORE_BEHAVIOURS,
  customerBehaviour,
  refundBehaviour,
  storeBehaviour,
  type Behaviour,
} from './behaviours.js';

/**
 * Goal: whoever writes a trouble into an id gets that trouble, and finds it in the documentation
 * with the code it answers. Method: the tables against the functions and against the page.
 */
describe('behaviours', () => {
  it('go by the end of an id and are the same every time', () => {
    expect(customerBehaviour('cus_somchai', 'r', 's').ending).toBe('paid');
    expect(customerBehaviour('cus_somchai_risk', 'r', 's').code).toBe('RISK_REJECT');
    expect(customerBehaviour('CUS-RISK', 'r', 's').code).toBe('RISK_REJECT');
    expect(customerBehaviour('cus_constructor', 'r', 's').ending).toBe('paid');
    expect(refundBehaviour('cus_ana_refundfail').ending).toBe('refused');
    expect(refundBehaviour('cus_ana_insufficient').ending).toBe('paid');
    expect(customerBehaviour('cus_ana_refundfail', 'r', 's').ending).toBe('paid');
    expect(storeBehaviour('sto_a_pushfail', '').ending).toBe('refused');
    expect(storeBehaviour('sto_a', 'T_pushfail').ending).toBe('refused');
  });

  it('draw flaky endings from seed and request alone, near their odds', () => {
    const draw = (seed: string) =>
      Array.from({ length: 2000 }, (_, n) => customerBehaviour('cus_flaky', `r${String(n)}`, seed));
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
    const plain = draw('a').filter((b) => b.ending === 'paid' && b.late !== true && !b.spoil);
    // 60 in 100 pay plainly; three standard deviations of 2,000 draws are 3.3 points.
    expect(plain.length / 2000).toBeGreaterThan(0.56);
    expect(plain.length / 2000).toBeLessThan(0.64);
  });

  it('are all on the page that documents them, and no others', async () => {
    const page = await readFile(join(projectRoot, 'docs', 'sandbox.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `…_(\w+)` +\| (.*?) *\|$/gm)];
    const documented = new Map(rows.map(([, name = '', text = '']) => [name, text]));
    const tables: Record<string, Behaviour> = {
      ...CUSTOMER_BEHAVIOURS,
      ...STORE_BEHAVIOURS,
      ...REFUND_BEHAVIOURS,
    };
    const names = [...Object.keys(tables).filter((name) => name !== 'ok'), FLAKY];
    expect([...documented.keys()].sort()).toEqual(names.sort());
    for (const [name, { code }] of Object.entries(tables)) {
      if (code !== undefined) expect(documented.get(name)).toContain(`\`${code}\``);
    }
  });
});
