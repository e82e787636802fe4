/** No longer than this, so that whoever mended the cause sees the effect. */
const LONGEST_SECONDS = 60;

/**
 * SQL for when work that failed is tried again, from its row's `attempts` before this fault: after
 * one second, then twice as long each time. A connection that broke is back at once; a disk that
 * is full is not, and must not fill the log meanwhile.
 */
export const NEXT_TRY = `clock_timestamp() + least(${String(LONGEST_SECONDS)}, power(2, least(attempts, 16))) * interval '1 second'`;
