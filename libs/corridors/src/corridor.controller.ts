import {
  acceptancePageSchema,
  acceptanceQuerySchema,
  corridorPageSchema,
  corridorQuerySchema,
  corridorSchema,
  routeExplanationSchema,
  routeQuerySchema,
  type AcceptanceQuery,
  type AcceptanceView,
  type CorridorQuery,
  type CorridorView,
  type RouteExplainQuery,
  type RouteExplanationView,
} from '#contracts/operator/network';
import type { Page } from '#contracts/operator/paging';
import { toWireAmount } from '#domain/money';
import { decodeQr } from '#domain/qr/index';
import { decideRoute } from '#domain/routing/decide-route';
import type { RouteTarget } from '#domain/routing/place';
import { schemeAccountsOf } from '#domain/routing/scheme-accounts';
import { problemOf } from '#platform/problems';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import {
  CorridorRepository,
  type AcceptanceRecord,
  type CorridorRecord,
} from './corridor-repository.js';
import { NetworkDirectory } from './network-directory.js';

/** Lets people see who may pay where, and ask why a payment would or would not find its way. */
@ApiTags('network')
@Controller('api')
export class CorridorController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CorridorRepository) private readonly corridors: CorridorRepository,
    @Inject(NetworkDirectory) private readonly directory: NetworkDirectory,
  ) {}

  @Get('corridors')
  @ApiOperation({ summary: 'Corridor agreements, by id' })
  @ApiOkResponse({ standardSchema: corridorPageSchema })
  async list(
    @Query({ schema: corridorQuerySchema }) query: CorridorQuery,
  ): Promise<Page<CorridorView>> {
    const page = await this.corridors.listPage(this.dataSource.manager, query);
    return { ...page, items: page.items.map(corridorView) };
  }

  @Get('corridors/:home/:acceptance')
  @ApiOperation({ summary: 'The agreement between a home market and an acceptance market' })
  @ApiOkResponse({ standardSchema: corridorSchema })
  @ApiNotFoundResponse({ description: 'The two markets have no agreement' })
  async find(
    @Param('home') home: string,
    @Param('acceptance') acceptance: string,
  ): Promise<CorridorView> {
    const pair = [home.toUpperCase(), acceptance.toUpperCase()] as const;
    const corridor = await this.corridors.findCurrent(this.dataSource.manager, ...pair);
    if (corridor === undefined) {
      throw problemOf({
        code: 'NOT_FOUND',
        detail: `There is no corridor agreement from ${pair[0]} to ${pair[1]}.`,
      });
    }
    return corridorView(corridor);
  }

  @Get('acceptance')
  @ApiOperation({ summary: 'Acceptance links: which wallet can pay in which market' })
  @ApiOkResponse({ standardSchema: acceptancePageSchema })
  async acceptance(
    @Query({ schema: acceptanceQuerySchema }) query: AcceptanceQuery,
  ): Promise<Page<AcceptanceView>> {
    const page = await this.corridors.listEdgePage(this.dataSource.manager, query);
    return { ...page, items: page.items.map(acceptanceView) };
  }

  @Get('routes/explain')
  @ApiOperation({ summary: 'Why a wallet can or cannot pay a merchant or in a market' })
  @ApiOkResponse({ standardSchema: routeExplanationSchema })
  async explain(
    @Query({ schema: routeQuerySchema }) query: RouteExplainQuery,
  ): Promise<RouteExplanationView> {
    const network = await this.directory.refreshIfChanged(this.dataSource.manager);
    const outcome = decideRoute(network, {
      walletId: query.wallet,
      mode: query.mode,
      target: targetOf(query),
      ...(query.currency === undefined ? {} : { currency: query.currency }),
    });
    if (!outcome.ok) {
      const { code, detail } = outcome.rejection;
      return {
        outcome: 'refused',
        networkRevision: network.revision,
        wallet: null,
        acquirer: null,
        merchant: null,
        store: null,
        corridor: null,
        reasons: [],
        considered: [],
        refusal: { code, detail },
      };
    }
    const route = outcome.value;
    return {
      outcome: 'routed',
      networkRevision: route.revision,
      wallet: versionOf(route.wallet),
      acquirer: versionOf(route.acquirer),
      merchant: route.merchant === undefined ? null : versionOf(route.merchant),
      store: route.store === undefined ? null : versionOf(route.store),
      corridor: versionOf(route.corridor),
      reasons: [...route.reasons],
      considered: route.considered.map((entry) => ({ ...entry })),
      refusal: null,
    };
  }
}

function versionOf(record: { readonly id: string; readonly version: number }): string {
  return `${record.id}@${String(record.version)}`;
}

function targetOf(query: RouteExplainQuery): RouteTarget {
  if (query.code !== undefined) return codeTarget(query.code);
  if (query.merchant === undefined) return { kind: 'market', market: query.market ?? '' };
  return {
    kind: 'merchant',
    merchantId: query.merchant,
    ...(query.store === undefined ? {} : { storeId: query.store }),
  };
}

/** A code that cannot be read is the caller's mistake here, not a refused payment. */
function codeTarget(code: string): RouteTarget {
  const decoding = decodeQr(code);
  if (decoding.verdict === 'reject' || decoding.format !== 'emvco-mpm') {
    const why = decoding.issues[0]?.message ?? `it is a ${decoding.format} code`;
    throw problemOf({
      code: 'INVALID_CODE',
      detail: `The code is not a merchant's national code: ${why}.`,
      field: 'code',
    });
  }
  return {
    kind: 'code',
    accounts: schemeAccountsOf(decoding),
    ...(decoding.country === null ? {} : { country: decoding.country }),
  };
}

function corridorView(corridor: CorridorRecord): CorridorView {
  return {
    id: corridor.id,
    version: corridor.version,
    effectiveFrom: corridor.effectiveFrom.toISOString(),
    homeMarket: corridor.homeMarket,
    acceptanceMarket: corridor.acceptanceMarket,
    minPayment: toWireAmount(corridor.minPayment),
    maxPayment: toWireAmount(corridor.maxPayment),
    interchangeBps: corridor.interchangeBps,
    schemeFeeAcquirerBps: corridor.schemeFeeAcquirerBps,
    schemeFeeWalletBps: corridor.schemeFeeWalletBps,
    fxTier: corridor.fxTier,
    modes: [...corridor.modes],
    calendars: [...corridor.calendars],
    clearing: corridor.clearing,
    simulated: true,
    provenance: corridor.provenance,
  };
}

function acceptanceView(edge: AcceptanceRecord): AcceptanceView {
  return {
    walletId: edge.walletId,
    market: edge.market,
    version: edge.version,
    effectiveFrom: edge.effectiveFrom.toISOString(),
    network: edge.network,
    provenance: { source: edge.source, asOf: edge.asOf, quality: edge.quality },
  };
}
