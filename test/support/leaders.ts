import type { z } from 'zod';
import { setTeamMember } from '../../src/definitions/set-team-member.ts';
import { type Signed, signDefinition, type signDefinitionInput } from '../../src/definitions/sign-definition.ts';
import type { Context, Person, Question } from '../../src/kernel/context.ts';
import { settleDefinitions } from '../../src/records/settle-definitions.ts';

/** A person who says yes as the first of those asked, or as whom they are told; `asked` is what they read. */
export function willing(name?: string, asked: Question[] = []): Person {
  return {
    way: 'terminal',
    async ask(question) {
      asked.push(question);
      return name ?? question.names[0];
    },
  };
}

/** One leader for each team that signs. */
export async function makeLeaders(ctx: Context): Promise<void> {
  for (const [team, name] of [
    ['marketing', 'Mara Lind'],
    ['sales', 'Sam Ode'],
    ['finance', 'Fay Orr'],
  ] as const)
    await setTeamMember(ctx, { team, name, role: 'leader' });
}

/** A signature by a willing leader, unless the context has somebody else to ask. */
export function sign(ctx: Context, input: z.input<typeof signDefinitionInput>): Promise<Signed> {
  return signDefinition({ ...ctx, person: ctx.person ?? willing() }, input, settleDefinitions(ctx));
}

/** Both teams' signatures. @returns what came of the second */
export async function signBoth(ctx: Context, kind: 'rubric' | 'taxonomy'): Promise<Signed> {
  await sign(ctx, { kind, team: 'marketing' });
  return sign(ctx, { kind, team: 'sales' });
}
