/**
 * Goal: the ISO 20022 file that the page shows is what the product writes, and a right one.
 * Method: write it anew, compare it with the committed file, read it back.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIsoFile } from '#platform/iso20022/read-iso-file';
import { projectRoot } from '#platform/project-root';
import { isoExample } from './iso-example.js';

it('docs/examples/pacs.008.xml is fresh (npm run generate), and reads back', () => {
  const committed = readFileSync(join(projectRoot, 'docs/examples/pacs.008.xml'), 'utf8');
  expect(committed).toBe(isoExample());
  expect(readIsoFile(committed)).toMatchObject({
    ok: true,
    value: {
      header: { to: { id: 'truemoney' } },
      message: {
        name: 'pacs.008.001.08',
        // 1200 × 0.203034216868 = 243.641…
        body: {
          total: { currency: 'THB', minor: 24_364n },
          transactions: [{ exchangeRate: '0.2030342169' }],
        },
      },
    },
  });
});
