import { ROLES } from '../../records/core/role-address.ts';

const FIRST = 0x811c9dc5 | 0;

/** By the low bits of a hash, 1 where a role may be meant. */
const MAY_BE_ROLE = new Uint8Array(1 << 16);
for (const role of ROLES) MAY_BE_ROLE[[...role].reduce((hash, letter) => step(hash, letter.charCodeAt(0)), FIRST) & 0xffff] = 1;

/**
 * False for a local part of which it shows at a glance that it is no role address, as most do: neither its first word nor all of its words
 * together, without figures at their ends, are one.
 */
export function mayBeRole(local: Uint8Array, length: number): boolean {
  let [hash, kept, isFirst] = [FIRST, FIRST, true];
  for (let i = 0; i < length; i += 1) {
    const byte = local[i] as number;
    if (byte >= 0x30 && byte <= 0x39) hash = step(hash, byte);
    else if (byte === 0x2e || byte === 0x5f || byte === 0x2b || byte === 0x2d) {
      if (isFirst && MAY_BE_ROLE[kept & 0xffff] === 1) return true;
      isFirst = false;
      hash = kept;
    } else {
      hash = step(hash, byte);
      kept = hash;
    }
  }
  return MAY_BE_ROLE[kept & 0xffff] === 1;
}

function step(hash: number, unit: number): number {
  const next = Math.imul(hash ^ unit, 0x01000193);
  return next ^ (next >>> 15);
}
