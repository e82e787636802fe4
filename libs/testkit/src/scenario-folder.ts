import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What every scenario opens with; the body of one begins on line 4. */
export const HEAD = 'wayfareScenario: 1\nname: mine\ntitle: My plan\n';
/** The same with a parent; the body begins on line 5. */
export const CHILD = `${HEAD}extends: thailand-japan\n`;

/** A figure as a file writes it, with a reason that nobody reads. */
export const figure = (value: number | string): string =>
  `{ value: ${String(value)}, because: a test says so }`;

export interface ScenarioFolder {
  /** Absolute; there while tests run. */
  readonly path: string;
  /** @returns the name, to be read by */
  readonly write: (name: string, text: string) => string;
}

/** A folder for the scenario files that the tests of a file write, gone when they are over. */
export function scenarioFolder(): ScenarioFolder {
  let path = '';
  beforeAll(() => {
    path = mkdtempSync(join(tmpdir(), 'wayfare-scenarios-'));
  });
  afterAll(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return {
    get path() {
      return path;
    },
    write(name, text) {
      writeFileSync(join(path, name), text);
      return name;
    },
  };
}
