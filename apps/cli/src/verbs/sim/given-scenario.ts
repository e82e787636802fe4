import type { LoadOptions } from '#scenarios';
import { givenPath } from '../../given-path.js';

/** How a scenario named on the command line is found: beside the person who typed it. */
export function givenScenario(set: readonly string[] | undefined): LoadOptions {
  return { folder: givenPath('.'), set: set ?? [] };
}
