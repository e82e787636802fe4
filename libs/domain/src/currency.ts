import { invariant } from './invariant.js';

/** ISO 4217 alphabetic code, e.g. `JPY`. */
export type CurrencyCode = string;

/**
 * What the scheme must know of a currency. `exponent` is ISO 4217's number of decimals and the
 * only one used for arithmetic. `displayIncrement` is the smallest step shops quote, in minor
 * units (IDR: 100, although ISO gives it two decimals); prices shown to payers are rounded to it.
 */
export interface Currency {
  readonly code: CurrencyCode;
  /** ISO 4217 numeric code, three digits, as QR field 53 carries it. */
  readonly numeric: string;
  readonly exponent: number;
  readonly displayIncrement: bigint;
}

/** ISO 4217 list (SIX, amendment 179: XCG and ZWG included), by exponent. */
const ISO_4217: Readonly<Record<number, string>> = {
  0: 'BIF108 CLP152 DJF262 GNF324 ISK352 JPY392 KMF174 KRW410 PYG600 RWF646 UGX800 UYI940 VND704 VUV548 XAF950 XOF952 XPF953',
  2:
    'AED784 AFN971 ALL008 AMD051 ANG532 AOA973 ARS032 AUD036 AWG533 AZN944 BAM977 BBD052 BDT050 BGN975 BMD060 BND096 BOB068 BOV984 BRL986 BSD044 ' +
    'BTN064 BWP072 BYN933 BZD084 CAD124 CDF976 CHE947 CHF756 CHW948 CNY156 COP170 COU970 CRC188 CUC931 CUP192 CVE132 CZK203 DKK208 DOP214 DZD012 ' +
    'EGP818 ERN232 ETB230 EUR978 FJD242 FKP238 GBP826 GEL981 GHS936 GIP292 GMD270 GTQ320 GYD328 HKD344 HNL340 HTG332 HUF348 IDR360 ILS376 INR356 ' +
    'IRR364 JMD388 KES404 KGS417 KHR116 KPW408 KYD136 KZT398 LAK418 LBP422 LKR144 LRD430 LSL426 MAD504 MDL498 MGA969 MKD807 MMK104 MNT496 MOP446 ' +
    'MRU929 MUR480 MVR462 MWK454 MXN484 MXV979 MYR458 MZN943 NAD516 NGN566 NIO558 NOK578 NPR524 NZD554 PAB590 PEN604 PGK598 PHP608 PKR586 PLN985 ' +
    'QAR634 RON946 RSD941 RUB643 SAR682 SBD090 SCR690 SDG938 SEK752 SGD702 SHP654 SLE925 SOS706 SRD968 SSP728 STN930 SVC222 SYP760 SZL748 THB764 ' +
    'TJS972 TMT934 TOP776 TRY949 TTD780 TWD901 TZS834 UAH980 USD840 USN997 UYU858 UZS860 VED926 VES928 WST882 XCD951 YER886 ZAR710 ZMW967 ZWG924',
  3: 'BHD048 IQD368 JOD400 KWD414 LYD434 OMR512 TND788',
  4: 'CLF990 UYW927',
};

/**
 * Currencies whose shops quote coarser steps than ISO's minor unit. IDR: the Alipay+ wire fixes
 * the last two digits to 00 (docs/sources.md A1.2); KHR, LAK, MMK, MNT quote whole units
 * (docs/sources.md S4.2).
 */
const DISPLAY_INCREMENTS: Readonly<Record<CurrencyCode, bigint>> = {
  IDR: 100n,
  KHR: 100n,
  LAK: 100n,
  MMK: 100n,
  MNT: 100n,
};

const byCode = new Map<CurrencyCode, Currency>();
const byNumeric = new Map<string, Currency>();
for (const [exponent, list] of Object.entries(ISO_4217)) {
  for (const item of list.split(' ')) {
    const code = item.slice(0, 3);
    const currency: Currency = Object.freeze({
      code,
      numeric: item.slice(3),
      exponent: Number(exponent),
      displayIncrement: DISPLAY_INCREMENTS[code] ?? 1n,
    });
    byCode.set(code, currency);
    byNumeric.set(currency.numeric, currency);
  }
}
// ANG left circulation for XCG in 2025 and both share 532; a numeric look-up means the living one.
byNumeric.set(
  '532',
  Object.freeze({ code: 'XCG', numeric: '532', exponent: 2, displayIncrement: 1n }),
);
byCode.set('XCG', byNumeric.get('532') as Currency);

/** The currency of an ISO 4217 alphabetic code, or undefined: codes come from outside. */
export function findCurrency(code: CurrencyCode): Currency | undefined {
  return byCode.get(code);
}

/** The currency of an ISO 4217 numeric code (`392`), or undefined. */
export function findCurrencyByNumeric(numeric: string): Currency | undefined {
  return byNumeric.get(numeric);
}

/** The currency of a code that was validated at the edge; an unknown one is a bug here. */
export function currencyOf(code: CurrencyCode): Currency {
  const currency = byCode.get(code);
  invariant(currency !== undefined, `currency ${code} was not validated at the edge`);
  return currency;
}

/** All known currencies, by code. */
export function listCurrencies(): readonly Currency[] {
  return [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
