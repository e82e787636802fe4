import { explainScenarioFile } from '#scenarios';
import type { Assumption, Explanation } from '#scenarios';
import { paintFor } from '../paint.js';
import { givenScenario } from './given-scenario.js';

interface ExplainOptions {
  readonly all?: boolean;
  readonly json?: boolean;
  readonly set: readonly string[];
}

/** Prints what a scenario assumes: first what it says otherwise than the one it extends. */
export function explainScenario(nameOrPath: string, options: ExplainOptions): void {
  const explanation = explainScenarioFile(nameOrPath, givenScenario(options.set));
  if (options.json === true) {
    print(JSON.stringify(explanation, null, 2));
    return;
  }
  const paint = paintFor(process.stdout);
  print(paint('bold', explanation.title));
  if (explanation.description !== '') print(wrapped(explanation.description, ''));
  const differs = explanation.assumptions.filter((one) => one.differs && one.used);
  section(`What differs from ${explanation.extends}`, differs);
  const others = explanation.assumptions.filter((one) => !one.differs || !one.used);
  for (const group of new Set(others.map((one) => one.group))) {
    const mine = others.filter((one) => one.group === group);
    const shown = options.all === true ? mine : mine.filter(({ used }) => used);
    section(group, shown);
    if (shown.length < mine.length && shown.length > 0) {
      const more = String(mine.length - shown.length);
      print(paint('dim', `  and ${more} that this scenario does not use; --all tells them`));
    }
  }
  sources(explanation, options.all === true);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function section(title: string, assumptions: readonly Assumption[]): void {
  if (assumptions.length === 0) return;
  const paint = paintFor(process.stdout);
  print(`\n${paint('bold', title)}`);
  assumptions.forEach((assumption, i) => {
    print(wrapped(assumption.sentence, '  '));
    const reason = reasonOf(assumption);
    const next = assumptions[i + 1];
    if (reason !== '' && (next === undefined || reasonOf(next) !== reason)) {
      print(paint('dim', wrapped(reason, '      ')));
    }
  });
}

/** Where a figure is from, said once below all that share it. */
function reasonOf({ figure }: Assumption): string {
  if (figure === null) return '';
  const quality = figure.quality === 'fictional' ? 'what if' : figure.quality.replaceAll('_', ' ');
  if (figure.source === undefined) return `${quality}: ${figure.because ?? ''}`;
  const why = figure.because === undefined ? '' : `: ${figure.because}`;
  return `${quality}, ${figure.source}${why}`;
}

function sources({ assumptions, sources: all }: Explanation, withUnused: boolean): void {
  const cited = all.filter(({ id }) =>
    assumptions.some(({ figure, used }) => (used || withUnused) && figure?.source === id),
  );
  if (cited.length === 0) return;
  print(`\n${paintFor(process.stdout)('bold', 'Sources')}`);
  for (const { id, what, asOf, url } of cited) {
    print(wrapped(`${id} (${asOf}): ${what}`, '  '));
    if (url !== null) print(`      ${url}`);
  }
}

const WIDTH = 96;

/** Breaks a text into lines that begin with an indent; what follows hangs two more. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length + 1 > WIDTH && line.trim() !== '') {
      lines.push(line);
      line = `${indent}${indent === '' ? '' : '  '}`;
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}
