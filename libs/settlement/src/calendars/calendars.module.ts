import { Module } from '@nestjs/common';
import { CalendarsController } from './calendars.controller.js';

/** Settlement calendars and value dates. Needs the process's `DataSource` and clock. */
@Module({ controllers: [CalendarsController] })
export class CalendarsModule {}
