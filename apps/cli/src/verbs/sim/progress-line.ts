import type { RunProgress } from '#scenarios';
import type { ProgressStyle } from './run.js';

/** Between two lines where nobody watches a line move: a log should tell, not fill. */
const PLAIN_EVERY_MS = 5_000;
const JSON_EVERY_MS = 1_000;

/** Tells how far a run is, on standard error: the way a terminal, a log or a program wants it. */
export class ProgressLine {
  private readonly style: 'moving' | 'plain' | 'json' | 'none';
  private toldAt = Number.NEGATIVE_INFINITY;
  private toldOf = '';
  private isOpen = false;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    style: ProgressStyle | undefined,
  ) {
    const isTerminal = stream.isTTY && process.env['TERM'] !== 'dumb';
    this.style =
      style === undefined || style === 'auto' ? (isTerminal ? 'moving' : 'plain') : style;
  }

  show(progress: RunProgress): void {
    switch (this.style) {
      case 'none':
        return;
      case 'moving':
        this.isOpen = true;
        this.stream.write(`\r${fitted(progressText(progress), this.stream.columns)}\u001b[K`);
        return;
      case 'plain':
        if (this.isDue(progress, PLAIN_EVERY_MS)) this.stream.write(`${progressText(progress)}\n`);
        return;
      case 'json':
        if (this.isDue(progress, JSON_EVERY_MS)) this.stream.write(`${JSON.stringify(progress)}\n`);
    }
  }

  /** Takes the moving line away, so that what follows begins on a clean one. */
  end(): void {
    if (this.isOpen) this.stream.write('\r\u001b[K');
    this.isOpen = false;
  }

  private isDue({ stage, part }: RunProgress, everyMs: number): boolean {
    const now = performance.now();
    const of = `${stage} ${part?.name ?? ''}`;
    if (of === this.toldOf && now - this.toldAt < everyMs) return false;
    this.toldAt = now;
    this.toldOf = of;
    return true;
  }
}

/** `playing  41 %  3 of 8 replications  12.4 M purchases/s  0:14 left  widest ±1.3 % (FX result)` */
export function progressText(progress: RunProgress): string {
  const { stage, part, share, replicationsDone, replicationsPlanned } = progress;
  const { purchasesPerSecond, etaSeconds, widest } = progress;
  if (stage === 'preparing') return 'preparing the world';
  const percent = `${String(Math.floor(share * 100))} %`;
  if (stage === 'writing') {
    if (part === undefined) return 'writing what came of it';
    const left = etaSeconds === null ? [] : [`${clockText(etaSeconds)} left`];
    return ['for the report', part.name, percent, ...left, part.step].join('  ');
  }
  if (stage === 'assumptions') return `trying other assumptions  ${percent}`;
  const parts = [
    'playing',
    percent,
    `${String(replicationsDone)} of ${String(replicationsPlanned)} replications`,
  ];
  if (purchasesPerSecond !== null) parts.push(`${rateText(purchasesPerSecond)} purchases/s`);
  if (etaSeconds !== null) parts.push(`${clockText(etaSeconds)} left`);
  if (widest !== null && widest.relativeError !== null) {
    parts.push(`widest ±${(widest.relativeError * 100).toPrecision(2)} % (${widest.id})`);
  }
  return parts.join('  ');
}

function rateText(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(1)} M`;
  if (perSecond >= 1e3) return `${(perSecond / 1e3).toFixed(0)} k`;
  return perSecond.toFixed(0);
}

/** `0:14` */
export function clockText(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${String(Math.floor(whole / 60))}:${String(whole % 60).padStart(2, '0')}`;
}

/** A line longer than the terminal would scroll instead of moving. */
export function fitted(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(columns - 2, 10))}…`;
}
