/**
 * Settlement: the calendars that say when money can move, and what moves on those days.
 */
export * from './calendars/index.js';
