/**
 * Goal: what enters at the edge (time, ids, a port, a folder) behaves as rules and people expect.
 * Method: use each once for real; provoke the faults a first start meets and read the messages.
 */
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settableClock, systemClock } from './clock.js';
import { prepareDataFolder } from './data-folder.js';
import { randomIds, seededIds } from './id-source.js';
import { listenOrExplain, portOf } from './listen.js';

describe('clocks', () => {
  it('run by themselves or only when told', () => {
    expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(1_000);
    const clock = settableClock(1_000);
    clock.advance(500);
    expect(clock.nowMs()).toBe(1_500);
    clock.set(7);
    expect(clock.nowMs()).toBe(7);
  });
});

describe('id sources', () => {
  it('never repeat an id, even within one millisecond and across refills', () => {
    const ids = randomIds();
    const made = Array.from({ length: 5_000 }, () => ids.next('pay_', 1_763_760_000_000));
    expect(new Set(made).size).toBe(5_000);
    expect(made[0]).toMatch(/^pay_[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it('make ids that sort by time', () => {
    const ids = randomIds();
    const made = [5, 1_000, 1_763_760_000_000, 1_763_760_000_001].map((ms) => ids.next('x_', ms));
    expect([...made].sort()).toEqual(made);
  });

  it('repeat themselves for the same seed only', () => {
    const first = (seed: number): string[] => {
      const ids = seededIds(seed);
      return [ids.next('a_', 1), ids.next('a_', 1)];
    };
    expect(first(7)).toEqual(first(7));
    expect(first(7)).not.toEqual(first(8));
    expect(new Set(first(7)).size).toBe(2);
  });
});

describe('the data folder', () => {
  let scratch: string;
  beforeEach(() => (scratch = mkdtempSync(join(tmpdir(), 'wayfare-edges-'))));
  afterEach(() => {
    rmSync(scratch, { recursive: true, force: true });
  });

  it('is made for its owner only', () => {
    const folder = prepareDataFolder(join(scratch, 'new', 'data'));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(prepareDataFolder(folder)).toBe(folder);
  });

  it('may not be a file, nor lie in one', () => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o777);
    expect(() => prepareDataFolder(file)).toThrow(/is a file\. Set WAYFARE_DATA_DIR/);
    expect(() => prepareDataFolder(join(file, 'data'))).toThrow(/WAYFARE_DATA_DIR/);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('is refused where no folder can be made', () => {
    expect(() => prepareDataFolder('/proc/wayfare/data')).toThrow(/cannot be made there/);
  });

  it('is refused when its user may not write there', () => {
    chmodSync(scratch, 0o500);
    expect(() => asNobody(() => prepareDataFolder(join(scratch, 'data')))).toThrow(
      /belongs to another user/,
    );
  });

  /** Root may write everywhere, so root looks with the eyes of the user that owns nothing. */
  function asNobody<T>(look: () => T): T {
    if (process.getuid?.() !== 0) return look();
    const nobody = 65_534;
    chownSync(scratch, nobody, nobody);
    process.seteuid?.(nobody);
    try {
      return look();
    } finally {
      process.seteuid?.(0);
    }
  }
});

describe('a port', () => {
  it('that is taken is explained by the name of its setting', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const port = portOf(holder);
    const second = createServer();
    const listen = (): Promise<void> =>
      new Promise((resolve, reject) => {
        second.once('error', reject);
        second.listen(port, '127.0.0.1', resolve);
      });
    const attempt = listenOrExplain(listen, { host: '127.0.0.1', port });
    await expect(attempt).rejects.toThrow(
      new RegExp(`port ${String(port)} on 127.0.0.1 is taken.*PORT=${String(port + 1)}`),
    );
    holder.close();
  });
});
