import { hashOfDocument, hashOfScenario } from './content-hash.js';
import { productVersion } from './product-version.js';
import { playRun } from './run-scenario.js';
import { shippedParts } from './shipped-parts.js';

export { hashOfDocument, hashOfScenario, playRun, productVersion, shippedParts };

/** What a run is played with. */
export interface RunMachinery {
  readonly hashOfDocument: typeof hashOfDocument;
  readonly hashOfScenario: typeof hashOfScenario;
  readonly playRun: typeof playRun;
  readonly productVersion: typeof productVersion;
  readonly shippedParts: typeof shippedParts;
}
