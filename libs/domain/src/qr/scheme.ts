import type { CurrencyCode } from '../currency.js';
import type { Market } from '../network.js';

/** A child's meaning; a record where the child is itself a template (VietQR's beneficiary). */
export type ChildName = string | Readonly<Record<string, string>>;

/** An account template of a scheme inside an EMVCo merchant-presented code. */
export interface SchemeTemplate {
  /** Object id the scheme prescribes, used when encoding; also the only one read if `fixed`. */
  readonly at: string;
  /**
   * What child 00 must say, compared without case; or a shape where the scheme writes an account
   * there instead of an identifier.
   */
  readonly guid: string | { readonly contains: string } | { readonly shape: GuidShape };
  /** Older or issuer spellings that mean the same. */
  readonly alsoGuids?: readonly string[];
  /** What this template is for, when the scheme has several. */
  readonly use?: string;
  /** Names of the children, by id. */
  readonly children: Readonly<Record<string, ChildName>>;
  /** What a child must look like when written, by name: a pattern for the whole value. */
  readonly patterns?: Readonly<Record<string, string>>;
  /** Name under which child 00 itself is an identifier (KHQR, LankaQR). */
  readonly guidName?: string;
  /** Read only at these object ids; without it any template of 26 to 51 and 80 to 99. */
  readonly onlyAt?: readonly string[];
  /** Read only in codes of these markets; shapes need it, identifiers do not. */
  readonly onlyIn?: readonly Market[];
}

export type GuidShape = 'accountAtBank' | 'digits28';

/** Card networks own plain objects of 02 to 25; `parts` splits a fixed layout by widths. */
export interface SchemePrimitive {
  readonly at: readonly string[];
  readonly name?: string;
  readonly parts?: readonly (readonly [name: string, width: number])[];
  readonly onlyIn?: readonly Market[];
}

/** What a scheme may do against the paper (docs/qr.md). */
export interface SchemeAllowances {
  /** Values of object 00 besides `01`. */
  readonly payloadFormats?: readonly string[];
  /** An amount of zero lets the payer enter it. */
  readonly zeroAmount?: boolean;
  /** Mandatory objects its specification leaves out; they still warn. */
  readonly omits?: readonly string[];
}

/**
 * A payment scheme as data: how its codes are recognised, what they carry, and in what they
 * deviate. Adding a scheme is adding a record; no decoder changes.
 */
export interface SchemeProfile {
  readonly id: string;
  readonly name: string;
  readonly markets: readonly Market[];
  /** The one currency of its codes, where there is only one. */
  readonly currency?: CurrencyCode;
  readonly templates?: readonly SchemeTemplate[];
  readonly primitives?: readonly SchemePrimitive[];
  /** AID prefixes in consumer-presented codes, upper-case hexadecimal. */
  readonly aids?: readonly string[];
  /** Formats other than EMVCo's that carry it. */
  readonly formats?: readonly string[];
  readonly allows?: SchemeAllowances;
  /** Specification, section, or the public code the record rests on. */
  readonly source: string;
}

/** That a code names a scheme, and the identifiers it gives for routing. */
export interface SchemeMatch {
  readonly scheme: string;
  readonly name: string;
  /** Where it was found: an object id, a tag path, or empty for the whole code. */
  readonly path: string;
  readonly use: string | null;
  readonly guid: string | null;
  readonly identifiers: Readonly<Record<string, string>>;
}
