import { decodeQr, qrToJson } from '#domain/qr/index';
import type { PaymentExplanation } from '#contracts/operator/payments';
import { HubApi } from '../system/hub-api.js';
import type { ScanOutcome, Step } from '../system/sandbox-control.js';
import type { System } from '../system/system.js';
import { CAST, type Flow } from './flows.js';

/** Clearing takes milliseconds; a machine under load gets this long before the story goes on. */
const CLEARED_WITHIN_MS = 15_000;

/** Everything the story tells; `--json` prints it as it is. */
export interface Story {
  readonly flow: string;
  readonly title: string;
  readonly about: string;
  readonly simulated: true;
  readonly cast: typeof CAST;
  readonly code: { readonly payload: string; readonly decoding: Record<string, unknown> };
  readonly steps: readonly Step[];
  readonly phone: ScanOutcome | null;
  readonly explanation: PaymentExplanation | null;
  /** What the last partner said; the only thing there is when no payment came to be. */
  readonly lastWord: string;
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
  readonly paidAndClearedMs: number;
}

/** Plays a flow on a running system and gathers what happened. */
export async function playStory(system: System, flow: Flow): Promise<Story> {
  const hub = new HubApi(system.hubUrl, system.dataDir);
  const startedMs = performance.now();
  const played = await flow.play(system.sandbox, hub, CAST);
  const explanation =
    played.paymentId === undefined
      ? null
      : await hub.explainWhenCleared(played.paymentId, CLEARED_WITHIN_MS);
  const paidAndClearedMs = Math.round(performance.now() - startedMs);
  const steps = await Promise.all(played.traceIds.map((id) => system.sandbox.steps(id)));
  const { checks } = await hub.verifyInvariants();
  return {
    flow: flow.name,
    title: flow.title,
    about: flow.about,
    simulated: true,
    cast: CAST,
    code: { payload: played.codeValue, decoding: qrToJson(decodeQr(played.codeValue)) },
    steps: steps.flat().sort((a, b) => a.atMs - b.atMs),
    phone: played.scan ?? null,
    explanation,
    lastWord: `${played.result.resultCode}: ${played.result.resultMessage}`,
    checks: checks.map(({ name, ok }) => ({ name, ok })),
    paidAndClearedMs,
  };
}

/** Whether the story ended as it should: paid, posted, and everything still adds up. */
export function endedWell(story: Story): boolean {
  return (
    story.explanation?.payment.state === 'succeeded' &&
    story.explanation.entries.every((entry) => entry.state === 'posted') &&
    story.checks.every((check) => check.ok)
  );
}
