import { setTimeout as sleep } from 'node:timers/promises';
import { turnDay } from './days.js';
import type { Partners } from './partners.js';
import type { SoakSystem } from './system.js';

export interface FaultPlace {
  readonly system: SoakSystem;
  readonly partners: Partners;
  readonly below: (limit: number) => number;
}

export interface FaultKind {
  readonly about: string;
  /** Whether it can be done on this system at all. */
  readonly possible?: (system: SoakSystem) => boolean;
  /** Strikes, and puts the thing itself back; what follows from it mends by itself. */
  readonly strike: (place: FaultPlace) => Promise<void>;
}

const DROP_PERCENT = 30;
const DROP_MS = 5_000;
const COMMITS = 6;
const STEP_MS = 45_000;

/** Everything that can be done to the system while it works. */
export const FAULTS = {
  killHub: {
    about: 'kill -9 of the hub',
    strike: ({ system, below }) => system.kill('hub', below(8)),
  },
  killWorker: {
    about: 'kill -9 of a clearing worker',
    strike: ({ system, below }) => system.kill('clearing', below(8)),
  },
  killSandbox: {
    about: 'kill -9 of the simulated partners',
    strike: ({ system, below }) => system.kill('sandbox', below(8)),
  },
  killDatabase: {
    about: 'kill -9 of the database server',
    strike: ({ system }) => system.bounceDatabase('SIGKILL'),
  },
  restartDatabase: {
    about: 'the database server restarted in order',
    strike: ({ system }) => system.bounceDatabase('SIGINT'),
  },
  cutLine: {
    about: 'the line to the database cut for a second',
    strike: async ({ system }) => {
      system.line.cut();
      await sleep(1_000);
      system.line.mend();
    },
  },
  cutCommits: {
    about: 'connections cut in mid-commit, before and after the server has it',
    strike: async ({ system, below }) => {
      const cuts = Array.from({ length: COMMITS }, () =>
        below(2) === 0 ? ('request' as const) : ('answer' as const),
      );
      const until = system.line.commitsCut() + COMMITS;
      system.line.cutNextCommits(cuts);
      for (let tries = 0; tries < 100 && system.line.commitsCut() < until; tries++) await sleep(50);
    },
  },
  emptyRedis: {
    about: 'Redis emptied',
    possible: ({ redis }) => redis !== undefined,
    strike: async ({ system }) => system.redis?.empty(),
  },
  restartRedis: {
    about: 'Redis killed and started again, empty',
    possible: ({ redis }) => redis !== undefined,
    strike: async ({ system }) => {
      await system.redis?.kill();
      await sleep(500);
      await system.redis?.restart();
    },
  },
  dropAnswers: {
    about: "30 of 100 of the partners' answers lost for five seconds",
    strike: async ({ partners }) => {
      await partners.loseAnswers(DROP_PERCENT);
      await sleep(DROP_MS);
      await partners.loseAnswers(0);
    },
  },
  clockStep: {
    about: 'the clock of the cut-offs steps back or forth',
    strike: async ({ system, below }) => {
      const stepMs = below(2) === 0 ? -STEP_MS : STEP_MS;
      await system.read(
        `UPDATE clock_shift SET shift = shift + $1::integer * interval '1 millisecond'`,
        [stepMs],
      );
    },
  },
  cutOff: {
    about: 'the clearing day ends under load, with two closers, and becomes final',
    strike: async ({ system }) => {
      await turnDay(system, 3_000);
    },
  },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof FAULTS;

/** All kinds in one drawn order after another, so that a short run also meets each of them. */
export function* faultPlan(
  system: SoakSystem,
  below: (limit: number) => number,
): Generator<FaultName, never> {
  const kinds = Object.entries(FAULTS) as [FaultName, FaultKind][];
  const names = kinds
    .filter(([, { possible }]) => possible?.(system) ?? true)
    .map(([name]) => name);
  for (;;) {
    const left = [...names];
    while (left.length > 0) {
      const [name] = left.splice(below(left.length), 1);
      if (name !== undefined) yield name;
    }
  }
}
