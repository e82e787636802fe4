import type { OutgoingIsoFile } from '#contracts/iso20022/addressed';
import { writeIsoFile, type MessageName } from '#contracts/iso20022/messages';
import { fullestIsoFiles } from './fullest-iso-files.js';

/** The example of a message that has every optional part. */
export function isoExample(name: MessageName): OutgoingIsoFile {
  const file = fullestIsoFiles.find(({ message }) => message.name === name);
  if (file === undefined) throw new Error(`no example of ${name}`);
  return file;
}

export function isoExampleText(name: MessageName): string {
  const { header, message } = isoExample(name);
  const xml = writeIsoFile(header, message);
  if (!xml.ok) throw new Error(JSON.stringify(xml.faults));
  return xml.value;
}

/** A text with one place altered; a place that is not there fails the test. */
export function altered(xml: string, from: string | RegExp, to: string): string {
  const changed = xml.replace(from, to);
  if (changed === xml) throw new Error(`nothing to alter: ${String(from)}`);
  return changed;
}
