import { HEADLINES } from '#simulation/answers/headlines';
import { fold } from '../../story/table.js';

/** Narrow enough for any terminal. */
const WIDTH = 76;

/** The headlines by the ids that options take. */
export const HEADLINE_HELP = `
Headlines (docs/metrics.md says what each means):
${fold(HEADLINES.map(({ id }) => id).join(' '), WIDTH)
  .map((line) => `  ${line}`)
  .join('\n')}
`;
