export {
  addMissingTerms,
  findCalendar,
  findCalendars,
  findSettlementTerms,
  publishCalendar,
  type CalendarPublication,
} from './calendars.repository.js';
export { readShippedCalendars, readShippedTerms } from './calendar-files.js';
export { CalendarsModule } from './calendars.module.js';
export {
  calendarOrRefusal,
  viewOfCalendar,
  viewOfSummary,
  viewOfValueDate,
} from './calendar-views.js';
export { seedCalendars } from './seed-calendars.js';
