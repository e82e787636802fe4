import type { CycleWindow } from '#domain/clearing-cycles';
import type { QueryRunner } from 'typeorm';

/** A piece of one day: payments `first` to `last` of those from `from` until `until`. */
export interface Chunk {
  readonly cycle: CycleWindow;
  readonly first: number;
  readonly last: number;
  readonly from: number;
  readonly until: number;
}

/** Where a table's rows of one template are found, and what is not copied but made anew. */
interface Copied {
  readonly table: string;
  readonly from: string;
  readonly own: Readonly<Record<string, string>>;
  readonly order?: string;
}

/** Limits turn over with the cycle, at midnight UTC+8. */
const DAY = `(m.at AT TIME ZONE 'UTC' + interval '8 hours')::date`;

const ULID_DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/** The form of all ids of the hub: time first, so that they sort by it, then what nobody guesses. */
const SCHEMA = `
  CREATE SCHEMA growth;
  CREATE FUNCTION growth.ulid(ms bigint, salt text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT ${Array.from(
      { length: 10 },
      (_, place) =>
        `substr('${ULID_DIGITS}', 1 + ((ms >> ${String(45 - 5 * place)}) & 31)::integer, 1)`,
    ).join(' || ')} || substr(md5(salt), 1, 16) $$;
  CREATE UNLOGGED TABLE growth.made (
    n bigint, template integer, at timestamptz, id text, entry_id text, customer_id text,
    request_id text, code text, trace_id text, entry_no bigint, batch_no bigint,
    payer_quote_id text, settlement_quote_id text, cycle_id text)`;

const TEMPLATES = (most: number): string => `
  CREATE TABLE growth.templates AS
  SELECT (row_number() OVER (ORDER BY hashtext(p.payment_id)))::integer - 1 AS no, p.*
  FROM (SELECT p.id AS payment_id, p.created_at, p.code_value, p.payer_quote_id,
               p.settlement_quote_id, p.cycle_id, p.acquirer_request_id, e.entry_no
        FROM payments p JOIN journal_entries e ON e.event = p.id || ':paymentCleared'
        WHERE p.state = 'succeeded' AND p.refunded_minor = 0
        ORDER BY hashtext(p.id) LIMIT ${String(most)}) p`;

// The mix of templates is even and yet in no order, so that neighbours differ.
const MAKE = `
  INSERT INTO growth.made
  SELECT n, t.no, at, 'pay_' || growth.ulid(ms, 'p' || n), 'ent_' || growth.ulid(ms + 300, 'e' || n),
         'cus_grown' || ((hashint8(n) & 2147483647) % $8::integer), 'grown_' || n,
         '27' || lpad(n::text, 20, '0'), md5('t' || n), $6 + n,
         $7 + (n - $1) / $9, 'quo_' || growth.ulid($10, t.payer_quote_id || $1),
         'quo_' || growth.ulid($10, t.settlement_quote_id || $1), $11
  FROM (SELECT n, at, (extract(epoch FROM at) * 1000)::bigint AS ms
        FROM (SELECT n, to_timestamp(($3 + (n - $4 + 0.5) * 86400000 / ($5 - $4 + 1)) / 1000.0) AS at
              FROM generate_series($1::bigint, $2::bigint) n) i) j
  JOIN growth.templates t ON t.no = (hashint8(n * 7919) & 2147483647) % $12::integer`;

