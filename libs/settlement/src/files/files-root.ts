import { join } from 'node:path';

/** Where files for participants are kept; what is below has the scheme's own folders. */
export function filesRootOf(dataDir: string): string {
  return join(dataDir, 'files');
}
