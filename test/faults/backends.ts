import { findRedisServer, openTestRedis, type TestRedis } from '#testkit/redis';

/** Settings of a hub whose jobs are carried by the backend under test. */
export type QueueSettings = () => Readonly<{ REDIS_URL: string }>;

/**
 * Has the same tests run with jobs carried by PostgreSQL and by a Redis of their own; where no
 * Redis is installed the second half is skipped, and says so.
 */
export function onBothBackends(
  tests: (settings: QueueSettings, redis?: () => TestRedis) => void,
): void {
  describe('with queues on PostgreSQL', () => {
    tests(() => ({ REDIS_URL: '' }));
  });
  const binary = findRedisServer();
  if (binary === undefined) {
    console.warn(
      'SKIPPED: no redis-server or valkey-server in PATH, these faults over Redis are untested',
    );
  }
  (binary === undefined ? describe.skip : describe)('with queues on Redis', () => {
    let redis: TestRedis | undefined;
    const running = (): TestRedis => {
      if (redis === undefined) throw new Error('no Redis yet');
      return redis;
    };
    beforeAll(async () => {
      redis = await openTestRedis(binary ?? '');
    }, 30_000);
    // Its end comes after that of the hubs that use it: hooks run in the order they are given in.
    tests(() => ({ REDIS_URL: running().url }), running);
    afterAll(() => redis?.close());
  });
}
