import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { projectRoot } from '#platform/project-root';
import { VERBS } from './verbs.js';
import type { Verb } from './verbs.js';

/**
 * What a shell sees: 0 done, 1 a fault or a negative finding, 2 the command was not understood;
 * an explained fault may say more precisely, e.g. 3 for a scenario that is not valid.
 */
const EXIT_FAULT = 1;
const EXIT_USAGE = 2;

/**
 * A fault whose message alone tells a person what to do; it is shown in one line, without a
 * stack. Recognised by name, so that modules need not import the command line to throw one.
 */
function isExplained(error: unknown): error is Error & { readonly exitCode?: number } {
  return error instanceof Error && error.name === 'ExplainedError';
}

function describe(error: unknown): string {
  if (isExplained(error)) return error.message;
  if (error instanceof Error) {
    return process.env['LOG_LEVEL'] === 'debug' ? (error.stack ?? error.message) : error.message;
  }
  return String(error);
}

/** The verb to load: the first argument that is no option, or the one `help` asks about. */
function chosenVerb(args: readonly string[], verbs: readonly Verb[]): Verb | undefined {
  const words = args.filter((word) => !word.startsWith('-'));
  const name = words[0] === 'help' ? words[1] : words[0];
  return verbs.find((verb) => verb.name === name);
}

async function buildProgram(args: readonly string[], verbs: readonly Verb[]): Promise<Command> {
  const program = new Command('wayfare')
    .description('A cross-border wallet interoperability hub that really runs')
    .version(versionOf(), '--version', 'print the version')
    .exitOverride()
    .showSuggestionAfterError(true)
    .showHelpAfterError('(wayfare --help lists the verbs)');
  const chosen = chosenVerb(args, verbs);
  for (const verb of verbs) {
    if (verb === chosen) await verb.load(program);
    else program.command(verb.name).summary(verb.summary).description(verb.summary);
  }
  return program;
}

function versionOf(): string {
  const text = readFileSync(join(projectRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Subcommands do not inherit `exitOverride`: without it they end the process by themselves. */
function returnInsteadOfExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(returnInsteadOfExit);
}

/**
 * Runs one command line and returns the exit code; a verb may set `process.exitCode` itself to
 * report a negative finding.
 *
 * @param args the words after `wayfare`
 */
export async function run(
  args: readonly string[],
  verbs: readonly Verb[] = VERBS,
): Promise<number> {
  try {
    const program = await buildProgram(args, verbs);
    returnInsteadOfExit(program);
    if (args.length === 0) {
      program.outputHelp();
      return 0;
    }
    if (args[0] === 'help' && args[1] !== undefined && chosenVerb(args, verbs) === undefined) {
      // Commander would print the whole list and leave out what was wrong.
      await program.parseAsync([args[1]], { from: 'user' });
    }
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    process.stderr.write(`wayfare: ${describe(error)}\n`);
    return isExplained(error) ? (error.exitCode ?? EXIT_FAULT) : EXIT_FAULT;
  }
}
