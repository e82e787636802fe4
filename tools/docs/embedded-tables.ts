import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PUBLISHED_DUTY_POLICY } from '#domain/payments/duty';
import { REFUND_GAPS_MS } from '#domain/refunds/refund-timetable';
import { PARTNER_RESULTS, PROBLEMS, type RejectionCode } from '#domain/rejection';
import { SETTINGS } from '#platform/config';
import { projectRoot } from '#platform/project-root';
import { EXPORT_TABLES } from '#scenarios';
import { CHECKS } from '#verification';
import {
  CUSTOMER_BEHAVIOURS,
  FLAKY,
  REFUND_BEHAVIOURS,
  STORE_BEHAVIOURS,
  type Behaviour,
} from '../../apps/sandbox/src/behaviours.js';
import { markdownTable } from './markdown-table.js';

/**
 * Tables that pages show and the program owns. They stand between two comments, so that the prose
 * around them is written by people and the facts by the program.
 */
const TABLES: Readonly<Record<string, () => string>> = {
  settings: () =>
    markdownTable(
      ['Setting', 'Default', 'Meaning'],
      Object.entries(SETTINGS).map(([name, setting]) => [
        `\`${name}\``,
        'standard' in setting ? `\`${setting.standard}\`` : '',
        setting.about,
      ]),
    ),
  invariants: () =>
    markdownTable(
      ['Check', 'What must hold'],
      CHECKS.map(({ name, why }) => [`\`${name}\``, why]),
    ),
  'result-codes': () =>
    markdownTable(
      ['`resultCode`', 'Why'],
      [...causesByPartnerCode()].map(([code, causes]) => [`\`${code}\``, causes.join('; ')]),
    ),
  'customer-behaviours': () =>
    behaviourTable('Customer', CUSTOMER_BEHAVIOURS, [
      [`\`…_${FLAKY}\``, 'Drawn anew for every payment, from the seed and the request id.', 'any'],
    ]),
  'refund-behaviours': () => behaviourTable('Customer', REFUND_BEHAVIOURS),
  'store-behaviours': () => behaviourTable('Store, or terminal', STORE_BEHAVIOURS),
  'simulation-dictionary': () =>
    markdownTable(
      ['Table', 'One row for each', 'Columns'],
      EXPORT_TABLES.map(({ id, means, oneRowPer, columns }) => [
        `\`${id}\``,
        `${oneRowPer}. ${means}`,
        columns.map(({ name }) => `\`${name}\``).join(' '),
      ]),
    ),
  timetables: () => {
    const { inquiryGapsMs, cancelGapsMs, notifyGapsMs } = PUBLISHED_DUTY_POLICY;
    return markdownTable(
      ['What the hub repeats', 'Waits before each repeat', 'At the end'],
      [
        ['inquiry after U or silence', gapsText(inquiryGapsMs), 'the payment is cancelled'],
        ['cancel at the wallet', gapsText(cancelGapsMs), 'the last wait repeats until S'],
        ['refund at the wallet', gapsText(REFUND_GAPS_MS), 'the last wait repeats until S or F'],
        ['notification to the acquirer', gapsText(notifyGapsMs), 'the acquirer inquires'],
      ],
    );
  },
};

/** Pages with tables of the program's in them. */
export const PAGES_WITH_TABLES: readonly string[] = [
  'docs/operations.md',
  'docs/sandbox.md',
  'docs/simulation.md',
  'docs/wire.md',
];

function causesByPartnerCode(): Map<string, string[]> {
  const causes = new Map<string, string[]>();
  for (const code of Object.keys(PARTNER_RESULTS) as RejectionCode[]) {
    const { resultCode } = PARTNER_RESULTS[code];
    causes.set(resultCode, [...(causes.get(resultCode) ?? []), PROBLEMS[code].title]);
  }
  return causes;
}

function behaviourTable(
  whose: string,
  behaviours: Readonly<Record<string, Behaviour>>,
  more: readonly (readonly string[])[] = [],
): string {
  const rows = Object.entries(behaviours).map(([name, behaviour]) => [
    name === 'ok' ? 'any other' : `\`…_${name}\``,
    behaviour.about,
    answerText(behaviour),
  ]);
  return markdownTable([whose, 'What it does', 'What the hub hears'], [...rows, ...more]);
}

/** What comes back over the wire, first and at an inquiry. */
function answerText({ ending, code, late, lost, spoil }: Behaviour): string {
  if (lost === true) return 'nothing, then `ORDER_NOT_EXIST`';
  const final = ending === 'paid' ? 'S' : ending === 'refused' ? `F \`${code ?? ''}\`` : 'U';
  if (late === true) return `U, then ${final}`;
  if (spoil === undefined) return final;
  switch (spoil) {
    case 'badSignature':
      return `${final} with a wrong signature, then ${final}`;
    case 'dropConnection':
    case 'noAnswer':
      return `nothing, then ${final}`;
  }
}

function gapsText(gapsMs: readonly number[]): string {
  return gapsMs.map((gapMs) => durationText(gapMs)).join(', ');
}

function durationText(ms: number): string {
  if (ms % 3_600_000 === 0) return `${String(ms / 3_600_000)} h`;
  return ms % 60_000 === 0 ? `${String(ms / 60_000)} min` : `${String(ms / 1_000)} s`;
}

/**
 * The page with its tables as they should be.
 *
 * @throws when it names a table that nobody makes, or names none
 */
export function withTables(page: string): string {
  const path = join(projectRoot, page);
  let found = 0;
  const text = readFileSync(path, 'utf8').replace(
    /<!-- table: ([\w-]+) -->[^]*?<!-- end of table -->/g,
    (_whole, name: string) => {
      const table = TABLES[name];
      if (table === undefined) throw new Error(`${page} asks for a table ${name}`);
      found += 1;
      return `<!-- table: ${name} -->\n\n${table()}\n\n<!-- end of table -->`;
    },
  );
  if (found === 0) throw new Error(`${page} has no place for a table`);
  return text;
}
