/** Prints the shipped scenarios. */
export function listScenarios(json: boolean): void {
  process.stdout.write(json ? '{"scenarios":[]}\n' : '');
}
