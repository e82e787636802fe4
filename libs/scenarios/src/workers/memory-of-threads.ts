/**
 * Copies plain data so that its columns lie in shared memory: handed to another thread, they are
 * the same memory there and not another copy. What is shared is read only, by agreement.
 */
export function shareColumns<Data>(data: Data): Data {
  return shared(data, new Map()) as Data;
}

function shared(value: unknown, seen: Map<unknown, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const copy = copyOf(value, seen);
  seen.set(value, copy);
  return copy;
}

function copyOf(value: object, seen: Map<unknown, unknown>): unknown {
  if (value instanceof Float64Array) return filled(new Float64Array(roomFor(value)), value);
  if (value instanceof Uint32Array) return filled(new Uint32Array(roomFor(value)), value);
  if (value instanceof Int32Array) return filled(new Int32Array(roomFor(value)), value);
  if (value instanceof Uint16Array) return filled(new Uint16Array(roomFor(value)), value);
  if (value instanceof Uint8Array) return filled(new Uint8Array(roomFor(value)), value);
  if (value instanceof Map || value instanceof Set) return value;
  if (Array.isArray(value)) return value.map((item) => shared(item, seen));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shared(item, seen)]));
}

function roomFor(column: NodeJS.TypedArray): SharedArrayBuffer {
  return new SharedArrayBuffer(column.byteLength);
}

function filled<Column extends { set(from: Column): void }>(room: Column, from: Column): Column {
  room.set(from);
  return room;
}
