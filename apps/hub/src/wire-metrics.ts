import type { WireExchange } from '#platform/wire/wire-call';
import type { Logger } from '#platform/telemetry/logger';
import { Histogram, type Registry } from 'prom-client';

/** From a cached refusal to the 7 s after which the hub answers U; seconds. */
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 7];

/** Counts and times every partner call by operation and result, and logs the refused ones. */
export function watchExchanges(
  registry: Registry,
  logger: Logger,
): (exchange: WireExchange) => void {
  const duration = new Histogram({
    name: 'wayfare_partner_call_duration_seconds',
    help: 'Time from a partner call to its signed answer, by operation and result code.',
    labelNames: ['operation', 'result', 'code'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  return (exchange) => {
    const { result, rejection, traceId, participantId, clientId, elapsedMs } = exchange;
    // An unknown path is a stranger's word: it must not become a label of its own.
    const operation = result.resultCode === 'NO_INTERFACE_DEF' ? 'unknown' : exchange.operation;
    duration.observe(
      { operation, result: result.resultStatus, code: result.resultCode },
      elapsedMs / 1_000,
    );
    const fields = {
      operation,
      traceId,
      client: participantId ?? clientId,
      elapsedMs: Math.round(elapsedMs),
    };
    if (result.resultStatus === 'S') logger.debug(fields, 'answered');
    else logger.info({ ...fields, code: result.resultCode, detail: rejection?.detail }, 'refused');
  };
}
