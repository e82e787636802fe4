import { basename, dirname, join, relative, sep } from 'node:path';
import { SCENARIO_SCHEMA_PATH } from './json-schema.js';
import { projectRoot } from '#platform/project-root';
import { shippedNames } from './shipped-scenarios.js';

/**
 * A commented scenario file to start from: it changes nothing yet, and every line a person may
 * want is there behind a `#`.
 *
 * @param name of the scenario, lower case words joined by hyphens
 * @param parent the scenario it changes
 * @param path where the file will lie, so that its schema can be named from there
 */
export function startFileText(
  name: string,
  parent: {
    readonly name: string;
    readonly period: { readonly from: string; readonly to: string };
  },
  extended: string,
  path: string,
): string {
  const schema = relative(dirname(path), join(projectRoot, SCENARIO_SCHEMA_PATH));
  const { from, to } = parent.period;
  return `# yaml-language-server: $schema=${schema.split(sep).join('/')}
#
# A scenario that changes another one. Take the # away from the lines you want and put your own
# figures in. Units are in the key names: percent are written 8, not 0.08, and basis points 150.
#
#   wayfare sim check ${basename(path)}      is it valid? every fault, with its line and what to do
#   wayfare sim explain ${basename(path)}    what it assumes, in sentences
#   wayfare sim run ${basename(path)}        play it
#   wayfare sim compare ${extended} ${basename(path)}    what the change is worth
wayfareScenario: 1
name: ${name}
title: ${titleOf(name)}
description: >
  What is asked, and why.

# Everything not said here is as in this scenario. Shipped:
# ${wrappedNames()}
extends: ${extended}

${suggestions(from, to)}`;
}

/** One line of each kind a person may want, behind a `#`. */
function suggestions(from: string, to: string): string {
  return `# period: { from: ${from}, to: ${to} }

# A figure says where it is from: a source, an address or an id of data/demand/sources.jsonl, or
# because, the assumption in one sentence. A range makes it uncertain: 95 times of 100 within.
# visitors:
#   growthPercentPerYear:
#     value: 5
#     range: { low: -3, high: 12 }
#     because: What the airlines have announced for the winter
#
# acceptance:
#   growthPercentPerYear: { value: 10, because: One tenth more merchants a year }
#
# wallets:
#   joining:
#     # A list replaces that of the scenario above; add: keeps it and adds to it.
#     add:
#       - id: my_wallet
#         name: My Wallet
#         origin: TH
#         currency: THB
#         joins: ${from}
#         wishPercent:
#           value: 3
#           range: { low: 1, high: 6 }
#           because: A third of what the largest wallet has
#         cannibalisationPercent:
#           value: 40
#           range: { low: 20, high: 60 }
#           because: Every second of its users has another wallet of the network
#         destinations: [JP]
#
# fees:
#   mdrBps: { value: 150, because: The question }
#
# settlement:
#   cyclesPerDay: 2
#   netting: bilateral
#
# shocks:
#   add:
#     - kind: rate
#       currency: JPY
#       percent: { value: -8, because: The question }
#       from: ${from}
#       to: ${to}
`;
}

function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`.padEnd(3, '.');
}

function wrappedNames(): string {
  const lines: string[] = [''];
  for (const name of shippedNames()) {
    const line = lines.at(-1) ?? '';
    const longer = line === '' ? name : `${line}, ${name}`;
    if (longer.length > 90) lines.push(name);
    else lines[lines.length - 1] = longer;
  }
  return lines.join(',\n# ');
}
