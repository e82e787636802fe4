import { statSync } from 'node:fs';
import { ExplainedError } from '#platform/explained-error';
import { recomputeFolder } from '../files-recompute/recompute-folder.js';
import { givenPath } from '../given-path.js';

/** `wayfare files recompute`. @returns whether everything is as it computes */
export async function recompute(folder: string, json: boolean): Promise<boolean> {
  const path = givenPath(folder);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new ExplainedError(`${folder} is no folder`);
  }
  const result = await recomputeFolder(path);
  if (json) {
    print(JSON.stringify(result, null, 2));
    return result.ok;
  }
  for (const { file, line, column, problem } of result.findings) {
    print(line === 0 ? `${file}: ${problem}` : `${file}:${String(line)} ${column}: ${problem}`);
  }
  const more = result.count - result.findings.length;
  if (more > 0) print(`… and ${String(more)} more`);
  const { sets, files, transactions } = result;
  print(
    `${String(files)} files in ${String(sets)} sets, ${String(transactions)} transactions: ` +
      (result.ok ? 'everything computes.' : `${String(result.count)} differences.`),
  );
  return result.ok;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
