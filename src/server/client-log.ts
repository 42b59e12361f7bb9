import { type LoggingLevel, LoggingLevelSchema, SetLevelRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Handle, Session } from './session.ts';

/** Answers `logging/setLevel`. Gives what sends a message to the client, from the level on that it asked for. */
export function handleLogging(handle: Handle, server: Session['server']): Session['tell'] {
  const rank = (level: LoggingLevel) => LoggingLevelSchema.options.indexOf(level);
  let least: LoggingLevel = 'debug';
  handle(SetLevelRequestSchema, async ({ params }) => {
    least = params.level;
    return {};
  });
  return (level, message) => {
    if (rank(level) < rank(least)) return;
    server.sendLoggingMessage({ level, logger: 'samepage', data: message }).catch(() => {});
  };
}
