import {
  merchantDetailSchema,
  merchantPageSchema,
  merchantQuerySchema,
  nationalSchemeListSchema,
  type MerchantDetailView,
  type MerchantQuery,
  type MerchantView,
  type NationalSchemeView,
} from '#contracts/operator/network';
import type { Page } from '#contracts/operator/paging';
import { problemOf } from '#platform/problems';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { MerchantRepository, type MerchantRecord } from './merchant-repository.js';
import { StoreRepository } from './store-repository.js';

/** Lets people find a merchant, its stores and what their printed codes carry. */
@ApiTags('network')
@Controller('api')
export class MerchantController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(MerchantRepository) private readonly merchants: MerchantRepository,
    @Inject(StoreRepository) private readonly stores: StoreRepository,
  ) {}

  @Get('merchants')
  @ApiOperation({ summary: 'Merchants by id; filter by market, acquirer or words' })
  @ApiOkResponse({ standardSchema: merchantPageSchema })
  async list(
    @Query({ schema: merchantQuerySchema }) query: MerchantQuery,
  ): Promise<Page<MerchantView>> {
    const page = await this.merchants.listPage(this.dataSource.manager, query);
    return { ...page, items: page.items.map(viewOf) };
  }

  @Get('merchants/:id')
  @ApiOperation({ summary: 'One merchant with its stores and their codes' })
  @ApiOkResponse({ standardSchema: merchantDetailSchema })
  @ApiNotFoundResponse({ description: 'No merchant has this id' })
  async find(@Param('id') id: string): Promise<MerchantDetailView> {
    const tx = this.dataSource.manager;
    const merchant = await this.merchants.findCurrent(tx, id);
    if (merchant === undefined) {
      throw problemOf({ code: 'MERCHANT_NOT_REGISTERED', detail: `There is no merchant ${id}.` });
    }
    const stores = await this.stores.listOfMerchant(tx, id);
    const codes = await this.stores.listCodesOfMerchant(tx, id);
    return {
      ...viewOf(merchant),
      stores: stores.map((store) => ({
        id: store.id,
        version: store.version,
        effectiveFrom: store.effectiveFrom.toISOString(),
        name: store.name,
        address: store.address,
        terminalId: store.terminalId,
        codes: codes
          .filter((code) => code.storeId === store.id)
          .map(({ scheme, key, identifiers }) => ({ scheme, key, identifiers })),
      })),
    };
  }

  @Get('national-schemes')
  @ApiOperation({ summary: 'National QR schemes, and what names a store in their codes' })
  @ApiOkResponse({ standardSchema: nationalSchemeListSchema })
  async schemes(): Promise<NationalSchemeView[]> {
    const schemes = await this.merchants.listSchemes(this.dataSource.manager);
    return schemes.map(({ source, asOf, quality, keyFields, ...scheme }) => ({
      ...scheme,
      keyFields: [...keyFields],
      provenance: { source, asOf, quality },
    }));
  }
}

function viewOf(merchant: MerchantRecord): MerchantView {
  return {
    id: merchant.id,
    version: merchant.version,
    effectiveFrom: merchant.effectiveFrom.toISOString(),
    acquirerId: merchant.acquirerId,
    name: merchant.name,
    displayName: merchant.displayName,
    mcc: merchant.mcc,
    market: merchant.market,
    city: merchant.city,
    currency: merchant.currency,
    mdrBps: merchant.mdrBps,
    status: merchant.status,
    fictional: merchant.fictional,
    provenance: merchant.provenance,
  };
}
