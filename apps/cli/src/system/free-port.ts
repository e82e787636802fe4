import { createServer } from 'node:net';
import { portOf } from '#platform/listen';

/** A port that is free now. Known before the hub listens, so that others can be told beforehand. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const port = portOf(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
