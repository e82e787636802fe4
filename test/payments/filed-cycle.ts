import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cellsOf } from '#contracts/clearing-files/csv-line';
import { FILE_SHAPES } from '#contracts/clearing-files/file-columns';
import type { CsvKind } from '#contracts/clearing-files/file-names';
import { setHubClock } from '#ledger';
import { CONFIG, type Config } from '#platform/config';
import { filesRootOf } from '#settlement';
import { yen } from './cast.js';
import { HubUnderTest } from './hub-under-test.js';
import { failed, type HubReply } from './partner.js';

const HOUR_MS = 3_600_000;
const WITHIN_MS = 60_000;

/**
 * A day that was paid, refunded, cancelled, cut off, netted and filed by a hub of its own: three
 * payments that stand, one cancelled, a refund in two pieces with a refused one between.
 */
export class FiledCycle {
  /** What the acquirer was answered to the payments that stand. */
  readonly paid: HubReply[] = [];
  cycleId = '';
  /** Hub's id of the payment that was cancelled. */
  cancelled = '';
  /** A folder of the test's own. */
  readonly scratch = mkdtempSync(join(tmpdir(), 'wayfare-files-'));

  private constructor(
    readonly hub: HubUnderTest,
    readonly root: string,
  ) {}

  static async open(): Promise<FiledCycle> {
    const hub = await HubUnderTest.open();
    const filed = new FiledCycle(hub, filesRootOf(hub.app.get<Config>(CONFIG).dataDir));
    await filed.play();
    return filed;
  }

  async close(): Promise<void> {
    rmSync(this.scratch, { recursive: true, force: true });
    await this.hub.close();
  }

  /** Every file of a participant, in any folder. */
  pathsOf(participant: string): string[] {
    return readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && basename(dirname(entry.parentPath)) === participant)
      .map((entry) => join(entry.parentPath, entry.name));
  }

  pathOf(kind: string, participant: string): string {
    const found = this.pathsOf(participant).find((path) => basename(path).startsWith(`${kind}_`));
    if (found === undefined) throw new Error(`${participant} has no ${kind}`);
    return found;
  }

  /** Detail lines by column name. */
  linesOf(kind: CsvKind, participant: string): Record<string, string>[] {
    const texts = readFileSync(this.pathOf(kind, participant), 'utf8').split('\n');
    const headings = FILE_SHAPES[kind].summary === null ? 1 : 3;
    const columns = texts[headings - 1]?.split(',') ?? [];
    return texts.slice(headings, -2).map((text) => {
      const cells = cellsOf(text) as readonly string[];
      return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
    });
  }

  /** Waits until no set is as `where` says; the hub looks for due ones every other second. */
  async untilNone(where: string): Promise<void> {
    const until = Date.now() + WITHIN_MS;
    while ((await this.hub.count(`file_sets WHERE ${where}`)) > 0) {
      if (Date.now() > until) throw new Error(`there are still sets with ${where}`);
      await sleep(50);
    }
  }

  private async play(): Promise<void> {
    const { hub } = this;
    const first = await this.pay(1_234);
    await hub.acquirer.refund(first, yen(333));
    // A refund that the wallet refuses leaves no trace in what later refunds are computed from.
    hub.wallet.partner.on('payments/refund', () => ({ result: failed('PROCESS_FAIL') }));
    await hub.acquirer.refund(first, yen(5));
    hub.wallet.reset();
    await hub.acquirer.refund(first, yen(901));
    await this.pay(7);
    await this.pay(98_765);
    const doomed = await this.pay(500);
    this.paid.pop();
    this.cancelled = (await hub.payment(doomed)).id;
    const { result } = await hub.acquirer.cancel(doomed);
    if (result.resultStatus !== 'S') throw new Error(JSON.stringify(result));
    this.cycleId = await this.endDay();
  }

  private async pay(amount: number): Promise<string> {
    const { acquirer, wallet } = this.hub;
    const body = acquirer.charge(await wallet.code('ann'), yen(amount));
    const reply = await acquirer.pay(body);
    if (reply.result.resultStatus !== 'S') throw new Error(JSON.stringify(reply));
    this.paid.push(reply);
    return body['paymentRequestId'] as string;
  }

  /** Moves the hub's clock past the cut-off; closing, netting and filing are the hub's own. */
  private async endDay(): Promise<string> {
    const { manager } = this.hub.database.dataSource;
    await this.hub.posted();
    const [cycle] = await manager.query<{ id: string; ends_at: Date }[]>(
      `SELECT id, ends_at FROM cycles WHERE state = 'open' AND kind = 'daily'
       ORDER BY ends_at LIMIT 1`,
    );
    if (cycle === undefined) throw new Error('no cycle is open');
    await setHubClock(manager, cycle.ends_at.getTime() + HOUR_MS);
    const until = Date.now() + WITHIN_MS;
    while ((await this.hub.count('file_sets WHERE cycle_id = $1', [cycle.id])) === 0) {
      if (Date.now() > until) throw new Error(`${cycle.id} gets no files`);
      await sleep(50);
    }
    await this.untilNone(`state = 'due' AND attempts = 0`);
    const faults = await manager.query<{ fault: string }[]>(
      'SELECT fault FROM file_sets WHERE fault IS NOT NULL',
    );
    if (faults.length > 0) throw new Error(JSON.stringify(faults));
    return cycle.id;
  }
}
