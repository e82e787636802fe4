/**
 * Goal: a slip of the fingers is answered with the word that was meant, and a wild guess is not.
 * Method: slips one makes at a keyboard against the words of the format; distances by hand.
 */
import { editDistance, nearestName, sameInOtherUnit } from './nearest-name.js';

const keys = ['visitors', 'spending', 'wallets', 'acceptance', 'settlement', 'shocks'];

it.each([
  ['visitor', 'visitors'],
  ['vistors', 'visitors'],
  ['settelment', 'settlement'],
  ['Wallets', 'wallets'],
  ['acc', 'acceptance'],
])('takes %s for %s', (slip, meant) => {
  expect(nearestName(slip, keys)).toBe(meant);
});

it.each(['fees', 'x', '', 'merchants'])('takes %s for nothing', (word) => {
  expect(nearestName(word, keys)).toBeUndefined();
});

it.each([
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['ab', 'ba', 1],
  ['same', 'same', 0],
])('counts the edits from %s to %s', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
  expect(editDistance(b, a)).toBe(edits);
});

it.each([
  ['growthPercent', 'growthPercentPerYear'],
  ['growth', 'growthPercentPerYear'],
  ['mdrPercent', 'mdrBps'],
  ['rateLockSeconds', 'rateLockMinutes'],
])('knows %s in its own unit', (given, meant) => {
  expect(sameInOtherUnit(given, ['growthPercentPerYear', 'mdrBps', 'rateLockMinutes'])).toBe(meant);
});
