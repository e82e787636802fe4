/** Children of a place: four halve the depth of two, and lie in one line of the cache. */
const ARITY = 4;

/**
 * Events in order of time, in typed columns; of equal times the one added first comes first, so
 * that a play is the same play on every machine.
 */
export class EventHeap {
  private times = new Float64Array(1_024);
  /** Order of arrival, which decides between equal times. */
  private serials = new Float64Array(1_024);
  private payloads = new Int32Array(1_024);
  private length = 0;
  private serial = 0;

  get size(): number {
    return this.length;
  }

  /** When the next event is; infinite when there is none. */
  get nextMs(): number {
    return this.length === 0 ? Infinity : (this.times[0] ?? Infinity);
  }

  push(atMs: number, payload: number): void {
    if (this.length === this.times.length) this.grow();
    this.serial += 1;
    this.rise(this.length, atMs, this.serial, payload);
    this.length += 1;
  }

  /** Takes the next event away; −1 when there is none. */
  pop(): number {
    if (this.length === 0) return -1;
    const payload = this.payloads[0] ?? -1;
    this.length -= 1;
    const last = this.length;
    if (last > 0) {
      this.sink(this.times[last] ?? 0, this.serials[last] ?? 0, this.payloads[last] ?? 0);
    }
    return payload;
  }

  private rise(from: number, atMs: number, serial: number, payload: number): void {
    const { times } = this;
    let place = from;
    // What is added has the greatest serial, so time alone decides on the way up.
    while (place > 0) {
      const parent = Math.floor((place - 1) / ARITY);
      if ((times[parent] ?? 0) <= atMs) break;
      this.copy(parent, place);
      place = parent;
    }
    this.put(place, atMs, serial, payload);
  }

  private sink(atMs: number, serial: number, payload: number): void {
    let place = 0;
    for (;;) {
      const first = place * ARITY + 1;
      if (first >= this.length) break;
      let least = first;
      const end = Math.min(first + ARITY, this.length);
      for (let child = first + 1; child < end; child++) {
        if (this.isBefore(child, this.times[least] ?? 0, this.serials[least] ?? 0)) least = child;
      }
      if (!this.isBefore(least, atMs, serial)) break;
      this.copy(least, place);
      place = least;
    }
    this.put(place, atMs, serial, payload);
  }

  private isBefore(place: number, atMs: number, serial: number): boolean {
    const time = this.times[place] ?? 0;
    return time < atMs || (time === atMs && (this.serials[place] ?? 0) < serial);
  }

  private copy(from: number, to: number): void {
    this.put(to, this.times[from] ?? 0, this.serials[from] ?? 0, this.payloads[from] ?? 0);
  }

  private put(place: number, atMs: number, serial: number, payload: number): void {
    this.times[place] = atMs;
    this.serials[place] = serial;
    this.payloads[place] = payload;
  }

  private grow(): void {
    const twice = this.times.length * 2;
    const [times, serials] = [new Float64Array(twice), new Float64Array(twice)];
    const payloads = new Int32Array(twice);
    times.set(this.times);
    serials.set(this.serials);
    payloads.set(this.payloads);
    [this.times, this.serials, this.payloads] = [times, serials, payloads];
  }
}
