import { NO_PROGRESS, type Progress } from '../kernel/context.ts';
import { neutralText } from './neutralise.ts';
import type { Extra } from './session.ts';

const EVERY_MS = 100;

/** Progress as notifications, at most ten a second and always rising, as the protocol asks; silent when nobody asked. */
export function progressOf(extra: Extra | undefined): Progress {
  const progressToken = extra?._meta?.progressToken;
  if (extra === undefined || progressToken === undefined) return NO_PROGRESS;
  let lastDone = -1;
  let lastSent = Number.NEGATIVE_INFINITY;
  return {
    report(done, total, message) {
      const now = performance.now();
      if (done <= lastDone || (now - lastSent < EVERY_MS && done !== total)) return;
      lastDone = done;
      lastSent = now;
      const params = { progressToken, progress: done, ...(total === undefined ? {} : { total }), message: neutralText(message) };
      // the caller may be gone: what it no longer hears is no failure of the work
      extra.sendNotification({ method: 'notifications/progress', params }).catch(() => {});
    },
  };
}
