// Goal: the page about the life of a payment is the one the program would write now, and shows
// every move there is. Method: write it again; count what it draws against the table itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  PAYMENT_EVENTS,
  PAYMENT_STATES,
  PAYMENT_TRANSITIONS,
} from '#domain/payments/state-machine';
import { projectRoot } from '#platform/project-root';
import { paymentStatesPage } from './payment-states.js';

const page = readFileSync(join(projectRoot, 'docs/payment-states.md'), 'utf8');

describe('docs/payment-states.md', () => {
  it('is fresh: npm run generate would change nothing', () => {
    expect(page).toBe(paymentStatesPage());
  });

  it.each(PAYMENT_TRANSITIONS)('draws $from on $event', ({ from, event, to }) => {
    const arrow = page.split('\n').find((line) => line.startsWith(`    ${from} --> ${to}: `));
    expect(arrow?.split(': ')[1]?.split(', ')).toContain(event);
  });

  it.each([...Object.entries(PAYMENT_STATES), ...Object.entries(PAYMENT_EVENTS)])(
    'explains %s',
    (name, meaning) => {
      const rows = page.split('\n').filter((line) => line.startsWith(`| \`${name}\``));
      expect(rows).toHaveLength(1);
      expect(rows[0]).toContain(meaning);
    },
  );
});
