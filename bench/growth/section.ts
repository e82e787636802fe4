import { count, ms, table } from '../report-words.js';
import type { Machine } from '../machine.js';
import type { GrowthFigures } from '../growth.js';

/** Of the empty one's rate, at least. */
const TARGET = '≥ 0.8';

/** It is measured by itself, so it says by itself where and when. */
export function growthSection(
  conditions: { readonly at: string; readonly loadBefore: number; readonly machine: Machine },
  growth: GrowthFigures,
): string {
  const { at, loadBefore, machine } = conditions;
  const { payments, cycles, templates, rounds, figures } = growth;
  const rates = table(
    [
      'Callers',
      'Payments/s, empty',
      `with ${count(payments)} cleared`,
      'Share',
      'Target',
      'p99, empty',
      'p99, grown',
      'Database CPU ms a payment: empty, grown',
    ],
    figures.map((figure) => [
      String(figure.callers),
      count(figure.emptyPerSecond),
      count(figure.grownPerSecond),
      (figure.grownPerSecond / figure.emptyPerSecond).toFixed(2),
      TARGET,
      ms(figure.emptyP99Ms),
      ms(figure.grownP99Ms),
      `${figure.emptyDatabaseCpuMs.toFixed(2)}, ${figure.grownDatabaseCpuMs.toFixed(2)}`,
    ]),
  );
  const sizes = table(
    ['Table', 'Rows', 'On disk, with indexes'],
    [
      ...growth.tables.map(({ table: name, rows, bytes }) => [name, count(rows), size(bytes)]),
      ['all of them', '', size(growth.databaseBytes)],
    ],
  );
  const words = [
    `Measured ${at} on ${machine.cpu}, ${String(machine.cores)} cores, ` +
      `${String(machine.memoryGb)} GB; other work per core before the run ${loadBefore.toFixed(2)}. ` +
      `Medians of ${String(rounds)} rounds, empty and grown in turns.`,
    `Filled with copies of ${count(templates)} real payments in ${String(cycles)} days, ` +
      `${count(payments / growth.fillSeconds)} a second; the hub had closed, numbered, netted and ` +
      `settled all days ${growth.settledSeconds.toFixed(0)} s after the last copy.`,
    `Errors: ${String(growth.failed)}. Large tables walked from end to end by the load: ` +
      `${growth.readWhole.length === 0 ? 'none' : growth.readWhole.join(', ')}. ` +
      `Invariants over the grown books: ${invariants(growth)}.`,
  ];
  return `## Growth\n\n${rates}\n\n${words.join('\n\n')}\n\n${sizes}`;
}

function invariants({ broken }: GrowthFigures): string {
  if (broken === undefined) return 'not checked here';
  return broken.length === 0 ? 'all hold' : `BROKEN ${broken.join('; ')}`;
}

function size(bytes: number): string {
  const gb = bytes / 2 ** 30;
  return gb >= 1 ? `${gb.toFixed(1)} GB` : `${(bytes / 2 ** 20).toFixed(0)} MB`;
}
