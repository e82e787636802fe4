import { takesWork, type StageStates } from '#domain/queues/queue-stages';
import type { Logger } from '#platform/telemetry/logger';
import type { DataSource } from 'typeorm';
import { Loop } from '../loop.js';
import type { PostingWorker } from '../posting-worker.js';
import type { Relay } from '../relay.js';
import { forgetProcess, readStages, recordHeartbeat, type Heartbeat } from './queue-control.js';

const LOOK_EVERY_MS = 500;
const RETRY_MS = 1_000;

/**
 * Does as the stages' rows say, and tells that this process lives. Whoever pauses need not reach
 * a process: it looks by itself, twice a second, and again after a restart.
 */
export class QueueGate {
  private readonly loop: Loop;
  private states: StageStates | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly parts: { readonly relay: Relay; readonly worker: PostingWorker },
    private readonly self: Pick<Heartbeat, 'name' | 'backend' | 'slots'>,
    private readonly log: Logger,
  ) {
    this.loop = new Loop({
      name: 'queue control',
      intervalMs: LOOK_EVERY_MS,
      retryMs: RETRY_MS,
      run: () => this.look(),
      log,
    });
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    // The database may be away when a process ends; then the row falls silent.
    await forgetProcess(this.dataSource.manager, this.self.name).catch(() => undefined);
  }

  /** Also called once before anything is started, so that what is paused stays so. */
  async look(): Promise<void> {
    const { manager } = this.dataSource;
    const states = await readStages(manager);
    await this.follow(states);
    const { relay, worker } = this.parts;
    await recordHeartbeat(manager, {
      ...this.self,
      relay: !relay.held,
      posting: !worker.held,
      inHand: worker.inHand,
      posted: worker.posted,
      busyMs: worker.busyMs,
    });
  }

  private async follow(states: StageStates): Promise<void> {
    const { relay, worker } = this.parts;
    relay.follow(takesWork('relay', states), states.posting === 'paused');
    await worker.follow(takesWork('posting', states));
    const before = this.states;
    this.states = states;
    if (before?.relay === states.relay && before.posting === states.posting) return;
    if (before === undefined && states.relay === 'running' && states.posting === 'running') return;
    this.log.info({ ...states }, `queues: relay ${states.relay}, posting ${states.posting}`);
  }
}
