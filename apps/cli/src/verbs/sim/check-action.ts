import { ExplainedError } from '#platform/explained-error';

export function checkScenario(
  scenario: string,
  options: { readonly json?: boolean; readonly set?: readonly string[] },
): void {
  throw new ExplainedError(`${scenario}: not yet (${JSON.stringify(options)})`);
}
