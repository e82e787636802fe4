import type { CycleId } from '#domain/ids';
import { STANDARD_AGREEMENT } from './transaction-detail.js';

/**
 * Names and folders of what the hub writes for a participant about a cycle, as in the Alipay+ set
 * (docs/sources.md A4.2); ISO 20022 messages and the manifest follow the same pattern.
 */
export const CSV_KINDS = ['transactionItems', 'feeItems', 'summary', 'settlement'] as const;
export type CsvKind = (typeof CSV_KINDS)[number];
export const ISO_KINDS = ['camt.088', 'camt.053', 'pacs.009'] as const;
export type IsoKind = (typeof ISO_KINDS)[number];
export type FileKind = CsvKind | IsoKind | 'manifest';

/** What all files of one writing have in common. */
export interface FileSetKey {
  readonly participantId: string;
  readonly currency: string;
  readonly cycleId: CycleId;
  /** 0 to 999; a set that is written again gets the next one. */
  readonly seq: number;
}

const EXTENSIONS: Readonly<Record<FileKind, string>> = {
  transactionItems: 'csv',
  feeItems: 'csv',
  summary: 'csv',
  settlement: 'csv',
  'camt.088': 'xml',
  'camt.053': 'xml',
  'pacs.009': 'xml',
  manifest: 'json',
};

export function fileNameOf(kind: FileKind, key: FileSetKey): string {
  return `${kind}_${setNameOf(key)}.${EXTENSIONS[kind]}`;
}

/** The part of the name that is the same for all files of a set. */
export function setNameOf({ participantId, currency, cycleId, seq }: FileSetKey): string {
  return `${participantId}_${currency}_${cycleId}_${STANDARD_AGREEMENT}_${String(seq).padStart(3, '0')}`;
}

const NAME =
  /^([A-Za-z]+(?:\.\d{3})?)_([a-z][a-z0-9_]{1,63})_([A-Z]{3})_(cyc_\d{8}(?:_[a-z]\d{1,2})?)_[A-Za-z0-9-]{1,32}_(\d{3})\.(csv|xml|json)$/;

/** Undefined for any other name. */
export function parseFileName(
  name: string,
): { readonly kind: FileKind; readonly key: FileSetKey } | undefined {
  const [, kind = '', participantId = '', currency = '', cycleId, seq, extension] =
    NAME.exec(name) ?? [];
  if (!isFileKind(kind) || EXTENSIONS[kind] !== extension) return undefined;
  return { kind, key: { participantId, currency, cycleId: cycleId as CycleId, seq: Number(seq) } };
}

function isFileKind(kind: string): kind is FileKind {
  return Object.hasOwn(EXTENSIONS, kind);
}

/**
 * @param isoDay the day the files were made, at UTC+8
 * @returns relative, e.g. `settlements/clearing/truemoney/20261122`
 */
export function folderOf(kind: FileKind, participantId: string, isoDay: string): string {
  const isClearing = kind === 'transactionItems' || kind === 'feeItems' || kind === 'summary';
  const part = isClearing || kind === 'manifest' ? 'clearing' : 'settlement';
  return `settlements/${part}/${participantId}/${isoDay.replaceAll('-', '')}`;
}
