export {
  addMissingTerms,
  findCalendar,
  findCalendars,
  findSettlementTerms,
  publishCalendar,
  type CalendarPublication,
} from './calendars.repository.js';
export { CalendarsModule } from './calendars.module.js';
export {
  calendarOrRefusal,
  viewOfCalendar,
  viewOfSummary,
  viewOfValueDate,
} from './calendar-views.js';
export { seedCalendars } from './seed-calendars.js';
