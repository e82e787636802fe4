import { listShippedScenarios } from '#scenarios';

/** Prints the shipped scenarios, what changes another one below it. */
export function listScenarios(json: boolean): void {
  const scenarios = listShippedScenarios();
  if (json) {
    process.stdout.write(`${JSON.stringify({ scenarios }, null, 2)}\n`);
    return;
  }
  const depth = new Map<string, number>();
  const rows = scenarios.map(({ name, title, extends: parent }) => {
    const level = parent === null ? 0 : (depth.get(parent) ?? 0) + 1;
    depth.set(name, level);
    return { label: `${'  '.repeat(level)}${name}`, title };
  });
  const width = Math.max(...rows.map(({ label }) => label.length));
  for (const { label, title } of rows) {
    process.stdout.write(`  ${label.padEnd(width)}  ${title}\n`);
  }
  process.stderr.write('\nwayfare sim explain <name> tells what one assumes.\n');
}
