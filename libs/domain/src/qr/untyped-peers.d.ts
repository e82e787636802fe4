/** What the tests use of peers that ship no types. */
declare module 'bakong-khqr' {
  export class BakongKHQR {
    static decodeNonKhqr(payload: string): {
      readonly data: Readonly<Record<string, unknown>> | null;
    };
    generateIndividual(info: IndividualInfo): { readonly data: { readonly qr: string } | null };
  }
  export class IndividualInfo {
    constructor(account: string, name: string, city: string, optional: Record<string, unknown>);
  }
  export const khqrData: { readonly currency: Readonly<Record<'usd' | 'khr', number>> };
}

declare module 'paynowqr' {
  export default class PaynowQR {
    constructor(options: Record<string, unknown>);
    output(): string;
  }
}