const COPIED: readonly Copied[] = [
  {
    table: 'payments',
    from: 'payments c ON c.id = t.payment_id',
    own: {
      id: 'm.id',
      acquirer_request_id: 'm.request_id',
      order_memo: `jsonb_set(c.order_memo, '{referenceOrderId}', to_jsonb('order_' || m.request_id))`,
      customer_id: 'm.customer_id',
      payer_quote_id: 'm.payer_quote_id',
      settlement_quote_id: 'm.settlement_quote_id',
      usage_day: DAY,
      code_value: 'm.code',
      created_at: 'm.at',
      expires_at: 'm.at + (c.expires_at - c.created_at)',
      completed_at: `m.at + interval '200 ms'`,
      cycle_id: 'm.cycle_id',
      wallet_payment_id: `c.wallet_id || '_' || m.id`,
      trace_id: 'm.trace_id',
    },
    order: 'm.n',
  },
  {
    table: 'payment_events',
    from: 'payment_events c ON c.payment_id = t.payment_id',
    own: {
      seq: `nextval(pg_get_serial_sequence('payment_events', 'seq'))`,
      payment_id: 'm.id',
      at: 'm.at + (c.at - t.created_at)',
      detail: `replace(replace(c.detail, t.payer_quote_id, m.payer_quote_id), t.cycle_id, m.cycle_id)`,
    },
    order: 'm.n, c.seq',
  },
  {
    table: 'requests',
    from: 'requests c ON c.payment_id = t.payment_id',
    own: {
      request_id: `replace(c.request_id, t.acquirer_request_id, m.request_id)`,
      payment_id: 'm.id',
    },
  },
  {
    table: 'user_codes',
    from: 'user_codes c ON c.code = t.code_value',
    own: {
      code: 'm.code',
      customer_id: 'm.customer_id',
      issued_at: `m.at - interval '1 minute'`,
      expires_at: `m.at + interval '9 minutes'`,
      used_by: 'm.id',
    },
  },
  {
    table: 'journal_entries',
    from: 'journal_entries c ON c.entry_no = t.entry_no',
    own: {
      entry_no: 'm.entry_no',
      id: 'm.entry_id',
      event: `m.id || ':paymentCleared'`,
      payment_id: 'm.id',
      cycle_id: 'm.cycle_id',
      trace_id: 'm.trace_id',
      staged_at: `m.at + interval '250 ms'`,
      posted_at: `m.at + interval '400 ms'`,
      batch_no: 'm.batch_no',
    },
    order: 'm.n',
  },
  {
    table: 'journal_lines',
    from: 'journal_lines c ON c.entry_no = t.entry_no',
    own: { entry_no: 'm.entry_no' },
    order: 'm.n, c.line_no',
  },
];

/** One for each batch, as relay, queue and worker left it. */
const BATCHES = `
  WITH batches AS (
    SELECT batch_no, min(entry_no) AS first_seq, max(entry_no) AS last_seq, count(*) AS entries,
           max(at) AS at, array_agg(entry_no ORDER BY entry_no) AS entry_nos
    FROM growth.made GROUP BY batch_no),
  posted AS (
    INSERT INTO posting_batches (no, first_seq, last_seq, claimed, claimed_at, leased_until, relay,
                                 queue_backend, job_id, enqueued_at, worker, started_at, posted_at,
                                 posted, duplicates)
    OVERRIDING SYSTEM VALUE
    SELECT batch_no, first_seq, last_seq, entries, at, at + interval '10 s', 'growth', 'postgres',
           'batch-' || batch_no, at, 'growth', at, at, entries, 0 FROM batches ORDER BY batch_no)
  INSERT INTO journal_unsealed (batch_no, entry_nos)
  SELECT batch_no, entry_nos FROM batches ORDER BY batch_no`;

const QUOTES = `
  SELECT DISTINCT m.payer_quote_id AS new_id, t.payer_quote_id AS old_id
  FROM growth.made m JOIN growth.templates t ON t.no = m.template
  UNION SELECT m.settlement_quote_id, t.settlement_quote_id
  FROM growth.made m JOIN growth.templates t ON t.no = m.template`;

const USAGE = `
  INSERT INTO payer_usage AS u (wallet_id, customer_id, day, used_minor)
  SELECT p.wallet_id, m.customer_id, ${DAY}, sum(p.pay_to_minor)
  FROM growth.made m JOIN growth.templates t ON t.no = m.template
  JOIN payments p ON p.id = t.payment_id
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (wallet_id, customer_id, day)
    DO UPDATE SET used_minor = u.used_minor + excluded.used_minor`;

const FOLDS = `
  INSERT INTO account_folds AS f (cycle_id, account_id, minor, lines)
  SELECT m.cycle_id, l.account_id, sum(l.minor * m.copies), sum(m.copies)
  FROM (SELECT template, cycle_id, count(*) AS copies FROM growth.made GROUP BY 1, 2) m
  JOIN growth.templates t ON t.no = m.template
  JOIN journal_lines l ON l.entry_no = t.entry_no
  GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (cycle_id, account_id)
    DO UPDATE SET minor = f.minor + excluded.minor, lines = f.lines + excluded.lines`;

/** Makes payments out of payments: what is common to all is read once, at the beginning. */
export class Copies {
  private constructor(
    readonly templates: number,
    readonly entriesPerBatch: number,
    private readonly payers: number,
    private readonly entryBase: bigint,
    private nextBatch: bigint,
    private readonly statements: readonly string[],
  ) {}

