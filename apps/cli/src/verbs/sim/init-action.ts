import { ExplainedError } from '#platform/explained-error';

export function initScenario(name: string, from: string): void {
  throw new ExplainedError(`${name} from ${from}: not yet`);
}
