import { LOG_LEVELS, type LogLevel } from '../../config.ts';

type Fields = Readonly<Record<string, string | number>>;

/** The few lines that a proxy logs itself, in the form of all others (src/log.ts); the library for them is not loaded here. */
export function proxyLog(level: LogLevel): (at: 'info' | 'warn' | 'error', event: string, fields?: Fields) => void {
  return (at, event, fields = {}) => {
    if (LOG_LEVELS.indexOf(at) < LOG_LEVELS.indexOf(level)) return;
    process.stderr.write(`${JSON.stringify({ level: at, time: new Date().toISOString(), ...fields, event })}\n`);
  };
}
