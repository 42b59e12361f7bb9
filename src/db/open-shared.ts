import type { Database } from '../kernel/database.ts';
import { SamepageError } from '../kernel/errors.ts';
import { type DatabaseConfig, openDatabase } from './client.ts';
import { surveyFolder } from './folder-owner.ts';
import { helloOf } from './owner-protocol.ts';
import { reachOwner } from './reach-owner.ts';
import { socketChannel } from './wire/channels.ts';
import type { Reply, Request } from './wire/messages.ts';
import { databaseOver } from './wire/raw-database.ts';
import { remoteDatabase } from './wire/remote-database.ts';
import { WireClient } from './wire/wire-client.ts';

const gone = (cause: Error | undefined) =>
  new SamepageError(
    'outcome_unknown',
    'The process that holds the embedded database ended before it answered.',
    'Run the command again: what it wrote is kept, and it goes on from there.',
    { cause },
  );

/**
 * The embedded database of a folder through the process that owns it, which is started if there is none.
 * @throws SamepageError `folder_rejected`, `folder_in_use`, `owner_outdated`, `client_outdated` or `unavailable`.
 */
export async function openShared(folder: string, workspaceId: string): Promise<Database> {
  const { socket } = await reachOwner(folder, helloOf('database', { workspaceId }));
  return databaseOver(remoteDatabase(new WireClient(socketChannel<Reply, Request>(socket), gone)));
}

/** The database that the configuration names; an embedded folder through the process that owns it, which is started if there is none. */
export async function openWhole(config: DatabaseConfig & { workspaceId: string }): Promise<Database> {
  if (isEmbeddedFolder(config)) return openShared(config.dataDir, config.workspaceId);
  return openDatabase(config);
}

/**
 * The database as it stands, for looking at: no migration is applied and no owner started. An embedded folder is reached through
 * its owner when it has one that shares it, else opened.
 */
export async function openAsItIs(config: DatabaseConfig & { workspaceId: string }): Promise<Database> {
  if (isEmbeddedFolder(config)) {
    const { living } = await surveyFolder(config.dataDir);
    if (living.some(({ holder }) => holder !== 'mute' && holder.state === 'holding' && holder.shares)) {
      return openShared(config.dataDir, config.workspaceId);
    }
  }
  return openDatabase(config, { migrated: false });
}

function isEmbeddedFolder({ databaseUrl, dataDir }: DatabaseConfig): boolean {
  return databaseUrl === undefined && dataDir !== 'memory';
}
