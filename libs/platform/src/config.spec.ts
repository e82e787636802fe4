/**
 * Goal: a wrong setting is found before anything starts, all of them at once, and the example file
 * says what the program does.
 * Method: parse invented environments; compare the committed file with the generated text.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { envExample, loadConfig, SETTINGS } from './config.js';
import { projectRoot } from './project-root.js';

function faultsOf(environment: NodeJS.ProcessEnv): string {
  try {
    loadConfig(environment);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('loadConfig', () => {
  it('needs nothing to be set', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      port: 4070,
      host: '127.0.0.1',
      dataDir: join(projectRoot, '.wayfare'),
      databaseUrl: undefined,
      redisUrl: undefined,
      workersInline: true,
    });
    // The published push-mode timetable: 4 s, 4 s, 30 s, 60 s three times, 5 min twice.
    expect(config.inquiryDelaysMs.map((ms) => ms / 1_000)).toEqual([
      4, 4, 30, 60, 60, 60, 300, 300,
    ]);
  });

  it('reads what is set, and takes an empty variable as unset', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '',
      WAYFARE_DATA_DIR: '/srv/wayfare',
      DATABASE_URL: 'postgres://me:secret@db:5432/wayfare',
      INQUIRY_DELAYS_MS: '10, 20',
      WORKERS_INLINE: 'no',
    });
    expect(config).toMatchObject({
      port: 0,
      host: '127.0.0.1',
      dataDir: '/srv/wayfare',
      databaseUrl: 'postgres://me:secret@db:5432/wayfare',
      inquiryDelaysMs: [10, 20],
      workersInline: false,
    });
  });

  it('reports all faults together, each by name, without repeating secrets', () => {
    const message = faultsOf({
      PORT: '70000',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://me:secret@db/wayfare',
      INQUIRY_DELAYS_MS: '4000,,x',
      CLEARING_BATCH_SIZE: '1e3',
    });
    expect(
      message
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(':')[0]),
    ).toEqual(['PORT', 'DATABASE_URL', 'LOG_LEVEL', 'INQUIRY_DELAYS_MS', 'CLEARING_BATCH_SIZE']);
    expect(message).toContain('PORT: give a whole number from 0 to 65535');
    expect(message).not.toContain('secret');
  });

  it.each(['-1', '1.5', '0x10', 'NaN', '99999999999999999999'])('refuses the port %s', (port) => {
    expect(faultsOf({ PORT: port })).toContain('PORT');
  });

  it('refuses to answer later than callers wait', () => {
    expect(faultsOf({ PARTNER_TIMEOUT_MS: '5000' })).toContain('HUB_ANSWER_WITHIN_MS');
    expect(faultsOf({ PARTNER_TIMEOUT_MS: '5000', HUB_ANSWER_WITHIN_MS: '4000' })).toBe('');
  });
});

describe('.env.example', () => {
  const committed = readFileSync(join(projectRoot, '.env.example'), 'utf8');

  it('is what `npm run generate` writes', () => {
    expect(committed).toBe(envExample());
  });

  it('lists every setting, with values that are accepted as they stand', () => {
    const pairs = [...committed.matchAll(/^# ([A-Z0-9_]+)=(.*)$/gm)].map((match) =>
      match.slice(1, 3),
    );
    expect(pairs.map(([name]) => name)).toEqual(Object.keys(SETTINGS));
    expect(loadConfig(Object.fromEntries(pairs) as NodeJS.ProcessEnv)).toEqual(loadConfig({}));
  });
});
