import type { ServeFlags } from '../server/serve.ts';

/**
 * The flags of `serve` when the command line says nothing else; undefined for anything that is to be looked at more closely,
 * a mistake included. Every client starts this program, so what it starts with is kept small.
 */
export function plainServeFlags(args: readonly string[]): ServeFlags | undefined {
  const flags: ServeFlags = {};
  const rest = args[0] === 'serve' ? args.slice(1) : [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--read-only') flags.readOnly = true;
    else if (word.startsWith('--toolsets=')) flags.toolsets = word.slice('--toolsets='.length);
    else if (word === '--toolsets' && rest[0] !== undefined) flags.toolsets = rest.shift() ?? '';
    else return undefined;
  }
  return flags;
}
