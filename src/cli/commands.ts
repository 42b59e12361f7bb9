import type { Register } from './deps.ts';
import { register as serve } from './serve.ts';

/** Every subcommand, in the order of `--help`. */
export const commands: readonly Register[] = [serve];
