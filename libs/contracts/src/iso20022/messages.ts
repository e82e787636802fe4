import { cancellationRequest, type CancellationRequest } from './camt-056.js';
import { netReport, type NetReport } from './camt-088.js';
import {
  accountReport,
  accountStatement,
  creditDebitAdvice,
  type AccountReport,
  type AccountStatement,
  type CreditDebitAdvice,
} from './camt-statements.js';
import { complain, type Codec, type IsoFault, type IsoReading, type Spot } from './codec.js';
import { businessHeader, type BusinessHeader } from './head-001.js';
import { paymentStatusReport, type PaymentStatusReport } from './pacs-002.js';
import { paymentReturn, type PaymentReturn } from './pacs-004.js';
import { customerCreditTransfer, type CustomerCreditTransfer } from './pacs-008.js';
import { institutionCreditTransfer, type InstitutionCreditTransfer } from './pacs-009.js';
import { serialiseXml, type XmlElement } from './xml-element.js';

/** The business messages and what each carries, by the identifier that its schema and header use. */
export interface MessageBodies {
  readonly 'pacs.008.001.08': CustomerCreditTransfer;
  readonly 'pacs.002.001.10': PaymentStatusReport;
  readonly 'pacs.004.001.09': PaymentReturn;
  readonly 'pacs.009.001.08': InstitutionCreditTransfer;
  readonly 'camt.052.001.08': AccountReport;
  readonly 'camt.053.001.08': AccountStatement;
  readonly 'camt.054.001.08': CreditDebitAdvice;
  readonly 'camt.056.001.09': CancellationRequest;
  readonly 'camt.088.001.01': NetReport;
}
export type MessageName = keyof MessageBodies;

/** A message of one kind, or of any. */
export type IsoMessage<N extends MessageName = MessageName> = {
  [K in N]: { readonly name: K; readonly body: MessageBodies[K] };
}[N];

/** What one file holds. The header is null where somebody else's file holds a bare document. */
export interface IsoFile {
  readonly header: BusinessHeader | null;
  readonly message: IsoMessage;
}

const MESSAGES: {
  readonly [N in MessageName]: { readonly root: string; readonly codec: Codec<MessageBodies[N]> };
} = {
  'pacs.008.001.08': { root: 'FIToFICstmrCdtTrf', codec: customerCreditTransfer },
  'pacs.002.001.10': { root: 'FIToFIPmtStsRpt', codec: paymentStatusReport },
  'pacs.004.001.09': { root: 'PmtRtr', codec: paymentReturn },
  'pacs.009.001.08': { root: 'FICdtTrf', codec: institutionCreditTransfer },
  'camt.052.001.08': { root: 'BkToCstmrAcctRpt', codec: accountReport },
  'camt.053.001.08': { root: 'BkToCstmrStmt', codec: accountStatement },
  'camt.054.001.08': { root: 'BkToCstmrDbtCdtNtfctn', codec: creditDebitAdvice },
  'camt.056.001.09': { root: 'FIToFIPmtCxlReq', codec: cancellationRequest },
  'camt.088.001.01': { root: 'NetRpt', codec: netReport },
};

export const MESSAGE_NAMES = Object.keys(MESSAGES) as readonly MessageName[];
export const HEADER_NAME = 'head.001.001.02';
const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:';

/**
 * ISO leaves open what holds header and document together in a file; every network has its own
 * element for it. This is ours: header, then document, nothing else.
 */
export const ENVELOPE = { name: 'BusinessMessage', namespace: 'urn:wayfare:iso20022:envelope:1' };

/** The namespace of a message or of the header, e.g. for `pacs.008.001.08`. */
export const namespaceOf = (name: MessageName | typeof HEADER_NAME): string => NAMESPACE + name;

/** The message that a namespace names, `head.001.001.02` included, or undefined. */
export function messageOfNamespace(
  namespace: string,
): MessageName | typeof HEADER_NAME | undefined {
  const name = namespace.startsWith(NAMESPACE) ? namespace.slice(NAMESPACE.length) : '';
  if (name === HEADER_NAME) return HEADER_NAME;
  return MESSAGE_NAMES.find((known) => known === name);
}

