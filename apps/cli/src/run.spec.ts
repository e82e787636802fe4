/**
 * Goal: the command line answers a person's slip at once and a script by exit code, and loads only
 * the verb that is asked for.
 * Method: run command lines over invented verbs, with both output streams collected; then have
 * every real verb register itself.
 */
import { Command } from 'commander';
import { captureStreams } from '#testkit/captured-streams';
import { run } from './run.js';
import { type Verb, VERBS } from './verbs.js';

const streams = captureStreams();
let loaded: string[];

class ExplainedError extends Error {
  override readonly name = 'ExplainedError';
}

function verb(name: string, action: () => void | Promise<void>): Verb {
  return {
    name,
    summary: `does ${name}`,
    load: (program) => {
      loaded.push(name);
      program.command(name).argument('[what]').option('--fast').action(action);
      return Promise.resolve();
    },
  };
}

const verbs: Verb[] = [
  verb('pay', () => void process.stdout.write('paid\n')),
  verb('fail', () => {
    throw new ExplainedError('the port is taken. Set PORT.');
  }),
  verb('find', () => {
    process.exitCode = 1;
  }),
];

beforeEach(() => {
  loaded = [];
});
describe('wayfare', () => {
  it('lists all verbs without loading any', async () => {
    for (const args of [[], ['--help'], ['help']]) {
      streams.data = '';
      expect(await run(args, verbs)).toBe(0);
      for (const { name, summary } of verbs)
        expect(streams.data).toMatch(new RegExp(`${name}.*${summary}`));
    }
    expect(loaded).toEqual([]);
  });

  it('loads and runs the one that is asked for', async () => {
    expect(await run(['pay', 'this', '--fast'], verbs)).toBe(0);
    expect(streams.data).toBe('paid\n');
    expect(streams.talk).toBe('');
    expect(loaded).toEqual(['pay']);
  });

  it.each([
    [['pya'], /unknown command 'pya'[^]*Did you mean pay\?/],
    [['pay', '--fsat'], /unknown option '--fsat'[^]*Did you mean --fast\?/],
    [['pay', 'a', 'b'], /too many arguments/],
  ])('tells what was not understood: %j', async (args, message) => {
    expect(await run(args, verbs)).toBe(2);
    expect(streams.talk).toMatch(message);
    expect(streams.data).toBe('');
  });

  it('tells a fault in one line and exits 1', async () => {
    expect(await run(['fail'], verbs)).toBe(1);
    expect(streams.talk).toBe('wayfare: the port is taken. Set PORT.\n');
  });

  it("passes on a verb's negative finding", async () => {
    expect(await run(['find'], verbs)).toBe(1);
    expect(streams.talk).toBe('');
  });
});

describe('every verb', () => {
  it('has a name of its own', () => {
    const names = VERBS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(VERBS.map((real) => [real.name, real] as const))(
    '%s registers under its name, with a description',
    async (name, real) => {
      const program = new Command();
      await real.load(program);
      const names = program.commands.map((command) => command.name());
      expect(names).toEqual([name]);
      expect(program.commands[0]?.description()).not.toBe('');
    },
  );
});
