import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isPublicAddress } from './core/public-address.ts';

/** The connection was refused by us: its address is not one of the public internet. */
class BlockedAddress extends Error {
  override readonly name = 'BlockedAddress';
  readonly code = 'SAMEPAGE_BLOCKED_ADDRESS';

  constructor() {
    super('the address is not on the public internet');
  }
}

const CONNECT_MS = 5_000;
const CONNECTIONS = 8;

/** Connections to the public internet alone: what all providers are asked over. */
export function publicAgent(): Agent {
  return guardedAgent(isPublicAddress, buildConnector({ timeout: CONNECT_MS, lookup: guardedLookup(isPublicAddress) }));
}

/**
 * An agent that checks where each socket has arrived, which no name, literal form, redirect or change of DNS can get round; names
 * and literals are checked before as well, so that a private address is not even knocked at.
 * @param connections at once to one origin
 */
export function guardedAgent(
  permits: (address: string | undefined) => boolean,
  connect: buildConnector.connector,
  connections = CONNECTIONS,
): Agent {
  return new Agent({
    connections,
    pipelining: 1,
    connect(options, callback) {
      const literal = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) !== 0 && !permits(literal)) {
        callback(new BlockedAddress(), null);
        return;
      }
      connect(options, (...result) => {
        const [error, socket] = result;
        if (error !== null) callback(error, null);
        else if (permits(socket.remoteAddress)) callback(null, socket);
        else {
          socket.destroy();
          callback(new BlockedAddress(), null);
        }
      });
    },
  });
}

/** Looks a name up, and refuses it when any of its addresses is not permitted. */
export function guardedLookup(permits: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const [first] = found ?? [];
      if (error !== null || first === undefined) callback(error ?? new BlockedAddress(), '');
      else if (!found.every(({ address }) => permits(address))) callback(new BlockedAddress(), '');
      else if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}
