/**
 * Goal: the ECB's file is read figure by figure, and any doubt about it refuses the whole file
 * with line and column. Method: short files in the published layout, one fault each.
 */
import { parseEcbHistory } from './ecb-history.js';

const TODAY = '2026-04-14';
const GOOD = [
  'Date,USD,JPY,EEK,',
  '2026-04-13,1.1684,186.75,N/A,',
  '2026-04-10,1.1711,N/A,15.6466,',
  '',
].join('\n');

function read(text: string) {
  const outcome = parseEcbHistory(text, TODAY);
  if (!outcome.ok) throw new Error(outcome.rejection.detail);
  return outcome.value;
}

function refusal(text: string): string {
  const outcome = parseEcbHistory(text, TODAY);
  expect(outcome).toMatchObject({ ok: false, rejection: { code: 'PARAM_ILLEGAL' } });
  return outcome.ok ? '' : `${outcome.rejection.field ?? ''} | ${outcome.rejection.detail}`;
}

describe('a good file', () => {
  it('yields figures as written, counts gaps, and leaves out currencies that are gone', () => {
    const history = read(GOOD);
    expect(history.figures).toEqual([
      { counter: 'USD', asOf: '2026-04-13', rate: '1.1684' },
      { counter: 'JPY', asOf: '2026-04-13', rate: '186.75' },
      { counter: 'USD', asOf: '2026-04-10', rate: '1.1711' },
    ]);
    expect(history).toMatchObject({
      gaps: 1,
      unknownColumns: ['EEK'],
      newest: '2026-04-13',
      oldest: '2026-04-10',
      days: 2,
    });
  });

  it('may have Windows line ends, a byte order mark, blanks, no trailing commas, any order', () => {
    const plain = read(GOOD).figures;
    expect(read(`\uFEFF${GOOD.replaceAll('\n', '\r\n')}`).figures).toEqual(plain);
    expect(read(GOOD.replaceAll(',', ', ')).figures).toEqual(plain);
    expect(read(GOOD.replaceAll(/,\n/g, '\n')).figures).toEqual(plain);
    const [header = '', first = '', second = ''] = GOOD.split('\n');
    const turned = read([header, second, first].join('\n'));
    expect(turned).toMatchObject({ newest: '2026-04-13', oldest: '2026-04-10', days: 2 });
  });
});

describe('a doubtful file', () => {
  const day = (line: string): string => `Date,USD,JPY\n2026-04-13,1.1684,186.75\n${line}`;

  it.each([
    ['', 'line 1, column 1'],
    ['<html>', 'line 1, column 1'],
    ['date,USD\n2026-04-13,1.1', 'line 1, column 1'],
    ['Date\n2026-04-13', 'line 1, column Date'],
    ['Date,USD,usd\n', 'line 1, column usd'],
    ['Date,USD,EUR\n', 'line 1, column EUR'],
    ['Date,USD,JPY,USD\n', 'line 1, column USD'],
    ['Date,USD,JPY\n', 'line 2'],
    [day('2026-04-10,1.17,186,4'), 'line 3, column Date'],
    [day('2026-04-10,1.17'), 'line 3, column Date'],
    [day('2026-04-13,1.17,186'), 'line 3, column Date'],
    [day('2026-02-30,1.17,186'), 'line 3, column Date'],
    [day('10 April 2026,1.17,186'), 'line 3, column Date'],
    [day('2026-04-16,1.17,186'), 'line 3, column Date'],
    [day('2026-04-10,1.17,abc'), 'line 3, column JPY'],
    [day('2026-04-10,-1.17,186'), 'line 3, column USD'],
    [day('2026-04-10,0,186'), 'line 3, column USD'],
    [day('2026-04-10,,186'), 'line 3, column USD'],
    [day('2026-04-10,1e3,186'), 'line 3, column USD'],
    [day('2026-04-10,1.17,1000000001'), 'line 3, column JPY'],
    [day('2026-04-10,0.0000001,186'), 'line 3, column USD'],
    [day('2026-04-10,Infinity,186'), 'line 3, column USD'],
    [day('2026-04-10,n/a,186'), 'line 3, column USD'],
  ])('%j is refused at %s', (text, place) => {
    expect(refusal(text).startsWith(`${place} |`)).toBe(true);
  });

  it('accepts a figure of tomorrow, since days begin at different hours', () => {
    expect(read(day('2026-04-15,1.17,186')).newest).toBe('2026-04-15');
  });
});
