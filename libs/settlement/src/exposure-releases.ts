import { decideRelease } from '#domain/settlement/decide-release';
import type { Obligation } from '#domain/settlement/obligation';
import {
  commitExposures,
  exposureKeyOf,
  gatherExposures,
  type ExposureDelta,
  type ExposureKey,
} from '#ledger';
import type { EntityManager } from 'typeorm';

/** A fall of an exposure with its cause; negative where a credit that lowered it was paid out. */
export interface ExposureRelease {
  readonly obligation: Pick<Obligation, 'id' | 'participantId' | 'currency'>;
  readonly minor: bigint;
  readonly cause: 'payment' | 'default' | 'nothingDue';
  readonly causeId: string;
}

/**
 * The one way by which settlement touches an exposure: what `decideRelease` cannot take off now is
 * kept in the release and made good by the next one.
 */
export async function releaseExposures(
  tx: EntityManager,
  releases: readonly ExposureRelease[],
): Promise<void> {
  const real = releases.filter(({ minor }) => minor !== 0n);
  if (real.length === 0) return;
  const keys = new Map(real.map(({ obligation }) => [exposureKeyOf(obligation), obligation]));
  const exposures = await gatherExposures(tx, [...keys.values()]);
  const credits = await readCredits(tx, [...keys.values()]);
  const deltas: ExposureDelta[] = [];
  const applied = real.map(({ obligation, minor }) => {
    const key = exposureKeyOf(obligation);
    const exposure = exposures.get(key);
    if (exposure === undefined) return 0n;
    const { participantId, currency, outstanding } = exposure;
    const fall = decideRelease({ outstanding, credit: credits.get(key) ?? 0n }, minor);
    credits.set(key, fall.after.credit);
    exposures.set(key, { ...exposure, outstanding: fall.after.outstanding });
    deltas.push({ participantId, currency, reserved: 0n, outstanding: -fall.appliedMinor });
    return fall.appliedMinor;
  });
  await commitExposures(tx, deltas);
  await tx.query(
    `INSERT INTO exposure_releases
       (event, obligation_id, participant_id, currency, minor, applied_minor, cause, cause_id)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[],
                          $6::bigint[], $7::text[], $8::text[])`,
    [
      real.map((r) => `${r.causeId}:${r.obligation.id}`),
      real.map((r) => r.obligation.id),
      real.map((r) => r.obligation.participantId),
      real.map((r) => r.obligation.currency),
      real.map((r) => r.minor.toString()),
      applied.map(String),
      real.map((r) => r.cause),
      real.map((r) => r.causeId),
    ],
  );
}

/** What earlier releases could not take off, by `exposureKeyOf`. */
async function readCredits(
  tx: EntityManager,
  keys: readonly ExposureKey[],
): Promise<Map<string, bigint>> {
  const rows = await tx.query<{ participant_id: string; currency: string; minor: string }[]>(
    `SELECT participant_id, currency, sum(minor - applied_minor)::text AS minor
     FROM exposure_releases
     WHERE (participant_id, currency) IN (SELECT * FROM unnest($1::text[], $2::text[]))
     GROUP BY 1, 2`,
    [keys.map((key) => key.participantId), keys.map((key) => key.currency)],
  );
  return new Map(
    rows.map((row) => [
      exposureKeyOf({ participantId: row.participant_id, currency: row.currency }),
      BigInt(row.minor),
    ]),
  );
}
