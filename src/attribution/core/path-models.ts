import { SamepageError, shown } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { PathwiseModel } from './credit.ts';

/** Models that a file of paths can be run through; the last two only when asked for. */
const PATH_MODELS = [
  'first_touch',
  'last_touch',
  'last_non_direct',
  'linear',
  'position_based',
  'time_decay',
  'markov',
  'shapley',
  'weighted',
  'shapley_conversion_rate',
] as const;
export type PathModelName = (typeof PATH_MODELS)[number];
/** They credit changes of stage, of which a path of channels says nothing. */
const NEED_MILESTONES = ['u_shaped', 'w_shaped', 'full_path'];

interface PathWeights {
  first_touch?: number;
  last_touch?: number;
  others?: number;
}

export interface PathModel {
  model: PathModelName;
  label: string;
  /** Left out: it looks at all paths at once. */
  pathwise?: PathwiseModel;
}

export interface ModelOptions {
  names: readonly string[];
  order: 1 | 2;
  halfLifeDays: number;
  weights?: PathWeights;
}

/** The models asked for, in their order; all that need no more than paths when none is. @throws SamepageError `invalid_input` */
export function pathModels({ names, order, halfLifeDays, weights }: ModelOptions): PathModel[] {
  const asked = new Set(names.flatMap((one) => one.split(',')).map((one) => known(one.trim(), weights)));
  if (asked.size === 0) for (const one of PATH_MODELS.slice(0, 8)) asked.add(one);
  if (weights !== undefined) asked.add('weighted');
  const definitions: Record<PathModelName, Omit<PathModel, 'model'>> = {
    first_touch: { label: 'First touch', pathwise: { type: 'weighted', weights: { first_touch: 100 } } },
    last_touch: { label: 'Last touch', pathwise: { type: 'weighted', weights: { last_touch: 100 } } },
    last_non_direct: { label: 'Last non-direct', pathwise: { type: 'last_non_direct' } },
    linear: { label: 'Linear', pathwise: { type: 'linear' } },
    position_based: {
      label: 'Position 40/20/40',
      pathwise: { type: 'weighted', weights: { first_touch: 40, last_touch: 40, others: 20 } },
    },
    time_decay: { label: `Time decay ${halfLifeDays} d`, pathwise: { type: 'time_decay', half_life_days: halfLifeDays } },
    markov: { label: `Removal effect, order ${order}` },
    shapley: { label: 'Shapley, paths within', pathwise: { type: 'shapley', value: 'paths_within' } },
    weighted: { label: weightsLabel(weights), pathwise: { type: 'weighted', weights: weights ?? {} } },
    shapley_conversion_rate: { label: 'Shapley, conversion rate' },
  };
  return PATH_MODELS.filter((model) => asked.has(model)).map((model) => ({ model, ...definitions[model] }));
}

/** Weights as `first_touch=40,last_touch=40,others=20`. @throws SamepageError `invalid_input` */
export function givenWeights(text: string): PathWeights {
  const weights: PathWeights = {};
  for (const pair of text.split(',')) {
    const [name = '', number = ''] = pair.split('=').map((one) => one.trim());
    const named = (['first_touch', 'last_touch', 'others'] as const).find((one) => one === name);
    const percent = number === '' ? Number.NaN : Number(number);
    if (named === undefined || weights[named] !== undefined || !(percent >= 0 && percent <= 100) || !Number.isInteger(percent * 2)) {
      throw new SamepageError(
        'invalid_input',
        `"${shown(pair)}" in --weights is no weight.`,
        'Write percentages in steps of a half, each name once, as in --weights first_touch=40,last_touch=40,others=20; milestones are not in a file of paths.',
      );
    }
    weights[named] = percent;
  }
  const sum = (weights.first_touch ?? 0) + (weights.last_touch ?? 0) + (weights.others ?? 0);
  if (sum !== 100) throw new SamepageError('invalid_input', `--weights add up to ${sum}, not 100.`, 'Give percentages that add up to 100.');
  return weights;
}

function known(name: string, weights: PathWeights | undefined): PathModelName {
  const found = PATH_MODELS.find((one) => one === name);
  if (found === 'weighted' && weights === undefined)
    throw new SamepageError(
      'invalid_input',
      '--model weighted has no weights.',
      'Give them, as in --weights first_touch=40,last_touch=40,others=20.',
    );
  if (found !== undefined) return found;
  if (NEED_MILESTONES.includes(name)) {
    throw new SamepageError(
      'invalid_input',
      `--model ${name} credits changes of stage, which a file of paths does not tell.`,
      `Leave it out, or ask get_attribution for it over your own data; the models for a file are ${PATH_MODELS.join(', ')}.`,
    );
  }
  const near = nearest(name, PATH_MODELS);
  throw new SamepageError(
    'invalid_input',
    `--model "${shown(name)}" is not known${near === undefined ? '' : `; did you mean ${near}?`}`,
    `The models are ${PATH_MODELS.join(', ')}.`,
  );
}

function weightsLabel({ first_touch = 0, last_touch = 0, others = 0 }: PathWeights = {}): string {
  return `Weights ${first_touch}/${others}/${last_touch}`;
}
