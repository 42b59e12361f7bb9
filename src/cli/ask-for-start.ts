import { createInterface } from 'node:readline/promises';
import { TEAMS } from '../definitions/core/common.ts';
import type { Team } from '../definitions/core/signing.ts';
import { namedTeam } from '../definitions/named-kind.ts';
import type { Template } from '../definitions/templates.ts';
import { SamepageError, shown } from '../kernel/errors.ts';

export interface Leader {
  team: Team;
  name: string;
}

/** `sales=Sam Ode`. @throws SamepageError for anything else. */
export function leaderGiven(text: string): Leader {
  const at = text.indexOf('=');
  const name = text.slice(at + 1).trim();
  if (at > 0 && name !== '') return { team: namedTeam(text.slice(0, at).trim()), name };
  throw new SamepageError('invalid_input', `--lead ${shown(text)} is not team=name.`, 'Write it as in --lead "sales=Sam Ode".');
}

/**
 * Asks at the terminal for what was not given: the template, and a leader for each team that signs.
 * @throws SamepageError `invalid_input` where there is no terminal to ask at.
 */
export async function askForStart(
  given: { template: string | undefined; leaders: Leader[] },
  templates: readonly Template[],
  signal: AbortSignal,
): Promise<{ template: string; leaders: Leader[] }> {
  const input = process.stdin;
  const output = process.stderr;
  if (input.isTTY !== true || output.isTTY !== true)
    throw new SamepageError(
      'invalid_input',
      'There is no terminal to ask at.',
      `Give --template (${templates.map(({ name }) => name).join(', ')}) and --lead "sales=Name", "marketing=Name", "finance=Name".`,
    );
  const lines = createInterface({ input, output });
  try {
    let { template } = given;
    if (template === undefined) {
      output.write(`${templates.map((one, i) => `  ${i + 1}  ${one.title}: ${one.for}`).join('\n')}\n`);
      const typed = (await lines.question('Which is nearest to you? Number or name: ', { signal })).trim();
      template = templates[Number(typed) - 1]?.name ?? typed;
    }
    const leaders = [...given.leaders];
    for (const team of TEAMS.filter((one) => one === 'marketing' || one === 'sales' || one === 'finance')) {
      if (leaders.some((one) => one.team === team)) continue;
      const name = (await lines.question(`Who leads ${team}? Nobody yet: press Enter. `, { signal })).trim();
      if (name !== '') leaders.push({ team, name });
    }
    return { template, leaders };
  } finally {
    lines.close();
  }
}
