import ipaddr from 'ipaddr.js';

/** Whether an address is in one of the networks, each as 10.1.0.0/16 or as a single address. Those that cannot be read hold nobody. */
export function isWithin(networks: readonly string[]): (address: string | undefined) => boolean {
  const ranges = networks.flatMap((network) => {
    if (ipaddr.isValidCIDR(network)) return [ipaddr.parseCIDR(network)];
    if (!ipaddr.isValid(network)) return [];
    const address = ipaddr.parse(network);
    return [[address, address.kind() === 'ipv4' ? 32 : 128] as [typeof address, number]];
  });
  return (address) => {
    if (address === undefined || !ipaddr.isValid(address)) return false;
    const own = ipaddr.process(address);
    return ranges.some(([base, bits]) => base.kind() === own.kind() && own.match(base, bits));
  };
}
