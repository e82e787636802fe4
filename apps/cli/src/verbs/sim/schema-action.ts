export function printScenarioSchema(): void {
  process.stdout.write('{}\n');
}
