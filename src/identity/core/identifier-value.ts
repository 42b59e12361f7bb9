import { readAnonymousId } from '../../records/core/key-cells.ts';
import { normaliseDomain } from './normalise-domain.ts';
import { normaliseEmail } from './normalise-email.ts';
import { phoneKeyOf, phoneTail } from './phone-key.ts';

/** The kinds of identifiers of which one may tell nobody apart. */
export const IDENTIFIER_KINDS = [
  'email',
  'phone',
  'domain',
  'device', // the anonymous id of events: a cookie's, a browser's, a device's
] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/**
 * An identifier in the form in which values are compared; null for what is none of its kind.
 * @param country ISO 3166-1 alpha-2: where a telephone number without a country code is from
 */
export function identifierValue(kind: IdentifierKind, text: string, country: string | null = null): string | null {
  if (kind === 'device') {
    const reading = readAnonymousId(text);
    return reading !== undefined && 'value' in reading ? reading.value : null;
  }
  if (kind === 'email') return normaliseEmail(text)?.key ?? null;
  if (kind === 'domain') return normaliseDomain(text)?.registrable ?? null;
  const phone = phoneKeyOf(text, country);
  return phone === null ? null : phoneTail(phone);
}
