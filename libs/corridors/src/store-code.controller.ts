import { storeCodeQuerySchema, storeCodeSchema } from '#contracts/operator/network';
import type { StoreCodeQuery, StoreCodeView } from '#contracts/operator/network';
import { parseDecimal } from '#domain/money';
import { encodeStoreCode } from '#domain/routing/store-code';
import { problemOf } from '#platform/problems';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { NetworkDirectory } from './network-directory.js';

/** The code on a store's counter, for posters, demonstrations and tests. */
@ApiTags('network')
@Controller('api/stores')
export class StoreCodeController {
  constructor(@Inject(NetworkDirectory) private readonly directory: NetworkDirectory) {}

  @Get(':id/code')
  @ApiOperation({ summary: "A store's national QR code, static or for an amount" })
  @ApiOkResponse({ standardSchema: storeCodeSchema })
  @ApiNotFoundResponse({ description: 'No store with a national code has this id' })
  code(
    @Param('id') id: string,
    @Query({ schema: storeCodeQuerySchema }) query: StoreCodeQuery,
  ): StoreCodeView {
    const network = this.directory.current();
    const store = network.stores.get(id);
    const merchant = store && network.merchants.get(store.merchantId);
    if (store === undefined || merchant === undefined) {
      throw problemOf({ code: 'NOT_FOUND', detail: `There is no store ${id.slice(0, 80)}.` });
    }
    const amount =
      query.amount === undefined ? undefined : parseDecimal(query.amount, merchant.currency);
    if (typeof amount === 'string' || amount?.minor === 0n) {
      throw problemOf({
        code: 'PARAM_ILLEGAL',
        detail: `amount must be a positive ${merchant.currency} amount in major units, such as 1200.`,
        field: 'amount',
      });
    }
    const code = encodeStoreCode(network, id, amount === undefined ? {} : { amount });
    if (!code.ok) throw problemOf(code.rejection);
    return {
      storeId: store.id,
      storeName: store.name,
      merchantId: merchant.id,
      acquirerId: merchant.acquirerId,
      market: merchant.market,
      city: merchant.city,
      currency: merchant.currency,
      payload: code.value,
      fictional: true,
    };
  }
}
