import { Module } from '@nestjs/common';
import { LedgerController } from './ledger.controller.js';

/** Shows the books; import it into the front door, which has guards and a `DataSource`. */
@Module({ controllers: [LedgerController] })
export class LedgerPagesModule {}
