import type { Hello } from '../../db/owner-protocol.ts';
import { SamepageError, shown } from '../../kernel/errors.ts';

type Versions = Pick<Hello, 'protocol' | 'version' | 'migrations' | 'codec' | 'pid'>;
type Client = Versions & Pick<Hello, 'kind'>;

/**
 * Why an owner does not serve a client of another version; undefined when it does. A newer client is not served by an older
 * owner: its database lacks what the client may count on, and must not be migrated under the owner. An older client is
 * served as long as it speaks the same protocol.
 */
export function versionRefusal(client: Client, owner: Versions): SamepageError | undefined {
  const held = `The data folder is held by process ${owner.pid}, which runs`;
  if (client.protocol > owner.protocol || client.migrations > owner.migrations || isNewer(client.version, owner.version)) {
    return new SamepageError(
      'owner_outdated',
      isNewer(client.version, owner.version)
        ? `${held} samepage-mcp ${owner.version}; this is the newer ${shown(client.version)}.`
        : `${held} an older build of samepage-mcp ${owner.version} than this one.`,
      'Close the other clients that use the folder, or update them: the older process ends by itself when the last has left.',
    );
  }
  if (client.protocol < owner.protocol) {
    return new SamepageError(
      'client_outdated',
      isNewer(owner.version, client.version)
        ? `${held} samepage-mcp ${owner.version}; this is the older ${shown(client.version)}.`
        : `${held} a newer build of samepage-mcp ${owner.version} than this one.`,
      'Update samepage-mcp for this client, or close the other clients that use the folder.',
    );
  }
  // rows travel in the form that Node itself writes, which MCP's lines do not
  if (client.kind === 'database' && client.codec !== owner.codec) {
    return new SamepageError(
      client.codec > owner.codec ? 'owner_outdated' : 'client_outdated',
      `The data folder is held by process ${owner.pid}, which runs on another version of Node.js than this command.`,
      'Run both on the same version of Node.js, or close the clients that use the folder and run the command again.',
    );
  }
  return undefined;
}

function isNewer(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0));
  for (let i = 0; i < 3; i += 1) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
