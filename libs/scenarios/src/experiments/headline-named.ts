import { ExplainedError } from '#platform/explained-error';
import { HEADLINES, headlineOf, type HeadlineDefinition } from '#simulation/answers/headlines';
import { nearestName } from '../scenario-files/nearest-name.js';

const EXIT_USAGE = 2;

/**
 * The headline that a person named, or the way to the one that was meant.
 *
 * @throws ExplainedError with exit code 2
 */
export function headlineNamed(id: string): HeadlineDefinition {
  const found = headlineOf(id);
  if (found !== undefined) return found;
  const known = HEADLINES.map((headline) => headline.id);
  const near = nearestName(id, known);
  const hint = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
  throw new ExplainedError(`there is no headline ${id}; ${hint}`, { exitCode: EXIT_USAGE });
}
