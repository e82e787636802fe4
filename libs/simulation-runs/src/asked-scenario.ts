import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readScenario, shippedNames, type ReadScenario } from '#scenarios';

/** What was asked for, resolved; or every fault, each with its JSON pointer. */
export type AskedScenario =
  | { readonly ok: true; readonly scenario: Extract<ReadScenario, { ok: true }>['scenario'] }
  | { readonly ok: false; readonly faults: readonly { pointer: string; message: string }[] };

/**
 * Resolves a scenario that came over the wire. A document may extend what ships and nothing else:
 * a path would make the hub read its own disk for a stranger.
 */
export async function resolveAsked(
  asked: string | Readonly<Record<string, unknown>>,
  set: readonly string[],
): Promise<AskedScenario> {
  const names = shippedNames();
  if (typeof asked === 'string') {
    if (!names.includes(asked)) return { ok: false, faults: [unknownName('/scenario', asked)] };
    return judged(readScenario(asked, { set }));
  }
  const parent = asked['extends'];
  if (parent !== undefined && (typeof parent !== 'string' || !names.includes(parent))) {
    return { ok: false, faults: [unknownName('/scenario/extends', JSON.stringify(parent))] };
  }
  const folder = await mkdtemp(join(tmpdir(), 'wayfare-asked-'));
  try {
    const file = join(folder, 'scenario.json');
    await writeFile(file, JSON.stringify(asked, null, 2));
    return judged(readScenario(file, { set, folder }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function judged(read: ReadScenario): AskedScenario {
  if (read.ok) return { ok: true, scenario: read.scenario };
  const faults = read.faults.map((fault) => ({
    pointer: `/scenario${fault.pointer}`,
    message: fault.message,
  }));
  return { ok: false, faults };
}

function unknownName(pointer: string, name: string) {
  const message = `${name.slice(0, 64)} does not ship; give one of ${shippedNames().join(', ')}`;
  return { pointer, message };
}