/** One message as a file, or every reason why it would not be a right one. */
export function writeIsoFile(header: BusinessHeader, message: IsoMessage): IsoReading<string> {
  const faults: IsoFault[] = [];
  if (header.messageDefinition !== message.name) {
    faults.push({ path: '/AppHdr/MsgDefIdr', problem: misnamed(header, message.name) });
  }
  const head: Spot = { path: '/AppHdr', namespace: namespaceOf(HEADER_NAME), faults };
  const { children = [] } = businessHeader.write(header, head);
  const root = element(ENVELOPE.name, ENVELOPE.namespace, [
    element('AppHdr', head.namespace, children),
    writeDocument(message.name, message.body, faults),
  ]);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: serialiseXml(root) };
}

const misnamed = (header: BusinessHeader, name: MessageName): string =>
  `says ${header.messageDefinition} over a document of ${name}`;

const element = (name: string, namespace: string, children: readonly XmlElement[]): XmlElement => ({
  name,
  namespace,
  attributes: {},
  children,
  text: '',
});

function writeDocument<N extends MessageName>(
  name: N,
  body: MessageBodies[N],
  faults: IsoFault[],
): XmlElement {
  const { root, codec } = MESSAGES[name];
  const namespace = namespaceOf(name);
  const { children = [] } = codec.write(body, { path: `/Document/${root}`, namespace, faults });
  return element('Document', namespace, [element(root, namespace, children)]);
}

/** The parts of a file, whatever element holds them together. */
export interface IsoParts {
  readonly header: XmlElement | null;
  readonly document: XmlElement;
}

/**
 * Finds header and document: a bare document, or both inside any one element, since each network
 * wraps them differently.
 */
export function partsOf(root: XmlElement): IsoReading<IsoParts> {
  const parts = root.name === 'Document' ? [root] : root.children;
  const headers = parts.filter(({ name }) => name === 'AppHdr');
  const [document, second] = parts.filter(({ name }) => name === 'Document');
  const path = `/${root.name}`;
  if (document === undefined) {
    return { ok: false, faults: [{ path, problem: 'holds no element Document' }] };
  }
  if (second !== undefined || headers.length > 1) {
    return { ok: false, faults: [{ path, problem: 'holds more than one message' }] };
  }
  return { ok: true, value: { header: headers[0] ?? null, document } };
}

/** Reads what a parsed file says; every fault names the element and what is wrong with it. */
export function readIsoElement(root: XmlElement): IsoReading<IsoFile> {
  const parts = partsOf(root);
  if (!parts.ok) return parts;
  const { header: head, document } = parts.value;
  const faults: IsoFault[] = [];
  const header = head === null ? null : readHeader(head, faults);
  const message = readDocument(document, faults);
  if (header !== null && message !== null && header.messageDefinition !== message.name) {
    faults.push({ path: '/AppHdr/MsgDefIdr', problem: misnamed(header, message.name) });
  }
  if (faults.length > 0 || message === null) return { ok: false, faults };
  return { ok: true, value: { header, message } };
}

function readHeader(head: XmlElement, faults: IsoFault[]): BusinessHeader | null {
  const spot: Spot = { path: '/AppHdr', namespace: head.namespace, faults };
  return head.namespace === namespaceOf(HEADER_NAME)
    ? businessHeader.read(head, spot)
    : complain(spot, `is of ${head.namespace || 'no namespace'}; this hub reads ${HEADER_NAME}`);
}

function readDocument(document: XmlElement, faults: IsoFault[]): IsoMessage | null {
  const { namespace } = document;
  const spot: Spot = { path: '/Document', namespace, faults };
  const name = messageOfNamespace(namespace);
  if (name === undefined || name === HEADER_NAME) {
    const known = MESSAGE_NAMES.join(', ');
    return complain(spot, `is of ${namespace || 'no namespace'}; this hub reads ${known}`);
  }
  const { root, codec } = MESSAGES[name];
  const [only, second] = document.children;
  if (only?.name !== root || only.namespace !== namespace || second !== undefined) {
    return complain(spot, `must hold one element ${root} and nothing else`);
  }
  const body = codec.read(only, { ...spot, path: `/Document/${root}` });
  // The table above pairs each name with its own codec, which the compiler cannot follow here.
  return body === null ? null : ({ name, body } as IsoMessage);
}
