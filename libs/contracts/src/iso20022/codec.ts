import type { XmlElement } from './xml-element.js';

/**
 * Why a message is refused. `path` names the element as a person would look for it, with numbers
 * where elements repeat: `/Document/FIToFICstmrCdtTrf/CdtTrfTxInf[2]/IntrBkSttlmAmt`.
 */
export interface IsoFault {
  readonly path: string;
  readonly problem: string;
}

/** All faults are collected: whoever repairs a file wants to see every one of them at once. */
export type IsoReading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly IsoFault[] };

/** Where a codec stands, and where it says what is wrong. */
export interface Spot {
  readonly path: string;
  readonly namespace: string;
  readonly faults: IsoFault[];
}

/** @returns null, which stands for a value that could not be had */
export function complain(spot: Spot, problem: string): null {
  const last = spot.faults.at(-1);
  // Fields that share a wrapper meet what is wrong with it one after the other.
  if (last?.path !== spot.path || last.problem !== problem) {
    spot.faults.push({ path: spot.path, problem });
  }
  return null;
}

const below = (spot: Spot, name: string): Spot => ({ ...spot, path: `${spot.path}/${name}` });

/** What an element holds when written: text, attributes or elements, without its name. */
export interface Content {
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly XmlElement[];
}

/**
 * One description, two directions: what a codec writes it reads back as the same value, and what it
 * refuses to read it refuses to write. Both report to the spot; a refused value reads as null.
 */
export interface Codec<T> {
  write(value: T, spot: Spot): Content;
  read(element: XmlElement, spot: Spot): T | null;
}

/** A codec of elements that hold only text. Both directions return null after complaining. */
export function leaf<T>(
  toText: (value: T, spot: Spot) => string | null,
  fromText: (text: string, spot: Spot) => T | null,
): Codec<T> {
  return {
    write: (value, spot) => ({ text: toText(value, spot) ?? '' }),
    read: (element, spot) =>
      element.children.length > 0
        ? complain(spot, 'holds elements where text is expected')
        : fromText(element.text, spot),
  };
}

type Presence = 'one' | 'optional' | 'many' | 'constant';

/**
 * One child of a record. `path` may lead through wrappers (`FinInstnId/Othr/Id`), which fields that
 * stand beside each other share; a wrapper never repeats, so that a value can stay flat.
 */
export interface Field<T, P extends Presence> {
  readonly presence: P;
  readonly path: readonly string[];
  readonly codec: Codec<T>;
  /** Of a list. */
  readonly least: number;
  /** Of a constant: the text that is written, and that must be there when read. */
  readonly constant?: string;
}

const field = <T, P extends Presence>(
  presence: P,
  path: string,
  codec: Codec<T>,
  least = 0,
): Field<T, P> => ({ presence, path: path.split('/'), codec, least });

export const one = <T>(path: string, codec: Codec<T>): Field<T, 'one'> => field('one', path, codec);

export const optional = <T>(path: string, codec: Codec<T>): Field<T, 'optional'> =>
  field('optional', path, codec);

/** A repeated element; the value is always a list, possibly empty. The last step repeats. */
export const many = <T>(path: string, codec: Codec<T>, least = 0): Field<T, 'many'> =>
  field('many', path, codec, least);

/** Text that is the same in every message; it is no part of the value. */
export const constant = (path: string, text: string): Field<string, 'constant'> => ({
  ...field('constant', path, anyText),
  constant: text,
});

const anyText = leaf<string>(
  (text) => text,
  (text) => text,
);

type Shape = Readonly<Record<string, Field<unknown, Presence>>>;

type Held<F> =
  F extends Field<infer T, 'many'> ? readonly T[] : F extends Field<infer T, Presence> ? T : never;
type KeysOf<S extends Shape, P extends Presence> = {
  [K in keyof S]: S[K]['presence'] extends P ? K : never;
}[keyof S];
type Flat<T> = { readonly [K in keyof T]: T[K] };

/** The plain value that a record of this shape describes. */
export type RecordOf<S extends Shape> = Flat<
  { [K in KeysOf<S, 'one' | 'many'>]: Held<S[K]> } & { [K in KeysOf<S, 'optional'>]?: Held<S[K]> }
>;

/** The value a codec writes and reads. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;

/** A rule over a whole record, e.g. that a count agrees; it returns what is wrong. */
export type RecordRule<T> = (value: T) => string | undefined;

/**
 * Elements in the order of the shape. Unknown elements are skipped when read, because a newer or
 * richer writer may add optional ones; a known one that occurs twice is refused, because two
 * readers would see two messages.
 */
