import { Module } from '@nestjs/common';
import { AccountBook } from './account-book.js';
import { OutboxBell } from './outbox-bell.js';

/** Offers the two parts of the ledger that hold state in memory; the rest are functions. */
@Module({ providers: [AccountBook, OutboxBell], exports: [AccountBook, OutboxBell] })
export class LedgerModule {}
