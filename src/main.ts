#!/usr/bin/env node
import { plainServeFlags } from './cli/serve-flags.ts';

/** What clients start, and what proxies start, goes its own short way: the command line's library is not loaded for it. */
const args = process.argv.slice(2);
const serveFlags = plainServeFlags(args);
try {
  if (serveFlags !== undefined) {
    const { serve } = await import('./server/serve.ts');
    await serve(serveFlags);
  } else if (args[0] === 'owner') {
    const [{ parseConfig }, { runOwner }] = await Promise.all([import('./config.ts'), import('./server/owner/run-owner.ts')]);
    await runOwner(parseConfig(), args.slice(1));
  } else {
    const { runCommand } = await import('./cli/run.ts');
    await runCommand();
  }
} catch (error) {
  const { fail } = await import('./cli/run.ts');
  await fail(error);
}
