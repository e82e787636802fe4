/**
 * Goal: a person sees what an ISO 20022 file says and every fault in it by path; a script gets the
 * same as JSON; exit codes keep faults in a file apart from slips.
 * Method: command lines through the real program with output collected, on files in a folder of
 * their own; the schemas are used where the folder beside the project is there.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#platform/project-root';
import { altered, isoExampleText } from '#testkit/iso-examples';
import { captureStreams } from '#testkit/captured-streams';
import { run } from '../run.js';

const schemas = join(projectRoot, '..', 'shared', 'iso20022');
const right = isoExampleText('pacs.008.001.08');
// The schema accepts these decimals; the currency has none.
const decimals = altered(right, '>1200<', '>1200.00<');

let folder: string;
const streams = captureStreams();
let earlier: string | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wayfare-iso-'));
  earlier = process.env['ISO20022_XSD_DIR'];
  writeFileSync(join(folder, 'right.xml'), right);
  writeFileSync(join(folder, 'decimals.xml'), decimals);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  if (earlier !== undefined) process.env['ISO20022_XSD_DIR'] = earlier;
});
beforeEach(() => {
  delete process.env['ISO20022_XSD_DIR'];
});
afterEach(() => {
  delete process.env['ISO20022_XSD_DIR'];
});

const iso = (verb: string, file: string, ...rest: string[]) =>
  run(['iso', verb, join(folder, file), ...rest]);

describe('wayfare iso validate', () => {
  it('checks without schemas, and says so', async () => {
    expect(await iso('validate', 'right.xml')).toBe(0);
    expect(streams.data).toContain('pacs.008.001.08 is right');
    expect(streams.data).toContain('ISO20022_XSD_DIR');
  });

  it('finds decimals that the currency has not, and exits 1', async () => {
    expect(await iso('validate', 'decimals.xml', '--json')).toBe(1);
    expect(JSON.parse(streams.data)).toEqual({
      ok: false,
      message: null,
      schemas: null,
      faults: [
        {
          path: '/Document/FIToFICstmrCdtTrf/CdtTrfTxInf[1]/IntrBkSttlmAmt',
          problem: 'is "1200.00" JPY; JPY has no decimals',
        },
      ],
    });
  });

  (existsSync(schemas) ? it : it.skip)(
    'checks against the schemas too (needs ../shared)',
    async () => {
      process.env['ISO20022_XSD_DIR'] = schemas;
      expect(await iso('validate', 'right.xml', '--json')).toBe(0);
      expect(JSON.parse(streams.data)).toEqual({
        ok: true,
        message: 'pacs.008.001.08',
        schemas,
        faults: [],
      });
      // An element that our reader skips as unknown is no part of the message.
      writeFileSync(join(folder, 'more.xml'), altered(right, '</ChrgBr>', '</ChrgBr><More/>'));
      streams.data = '';
      process.exitCode = undefined;
      expect(await iso('validate', 'more.xml')).toBe(1);
      expect(streams.data).toMatch(/More.*not expected/s);
    },
  );

  it('explains in one line where the schemas are not', async () => {
    process.env['ISO20022_XSD_DIR'] = folder;
    expect(await iso('validate', 'right.xml')).toBe(1);
    expect(streams.talk).toMatch(/^wayfare: the schema head\.001\.001\.02\.xsd is not in .*\n$/);
  });
});

describe('wayfare iso read', () => {
  it('shows a person the message, amounts with their currency', async () => {
    expect(await iso('read', 'right.xml')).toBe(0);
    for (const part of [
      'from Wayfare to TrueMoney',
      'JPY 1,200',
      '2026-03-02T07:04:05.678Z',
      '祇園',
    ]) {
      expect(streams.data).toContain(part);
    }
  });

  it('gives a script the same with exact minor units', async () => {
    expect(await iso('read', 'right.xml', '--json')).toBe(0);
    const { header, message } = JSON.parse(streams.data);
    expect(header.messageDefinition).toBe('pacs.008.001.08');
    expect(message.body.transactions[0].settlementAmount).toEqual({
      currency: 'JPY',
      minor: '1200',
    });
  });

  it('names every fault and exits 1; a file that is not there is one line', async () => {
    expect(await iso('read', 'decimals.xml')).toBe(1);
    expect(streams.data).toContain('IntrBkSttlmAmt: is "1200.00" JPY');
    process.exitCode = undefined;
    expect(await iso('read', 'absent.xml')).toBe(1);
    expect(streams.talk).toMatch(/^wayfare: .*absent\.xml cannot be read: .*\n$/);
    expect(await run(['iso', 'read'])).toBe(2);
  });
});
