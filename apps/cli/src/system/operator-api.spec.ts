// Goal: a request that must have one effect survives a line that breaks before its answer, with one
// key over all its tries and a new one for the next request; any other request goes out once.
// Method: a server that drops the line on the first so many calls, and keeps the key of each.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorApi } from './operator-api.js';

let server: Server;
let drops = 0;
let keys: (string | undefined)[] = [];
let api: OperatorApi;
const before = process.env['WAYFARE_OPERATOR_KEY'];
beforeAll(async () => {
  server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key'] as string | undefined);
    if (keys.length <= drops) request.socket.destroy();
    else response.end('{"id":"sim_1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['WAYFARE_OPERATOR_KEY'] = 'a key';
  const { port } = server.address() as AddressInfo;
  api = await OperatorApi.open({ hub: `http://127.0.0.1:${String(port)}` });
});
afterAll(() => {
  if (before === undefined) delete process.env['WAYFARE_OPERATOR_KEY'];
  else process.env['WAYFARE_OPERATOR_KEY'] = before;
  server.close();
});
beforeEach(() => (keys = []));

it('sends what must happen once again with the key it had', async () => {
  drops = 1;
  await expect(api.postOnce('/api/simulations', {})).resolves.toEqual({ id: 'sim_1' });
  expect(keys).toEqual([expect.stringMatching(/^"[0-9a-f-]{36}"$/), keys[0]]);
});

it('marks every such request anew', async () => {
  drops = 0;
  await api.postOnce('/api/simulations', {});
  await api.postOnce('/api/simulations', {});
  expect(new Set(keys).size).toBe(2);
});

it('gives up after the second try', async () => {
  drops = 9;
  await expect(api.postOnce('/api/simulations', {})).rejects.toThrow('no hub answers');
  expect(keys).toHaveLength(2);
});

it('does not send other requests twice', async () => {
  drops = 1;
  await expect(api.post('/api/approvals', {})).rejects.toThrow('no hub answers');
  expect(keys).toEqual([undefined]);
});
