import {
  detailFileName,
  detailFileText,
  detailTime,
  STANDARD_AGREEMENT,
  type DetailLine,
} from '#contracts/clearing-files/transaction-detail';
import type { CycleId } from '#domain/ids';
import { invertRatio, parseRatio, ratioText } from '#domain/rates/ratio';
import type { Draws } from './draws.js';
import type { PartnerBook } from './plant-faults.js';

/** A file as a partner would send it. */
export interface SentFile {
  readonly name: string;
  readonly text: string;
}

const LINES_PER_PART = 2_000;

/**
 * What partners do that is no fault: lines in any order, prices of the other direction, with
 * more zeros or left out, clocks that are off, other line ends, first tries that failed. None of it
 * may be called a break.
 */
export function disguised(
  book: Pick<PartnerBook, 'participantId' | 'side' | 'currency'>,
  lines: readonly DetailLine[],
  cycleId: CycleId,
  draws: Draws,
): SentFile[] {
  const odd = lines.flatMap((line) => {
    const same = oddly(line, draws);
    const isTriedTwice = line.result === 'SUCCESS' && draws.percent(1);
    return isTriedTwice ? [{ ...same, result: 'FAILED' as const }, same] : [same];
  });
  const shuffled = draws.shuffle(odd);
  const partCount = Math.max(1, Math.ceil(shuffled.length / LINES_PER_PART));
  const endsInCrLf = draws.percent(30);
  return Array.from({ length: partCount }, (_, seq) => {
    const part = shuffled.slice(seq * LINES_PER_PART, (seq + 1) * LINES_PER_PART);
    const text = detailFileText(part, book.currency, partCount);
    return {
      name: detailFileName({
        participantId: book.participantId,
        settlementCurrency: book.currency,
        clearingBatchId: cycleId,
        participantAgreementId: STANDARD_AGREEMENT,
        seq,
      }),
      text: endsInCrLf ? text.replaceAll('\n', '\r\n') : text,
    };
  });
}

function oddly(line: DetailLine, draws: Draws): DetailLine {
  const off = draws.below(181) - 90;
  const changed = { ...line, paymentTime: detailTime(Date.parse(line.paymentTime) + off * 1_000) };
  return draws.percent(60) ? changed : { ...changed, ...otherQuote(line, draws) };
}

function otherQuote(
  { quoteCurrencyPair, quotePrice }: DetailLine,
  draws: Draws,
): Pick<DetailLine, 'quoteCurrencyPair' | 'quotePrice'> {
  const [base = '', counter = ''] = quoteCurrencyPair.split('/');
  const price = parseRatio(quotePrice);
  const inverse = price === undefined ? '0' : ratioText(invertRatio(price));
  const isPrecise = inverse.replace('.', '').replace(/^0+/, '').length >= 6;
  if (base !== counter && isPrecise && draws.percent(50)) {
    return { quoteCurrencyPair: `${counter}/${base}`, quotePrice: inverse };
  }
  const zeros = quotePrice.includes('.') ? `${quotePrice}00` : `${quotePrice}.00`;
  return { quoteCurrencyPair, quotePrice: zeros };
}
