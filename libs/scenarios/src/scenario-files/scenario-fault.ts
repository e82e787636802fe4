/** A place in the files of a scenario, or on the command line. */
export interface Place {
  /** As a person named it: a path, a shipped name, or `--set`. */
  readonly file: string;
  /** From 1; null where there is none, as on the command line. */
  readonly line: number | null;
  readonly column: number | null;
}

/** Something wrong with a scenario: where it is, and what to do about it. */
export interface ScenarioFault {
  readonly at: Place;
  /** RFC 6901, e.g. `/fees/mdrBps`; empty for the whole file. */
  readonly pointer: string;
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** RFC 6901. */
export function pointerOf(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** One line: `file:line:column /pointer: what to do`. */
export function faultLine({ at, pointer, message }: ScenarioFault): string {
  const position = at.line === null ? '' : `:${String(at.line)}:${String(at.column ?? 1)}`;
  return `${at.file}${position}${pointer === '' ? '' : ` ${pointer}`}: ${message}`;
}
