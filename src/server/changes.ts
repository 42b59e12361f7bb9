/** What a call changed: the URIs of resources, one with a `*` at its end for many, and whether the list of resources did. */
export interface Change {
  uris: readonly string[];
  list: boolean;
}

export type Listener = (change: Change) => Promise<void>;

/** What the connections to one workspace hear of each other's changes. */
export interface Changes {
  listen(listener: Listener): () => void;
  /** Tells all. Waits for `own` alone: another may have stopped reading. */
  publish(change: Change, own?: Listener): Promise<void>;
}

export function createChanges(): Changes {
  const listeners = new Set<Listener>();
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async publish(change, own) {
      for (const listener of listeners) if (listener !== own) listener(change).catch(() => {});
      await own?.(change);
    },
  };
}
