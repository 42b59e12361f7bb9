import type { RawDatabase } from './raw-database.ts';
import type { WireClient } from './wire-client.ts';

/** The database at the other end of a wire. */
export function remoteDatabase(client: WireClient): RawDatabase {
  return {
    async transaction(mode, run, { signal } = {}) {
      const tx = client.begin(mode);
      const cancel = () => client.cancel(tx);
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel);
      try {
        const result = await run((text, params, form, prepare) => client.statement(tx, text, params, form, prepare));
        await client.end(tx, true);
        return result;
      } catch (error) {
        // rolled back also when it was the end that failed: then there is nothing left to do
        await client.end(tx, false).catch(() => {});
        throw error;
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },
    maintain: (tables) => client.maintain(tables),
    close: () => client.close(),
  };
}
