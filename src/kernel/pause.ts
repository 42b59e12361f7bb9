import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so many milliseconds; false at once when the signal is aborted meanwhile. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal }).catch(() => false);
}
