const UNIQUE_VIOLATION = '23505';
const ATTEMPTS = 5;

/**
 * Runs a transaction again when another one made the same row first: now it sees that row. For transactions that may be
 * repeated, and rarely meet.
 */
export async function unlessOvertaken<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      const overtaken = error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
      if (!overtaken || attempt === ATTEMPTS) throw error;
    }
  }
}