  /** @throws when nothing real is there to copy */
  static async prepare(
    runner: QueryRunner,
    mostTemplates: number,
    { payments, payers }: { readonly payments: number; readonly payers: number },
  ): Promise<Copies> {
    await runner.query('DROP SCHEMA IF EXISTS growth CASCADE');
    await runner.query(SCHEMA);
    await runner.query(TEMPLATES(mostTemplates));
    await runner.query('ANALYZE growth.templates');
    const [row] = (await runner.query(
      `SELECT (SELECT count(*)::integer FROM growth.templates) AS templates,
              (SELECT greatest(1, round(avg(posted)))::integer FROM posting_batches
               WHERE posted > 0) AS per_batch,
              nextval(pg_get_serial_sequence('staged_entries', 'seq')) AS entry_base,
              nextval(pg_get_serial_sequence('posting_batches', 'no')) AS batch_base`,
    )) as { templates: number; per_batch: number; entry_base: string; batch_base: string }[];
    if (row === undefined || row.templates === 0) throw new Error('no real payment to copy');
    const entryBase = BigInt(row.entry_base);
    const batchBase = BigInt(row.batch_base);
    // Whoever clears meanwhile takes numbers behind all that will be made.
    await runner.query(
      `SELECT setval(pg_get_serial_sequence('staged_entries', 'seq'), $1::bigint),
              setval(pg_get_serial_sequence('posting_batches', 'no'), $2::bigint)`,
      [
        (entryBase + BigInt(payments) + 1n).toString(),
        (batchBase + BigInt(payments) + 1n).toString(),
      ],
    );
    const statements = [];
    for (const copied of COPIED) statements.push(await statementOf(runner, copied));
    statements.push(await quotesStatement(runner), BATCHES, USAGE, FOLDS);
    return new Copies(row.templates, row.per_batch, payers, entryBase, batchBase, statements);
  }

  async write(runner: QueryRunner, chunk: Chunk): Promise<void> {
    const { cycle, first, last, from, until } = chunk;
    await runner.query('BEGIN');
    await runner.query(`SET LOCAL session_replication_role = 'replica'`);
    await runner.query('TRUNCATE growth.made');
    await runner.query(MAKE, [
      first,
      last,
      cycle.startsAtMs,
      from,
      until,
      this.entryBase.toString(),
      this.nextBatch.toString(),
      this.payers,
      this.entriesPerBatch,
      cycle.startsAtMs + Math.floor(((first - from) * 86_400_000) / (until - from + 1)),
      cycle.id,
      this.templates,
    ]);
    await runner.query('ANALYZE growth.made');
    for (const statement of this.statements) await runner.query(statement);
    await runner.query('COMMIT');
    this.nextBatch += BigInt(Math.ceil((last - first + 1) / this.entriesPerBatch));
  }

  async close(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA growth CASCADE');
  }
}

/** Every column the table has: one that is added some day is copied too. */
async function columnsOf(runner: QueryRunner, table: string): Promise<string[]> {
  const rows = (await runner.query(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  )) as { name: string }[];
  return rows.map(({ name }) => `"${name}"`);
}

async function statementOf(runner: QueryRunner, copied: Copied): Promise<string> {
  const { table, from, own, order } = copied;
  const columns = await columnsOf(runner, table);
  const values = columns.map((column) => own[column.slice(1, -1)] ?? `c.${column}`);
  return `INSERT INTO ${table} (${columns.join()}) OVERRIDING SYSTEM VALUE
    SELECT ${values.join()} FROM growth.made m
    JOIN growth.templates t ON t.no = m.template JOIN ${from}
    ${order === undefined ? '' : `ORDER BY ${order}`}`;
}

async function quotesStatement(runner: QueryRunner): Promise<string> {
  const columns = await columnsOf(runner, 'quotes');
  const own: Readonly<Record<string, string>> = {
    '"id"': 'q.new_id',
    '"issued_at"': '(SELECT min(at) FROM growth.made)',
    '"expires_at"': '(SELECT min(at) FROM growth.made) + (c.expires_at - c.issued_at)',
  };
  return `INSERT INTO quotes (${columns.join()})
    SELECT ${columns.map((column) => own[column] ?? `c.${column}`).join()}
    FROM (${QUOTES}) q JOIN quotes c ON c.id = q.old_id`;
}
