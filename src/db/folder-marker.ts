import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MARKER } from './folder-address.ts';

/** What a folder of ours says of itself. */
const markerSchema = z.object({
  product: z.literal('samepage'),
  /** Of the folder's layout. */
  format: z.int().min(1),
  /** `creating` until the first start has made the whole database. */
  state: z.enum(['creating', 'ready']),
  /** The major version of PostgreSQL that made the database. */
  postgres: z.int(),
});
export type Marker = z.infer<typeof markerSchema>;

/** The folder's marker, `undefined` when it has none, `unreadable` when it is not one of ours or damaged. */
export async function readMarker(folder: string): Promise<Marker | undefined | 'unreadable'> {
  let text: string;
  try {
    text = await readFile(join(folder, MARKER), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return markerSchema.parse(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
}

/** Replaces the marker in one step that survives a loss of power. */
export async function writeMarker(folder: string, marker: Marker): Promise<void> {
  const temporary = join(folder, `${MARKER}.new`);
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(marker, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, MARKER));
}
