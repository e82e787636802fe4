import {
  walletPageSchema,
  walletQuerySchema,
  walletSchema,
  type WalletQuery,
  type WalletView,
} from '#contracts/operator/network';
import type { Page } from '#contracts/operator/paging';
import { toWireAmount } from '#domain/money';
import { problemOf } from '#platform/problems';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { WalletRepository, type WalletRecord } from './wallet-repository.js';

/** Lets people see which wallets take part, on which terms, and where each figure comes from. */
@ApiTags('network')
@Controller('api/wallets')
export class WalletController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(WalletRepository) private readonly wallets: WalletRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Wallets, by id' })
  @ApiOkResponse({ standardSchema: walletPageSchema })
  async list(@Query({ schema: walletQuerySchema }) query: WalletQuery): Promise<Page<WalletView>> {
    const page = await this.wallets.listPage(this.dataSource.manager, query);
    return { ...page, items: page.items.map(viewOf) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One wallet, current version' })
  @ApiOkResponse({ standardSchema: walletSchema })
  @ApiNotFoundResponse({ description: 'No wallet has this id' })
  async find(@Param('id') id: string): Promise<WalletView> {
    const wallet = await this.wallets.findCurrent(this.dataSource.manager, id);
    if (wallet === undefined) {
      throw problemOf({ code: 'WALLET_UNKNOWN', detail: `There is no wallet ${id}.` });
    }
    return viewOf(wallet);
  }
}

function viewOf(wallet: WalletRecord): WalletView {
  return {
    id: wallet.id,
    version: wallet.version,
    effectiveFrom: wallet.effectiveFrom.toISOString(),
    name: wallet.name,
    kind: wallet.kind,
    homeMarket: wallet.homeMarket,
    currency: wallet.currency,
    network: wallet.network,
    perPaymentLimit: toWireAmount(wallet.perPaymentLimit),
    perDayLimit: toWireAmount(wallet.perDayLimit),
    netDebitCap: toWireAmount(wallet.netDebitCap),
    prefund: toWireAmount(wallet.prefund),
    codeIssuer: wallet.codeIssuer,
    status: wallet.status,
    simulated: wallet.simulated,
    affiliation: 'none',
    provenance: wallet.provenance,
  };
}
