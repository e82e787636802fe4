// Goal: reading without a key is for callers of this machine, whatever they dress up as.
// Method: addresses, Host headers and settings that are, and that only look so.
import { isForThisMachine, isLoopbackAddress, isLoopbackHost } from './loopback.js';

it.each(['127.0.0.1', '127.9.8.7', '::1', '::ffff:127.0.0.1'])('%s is this machine', (address) => {
  expect(isLoopbackAddress(address)).toBe(true);
});

it.each(['10.0.0.1', '0.0.0.0', '::', '127.0.0.1.evil.test', '1127.0.0.1', ''])(
  '%s is not',
  (address) => {
    expect(isLoopbackAddress(address)).toBe(false);
  },
);

it.each(['localhost', 'LOCALHOST:4070', '127.0.0.1:4070', '[::1]:4070', '[::1]', '::1'])(
  'the host %s is this machine',
  (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  },
);

it.each(['', 'evil.test', 'localhost.evil.test', '127.0.0.1.nip.io:4070', 'hub:4070', '0.0.0.0'])(
  'the host %s is not',
  (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  },
);

it('is published as soon as either address says so', () => {
  expect(isForThisMachine('127.0.0.1', undefined)).toBe(true);
  expect(isForThisMachine('127.0.0.1', 'http://localhost:4070')).toBe(true);
  expect(isForThisMachine('127.0.0.1', 'https://hub.example.com')).toBe(false);
  expect(isForThisMachine('0.0.0.0', undefined)).toBe(false);
});
