/**
 * Goal: every message the hub can say is valid by the published schemas and says back exactly what
 * was put in, for every currency, script and presence of optional parts.
 * Method: generated facts through the mapping, written and read; the files are judged by two
 * validators that share no code with us (libxml2 as WebAssembly, Debian's xmllint as a process).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { HEADER_NAME, MESSAGE_NAMES, writeIsoFile } from '#contracts/iso20022/messages';
import type { OutgoingIsoFile } from '#contracts/iso20022/addressed';
import { anyIsoFile } from '#testkit/iso-cases';
import { projectRoot } from '../project-root.js';
import { fullestIsoFiles } from '#testkit/fullest-iso-files';
import { IsoSchemas } from './iso-schemas.js';
import { readIsoFile } from './read-iso-file.js';

const folder = join(projectRoot, '..', 'shared', 'iso20022');
const hasSchemas = existsSync(folder);
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;

function written({ header, message }: OutgoingIsoFile): string {
  const xml = writeIsoFile(header, message);
  if (!xml.ok) throw new Error(JSON.stringify(xml.faults));
  return xml.value;
}

const cases = MESSAGE_NAMES.map((name) => [name] as const);

describe('each message', () => {
  it.each(cases)('%s reads back as it was written', (name) => {
    fc.assert(
      fc.property(anyIsoFile[name], (file) => {
        expect(readIsoFile(written(file))).toEqual({ ok: true, value: file });
      }),
      { numRuns: 150 },
    );
  });

  it.each(fullestIsoFiles.map((file) => [file.message.name, file] as const))(
    '%s reads back with every optional part',
    (_name, file) => {
      expect(readIsoFile(written(file))).toEqual({ ok: true, value: file });
    },
  );
});

describe('the published schemas', () => {
  let schemas: IsoSchemas;
  beforeAll(() => {
    schemas = new IsoSchemas(folder);
  });
  afterAll(() => {
    schemas.dispose();
  });

  (hasSchemas ? it.each(cases) : it.skip.each(cases))(
    'accept every %s by libxml2-wasm (needs ../shared)',
    (name) => {
      fc.assert(
        fc.property(anyIsoFile[name], (file) => {
          expect(schemas.check(written(file))).toEqual([]);
        }),
        { numRuns: 60 },
      );
      const fullest = fullestIsoFiles.filter(({ message }) => message.name === name);
      expect(fullest).toHaveLength(1);
      expect(fullest.flatMap((file) => schemas.check(written(file)))).toEqual([]);
    },
  );

  (hasSchemas && hasXmllint ? it : it.skip)(
    'accept every message by xmllint too (needs ../shared and xmllint)',
    () => {
      const scratch = mkdtempSync(join(tmpdir(), 'wayfare-iso-'));
      try {
        const headers: string[] = [];
        for (const name of MESSAGE_NAMES) {
          const files = [
            ...fc.sample(anyIsoFile[name], { numRuns: 40, seed: 20022 }),
            ...fullestIsoFiles.filter(({ message }) => message.name === name),
          ];
          const documents = files.map((file, i) => {
            const xml = written(file);
            headers.push(saved(scratch, `${name}-${String(i)}-header.xml`, xml, 'AppHdr'));
            return saved(scratch, `${name}-${String(i)}.xml`, xml, 'Document');
          });
          expect(xmllint(name, documents)).toEqual({ status: 0, complaints: [] });
        }
        expect(headers).toHaveLength(41 * MESSAGE_NAMES.length);
        expect(xmllint(HEADER_NAME, headers)).toEqual({ status: 0, complaints: [] });
      } finally {
        rmSync(scratch, { recursive: true });
      }
    },
    60_000,
  );
});

/** One part of a file as a document of its own. */
function saved(scratch: string, name: string, xml: string, part: string): string {
  const path = join(scratch, name);
  const [text] = new RegExp(`<${part} [^]*</${part}>`).exec(xml) ?? [];
  if (text === undefined) throw new Error(`no ${part} in ${name}`);
  writeFileSync(path, text);
  return path;
}

function xmllint(
  name: string,
  files: readonly string[],
): { status: number | null; complaints: string[] } {
  const schema = join(folder, `${name}.xsd`);
  const { status, stderr } = spawnSync(
    'xmllint',
    ['--noout', '--nonet', '--schema', schema, ...files],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const complaints = stderr
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith(' validates'));
  return { status, complaints: complaints.slice(0, 5) };
}