export function record<S extends Shape>(
  shape: S,
  rule?: RecordRule<RecordOf<S>>,
): Codec<RecordOf<S>> {
  const fields = Object.entries(shape);
  const judge = (value: RecordOf<S>, spot: Spot): boolean => {
    const problem = rule?.(value);
    if (problem !== undefined) complain(spot, problem);
    return problem === undefined;
  };
  return {
    write: (value, spot) => {
      judge(value, spot);
      const children: XmlElement[] = [];
      const values = value as Readonly<Record<string, unknown>>;
      for (const [key, item] of fields) writeField(item, values[key], children, spot);
      return { children };
    },
    read: (element, spot) => {
      const before = spot.faults.length;
      if (element.text.trim() !== '') complain(spot, STRAY_TEXT);
      const value: Record<string, unknown> = {};
      for (const [key, item] of fields) {
        const held = readField(item, element, spot);
        if (held !== null && held !== undefined && item.presence !== 'constant') value[key] = held;
      }
      if (spot.faults.length > before) return null;
      const whole = value as RecordOf<S>;
      return judge(whole, spot) ? whole : null;
    },
  };
}

function writeField(
  item: Field<unknown, Presence>,
  value: unknown,
  children: XmlElement[],
  spot: Spot,
): void {
  const here = below(spot, item.path.join('/'));
  const add = (held: unknown, at: Spot): void =>
    insert(children, item.path, item.codec.write(held, at), spot.namespace);
  if (item.presence === 'many') {
    const list = value as readonly unknown[];
    if (list.length < item.least) complain(here, tooFew(item.least));
    list.forEach((held, i) => {
      add(held, { ...here, path: `${here.path}[${String(i + 1)}]` });
    });
  } else if (item.presence === 'constant') add(item.constant, here);
  else if (value !== undefined) add(value, here);
  else if (item.presence === 'one') complain(here, 'is missing');
}

const tooFew = (least: number): string => `occurs fewer than ${String(least)} times`;

/** Appends an element below its wrappers; neighbours with the same wrapper share it. */
function insert(
  siblings: XmlElement[],
  path: readonly string[],
  content: Content,
  namespace: string,
): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    const { text = '', attributes = {}, children = [] } = content;
    siblings.push({ name, namespace, attributes, children, text });
    return;
  }
  const last = siblings.at(-1);
  if (last?.name === name) {
    // A neighbour of this name can only be the wrapper that the field before made below.
    insert(last.children as XmlElement[], rest, content, namespace);
    return;
  }
  const children: XmlElement[] = [];
  insert(children, rest, content, namespace);
  siblings.push({ name, namespace, attributes: {}, children, text: '' });
}

function readField(item: Field<unknown, Presence>, parent: XmlElement, spot: Spot): unknown {
  const found = descend(item, parent, spot);
  if (found === null) return null;
  const { elements, at, name } = found;
  if (item.presence === 'many') {
    if (elements.length < item.least) return complain(below(at, name), tooFew(item.least));
    const list = elements.map((element, i) =>
      item.codec.read(element, below(at, `${name}[${String(i + 1)}]`)),
    );
    return list;
  }
  const [element, second] = elements;
  const here = below(at, name);
  if (second !== undefined) return complain(here, 'occurs more than once');
  if (element === undefined)
    return item.presence === 'optional' ? undefined : complain(here, 'is missing');
  const held = item.codec.read(element, here);
  if (item.presence === 'constant' && held !== null && held !== item.constant) {
    return complain(here, `is not ${String(item.constant)}, the only one this hub reads`);
  }
  return held;
}

/** Walks the wrappers of a field; null when the walk itself had to complain. */
function descend(
  item: Field<unknown, Presence>,
  parent: XmlElement,
  spot: Spot,
): { readonly elements: readonly XmlElement[]; readonly at: Spot; readonly name: string } | null {
  let element: XmlElement | undefined = parent;
  let at = spot;
  for (const step of item.path.slice(0, -1)) {
    const steps: readonly XmlElement[] = element === undefined ? [] : named(element, step);
    at = below(at, step);
    if (steps.length > 1) return complain(at, 'occurs more than once');
    element = steps[0];
    if (element !== undefined && element.text.trim() !== '') return complain(at, STRAY_TEXT);
  }
  const name = item.path.at(-1) ?? '';
  return { elements: element === undefined ? [] : named(element, name), at, name };
}

const STRAY_TEXT = 'holds text where elements are expected';

const named = (parent: XmlElement, name: string): readonly XmlElement[] =>
  parent.children.filter((child) => child.name === name && child.namespace === parent.namespace);

/** Foreign text in a message to a person: short, and in quotes so that blanks show. */
export function quote(text: string): string {
  const characters = [...text];
  return JSON.stringify(characters.length > 60 ? `${characters.slice(0, 60).join('')}…` : text);
}
