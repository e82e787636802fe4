import {
  balancesQuery,
  balancesView,
  ledgerHead,
  statementQuery,
  statementView,
  type BalancesQuery,
  type BalancesView,
  type LedgerHeadView,
  type StatementQuery,
  type StatementView,
} from '#contracts/operator/ledger';
import { keyOfCursor } from '#contracts/operator/paging';
import { NeedsScope, OpenToAll, OwnParticipant } from '#platform/operators/index';
import { problemOf } from '#platform/problems';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { readBalances, type BalancePoint } from './balances.js';
import { countUnsealed } from './chain-digests.js';
import { findHead } from './chain-seal.js';
import { balancesViewOf, headView, statementViewOf } from './ledger-views.js';
import { listStatementLines, summariseStatement, type LinePlace } from './statements.js';

/** The books over HTTP: their head, their balances, and each participant's own statement. */
@ApiTags('ledger')
@Controller('api')
export class LedgerController {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get('ledger/head')
  @OpenToAll()
  @ApiOperation({ summary: 'The hash that fixes the whole ledger: keep it, and check it later' })
  @ApiOkResponse({ standardSchema: ledgerHead })
  async head(): Promise<LedgerHeadView> {
    const { manager } = this.dataSource;
    const [head, { entries }] = await Promise.all([findHead(manager), countUnsealed(manager)]);
    return headView(head, entries);
  }

  @Get('ledger/balances')
  @NeedsScope('ledger:read')
  @ApiOperation({ summary: 'Balances now, at an instant, an entry or a block' })
  @ApiOkResponse({ standardSchema: balancesView })
  async balances(@Query({ schema: balancesQuery }) query: BalancesQuery): Promise<BalancesView> {
    const point = pointOf(query);
    const { manager } = this.dataSource;
    return balancesViewOf(point, await readBalances(manager, point, query.owner ?? null));
  }

  @Get('participants/:id/statement')
  @OwnParticipant()
  @ApiOperation({ summary: "A participant's own accounts over a period, with every line" })
  @ApiOkResponse({ standardSchema: statementView })
  @ApiNotFoundResponse({ description: 'The participant has no account in the books' })
  async statement(
    @Param('id') owner: string,
    @Query({ schema: statementQuery }) query: StatementQuery,
  ): Promise<StatementView> {
    const terms = { owner, fromMs: Date.parse(query.from), toMs: Date.parse(query.to) };
    if (terms.fromMs >= terms.toMs) {
      throw problemOf({ code: 'PARAM_ILLEGAL', detail: 'from must be before to.', field: 'from' });
    }
    const after = placeOf(keyOfCursor(query.cursor));
    // One snapshot, so that the lines add up to the balances beside them.
    return this.dataSource.transaction('REPEATABLE READ', async (tx) => {
      const accounts = await summariseStatement(tx, terms);
      if (accounts.length === 0) {
        throw problemOf({
          code: 'NOT_FOUND',
          detail: `${owner.slice(0, 64)} has no account in the books.`,
        });
      }
      const lines = await listStatementLines(tx, terms, after, query.limit + 1);
      return statementViewOf(terms, accounts, lines, query.limit);
    });
  }
}

function pointOf({ at, entry, block }: BalancesQuery): BalancePoint {
  if ([at, entry, block].filter((given) => given !== undefined).length > 1) {
    throw problemOf({
      code: 'PARAM_ILLEGAL',
      detail: 'Give one of at, entry and block.',
      field: 'at',
    });
  }
  if (at !== undefined) return { kind: 'instant', atMs: Date.parse(at) };
  if (entry !== undefined) return { kind: 'entry', entryNo: BigInt(entry) };
  if (block !== undefined) return { kind: 'block', blockNo: BigInt(block) };
  return { kind: 'now' };
}

function placeOf(key: string | undefined): LinePlace | null {
  if (key === undefined) return null;
  const match = /^(\d{1,18})\/(\d{1,4})$/.exec(key);
  if (match?.[1] !== undefined && match[2] !== undefined) {
    return { entryNo: BigInt(match[1]), lineNo: Number(match[2]) };
  }
  throw problemOf({
    code: 'PARAM_ILLEGAL',
    detail: 'cursor must be the nextCursor of an earlier page, unchanged.',
    field: 'cursor',
  });
}
