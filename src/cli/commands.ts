import { register as attribute } from './attribute.ts';
import { register as backup } from './backup.ts';
import { register as cadence } from './cadence.ts';
import { register as definitions } from './definitions.ts';
import { register as demo } from './demo.ts';
import type { Register } from './deps.ts';
import { register as doctor } from './doctor.ts';
import { register as heat } from './heat.ts';
import { register as icp } from './icp.ts';
import { register as importCommand } from './import.ts';
import { register as init } from './init.ts';
import { register as match } from './match.ts';
import { register as move } from './move.ts';
import { register as plays } from './plays.ts';
import { register as providers } from './providers.ts';
import { register as rescore } from './rescore.ts';
import { register as restore } from './restore.ts';
import { register as review } from './review.ts';
import { register as score } from './score.ts';
import { register as segments } from './segments.ts';
import { register as serve } from './serve.ts';
import { register as sign } from './sign.ts';
import { register as stitch } from './stitch.ts';
import { register as team } from './team.ts';
import { register as validate } from './validate.ts';
import { register as webhooks } from './webhooks.ts';
import { register as work } from './work.ts';

/** Every subcommand, in the order of `--help`. */
export const commands: readonly Register[] = [
  serve,
  init,
  importCommand,
  rescore,
  score,
  heat,
  plays,
  segments,
  stitch,
  match,
  attribute,
  icp,
  definitions,
  team,
  sign,
  cadence,
  review,
  validate,
  providers,
  webhooks,
  work,
  backup,
  restore,
  move,
  doctor,
  demo,
];
