import type { FileView } from '#contracts/operator/files';
import { parseFileName } from '#contracts/clearing-files/file-names';
import type { EntityManager } from 'typeorm';

interface FileRow {
  readonly name: string;
  readonly kind: string;
  readonly folder: string;
  readonly cycle_id: string;
  readonly currency: string;
  readonly seq: number;
  readonly bytes: string;
  readonly sha256: string;
  readonly lines: string | null;
  readonly written_at: Date;
}

const COLUMNS = 'name, kind, folder, cycle_id, currency, seq, bytes, sha256, lines, written_at';

export interface FileFilter {
  readonly participantId: string;
  readonly cycle?: string | undefined;
  /** Name after which the page begins. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A participant's files, those of the newest cycle first. */
export async function listStoredFiles(tx: EntityManager, filter: FileFilter): Promise<FileView[]> {
  const { participantId, cycle, after, limit } = filter;
  const afterCycle = after === undefined ? undefined : parseFileName(after)?.key.cycleId;
  const rows = await tx.query<FileRow[]>(
    `SELECT ${COLUMNS} FROM settlement_files
     WHERE participant_id = $1 AND ($2::text IS NULL OR cycle_id = $2)
       AND ($3::text IS NULL OR cycle_id < $4 OR (cycle_id = $4 AND name > $3))
     ORDER BY cycle_id DESC, name LIMIT $5`,
    [participantId, cycle ?? null, after ?? null, afterCycle ?? '', limit],
  );
  return rows.map(viewOf);
}

/** One of a participant's own files; another's and none at all are told apart by nothing. */
export async function findStoredFile(
  tx: EntityManager,
  participantId: string,
  name: string,
): Promise<FileView | undefined> {
  const rows = await tx.query<FileRow[]>(
    `SELECT ${COLUMNS} FROM settlement_files WHERE participant_id = $1 AND name = $2`,
    [participantId, name],
  );
  return rows.map(viewOf)[0];
}

function viewOf(row: FileRow): FileView {
  return {
    name: row.name,
    kind: row.kind,
    folder: row.folder,
    cycle: row.cycle_id,
    currency: row.currency,
    seq: row.seq,
    bytes: Number(row.bytes),
    sha256: row.sha256,
    lines: row.lines === null ? null : Number(row.lines),
    writtenAt: row.written_at.toISOString(),
  };
}
