import type { Command } from 'commander';

/**
 * One verb of the command line. `load` imports the verb's module only when it is run, so that
 * `wayfare --help` and the light verbs never pay for the framework or the database driver.
 */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  /** Imports the verb and adds its command, named `name`, to the program. */
  readonly load: (program: Command) => Promise<void>;
}

/** In the order in which help lists them. */
export const VERBS: readonly Verb[] = [
  {
    name: 'start',
    summary: 'Start the hub and its simulated partners, show one payment, keep serving',
    load: async (program) => (await import('./verbs/start.js')).registerStart(program),
  },
  {
    name: 'demo',
    summary: 'Play one payment with simulated partners and tell what happened',
    load: async (program) => (await import('./verbs/demo.js')).registerDemo(program),
  },
  {
    name: 'pay',
    summary: 'Pay a QR code with a simulated wallet and print the receipt',
    load: async (program) => (await import('./verbs/pay.js')).registerPay(program),
  },
  {
    name: 'why',
    summary: 'Explain a payment: timeline, rates, fees, ledger, queue',
    load: async (program) => (await import('./verbs/why.js')).registerWhy(program),
  },
  {
    name: 'trace',
    summary: 'The way of a payment through processes, queue and books, by its trace id',
    load: async (program) => (await import('./verbs/trace.js')).registerTrace(program),
  },
  {
    name: 'qr',
    summary: 'Payment codes: decode, make, list schemes',
    load: async (program) => (await import('./verbs/qr.js')).registerQr(program),
  },
  {
    name: 'fx',
    summary: 'Exchange rates: import, show, find a path, quote',
    load: async (program) => (await import('./verbs/fx.js')).registerFx(program),
  },
  {
    name: 'calendar',
    summary: 'Settlement calendars: holidays, value dates, corrections',
    load: async (program) => (await import('./verbs/calendar.js')).registerCalendar(program),
  },
  {
    name: 'iso',
    summary: 'ISO 20022 files: check, read, export',
    load: async (program) => (await import('./verbs/iso.js')).registerIso(program),
  },
  {
    name: 'db',
    summary: 'The database: its address and its schema',
    load: async (program) => (await import('./verbs/db.js')).registerDb(program),
  },
  {
    name: 'cycles',
    summary: 'Clearing cycles: how far each has come, and what it waits for',
    load: async (program) => (await import('./verbs/cycles.js')).registerCycles(program),
  },
  {
    name: 'settle',
    summary: 'Netting and settlement: obligations, proofs, models, queues, liquidity',
    load: async (program) => (await import('./verbs/settle.js')).registerSettle(program),
  },
  {
    name: 'files',
    summary: 'Clearing and settlement files: list, write, recompute',
    load: async (program) => (await import('./verbs/files.js')).registerFiles(program),
  },
  {
    name: 'disputes',
    summary: 'Retrievals and escalations: what is open, since when, until when',
    load: async (program) => (await import('./verbs/disputes.js')).registerDisputes(program),
  },
  {
    name: 'sim',
    summary: 'Simulate corridors: run, compare and explain scenarios of a year of travellers',
    load: async (program) => (await import('./verbs/sim.js')).registerSim(program),
  },
  {
    name: 'verify',
    summary: 'Check every invariant of the database and name offending rows',
    load: async (program) => (await import('./verbs/verify.js')).registerVerify(program),
  },
  {
    name: 'queues',
    summary: 'The way into the books: status, pause, drain, resume',
    load: async (program) => (await import('./verbs/queues.js')).registerQueues(program),
  },
  {
    name: 'dead-letters',
    summary: 'What could not be done, and why: list, show, replay',
    load: async (program) => (await import('./verbs/dead-letters.js')).registerDeadLetters(program),
  },
  {
    name: 'operators',
    summary: 'Keys of persons and participants: add, list, revoke',
    load: async (program) => (await import('./verbs/operators.js')).registerOperators(program),
  },
  {
    name: 'approvals',
    summary: 'Acts that need two persons: list, propose, approve, reject',
    load: async (program) => (await import('./verbs/approvals.js')).registerApprovals(program),
  },
  {
    name: 'audit',
    summary: 'Who did what, when and why, and who was refused',
    load: async (program) => (await import('./verbs/audit.js')).registerAudit(program),
  },
  {
    name: 'ledger',
    summary: 'The books: check the hash chain, balances, statements',
    load: async (program) => (await import('./verbs/ledger.js')).registerLedger(program),
  },
  {
    name: 'recon',
    summary: 'Partners’ files against the hub’s books: load, match, breaks',
    load: async (program) => (await import('./verbs/recon.js')).registerRecon(program),
  },
  {
    name: 'privacy',
    summary: 'Personal data: forget a payer',
    load: async (program) => (await import('./verbs/privacy.js')).registerPrivacy(program),
  },
];
