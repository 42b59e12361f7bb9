import ipaddr from 'ipaddr.js';

/**
 * True for an address of the public internet. Private, loopback, link-local, multicast, reserved and documentation ranges are
 * not, nor are the IPv6 forms that lead to an IPv4 address by way of the network (NAT64, 6to4, Teredo); a mapped one is that address.
 */
export function isPublicAddress(address: string | undefined): boolean {
  if (address === undefined || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().range() === 'unicast';
  return parsed.range() === 'unicast';
}
