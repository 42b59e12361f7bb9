import type { Playbook } from '../../definitions/core/playbook.ts';

type Of<K extends keyof Playbook> = NonNullable<Playbook[K]> extends readonly (infer Item)[] ? Item : never;

/** What is known of the one whom we talk to. */
export interface Situation {
  segment: string | null;
  role: string | null;
  /** opportunity.stage, and the competitor that the opportunity names. */
  stage: string | null;
  competitor: string | null;
}

/** What the playbook has for a situation; null or empty where it has nothing. */
export interface Talk {
  customer: Of<'customers'> | null;
  persona: Of<'personas'> | null;
  stage: Of<'selling'> | null;
  competitor: Of<'competitors'> | null;
  objections: Of<'objections'>[];
}

/** The parts of a playbook for a situation. An objection that names stages, roles or competitors is for those alone. */
export function talkFor(playbook: Playbook, { segment, role, stage, competitor }: Situation): Talk {
  const selling = playbook.selling?.find((one) => stage !== null && one.opportunity_stages?.includes(stage)) ?? null;
  const rival = playbook.competitors?.find((one) => competitor !== null && isNamed(one, competitor)) ?? null;
  const fits = (wanted: readonly string[] | undefined, found: string | undefined) =>
    wanted === undefined || (found !== undefined && wanted.includes(found));
  return {
    customer: playbook.customers?.find((one) => one.segment === segment) ?? null,
    persona: playbook.personas?.find((one) => one.role === role) ?? null,
    stage: selling,
    competitor: rival,
    objections: (playbook.objections ?? []).filter(
      (one) => fits(one.stages, selling?.id) && fits(one.roles, role ?? undefined) && fits(one.competitors, rival?.id),
    ),
  };
}

const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function isNamed({ id, label }: { id: string; label: string }, text: string): boolean {
  return plain(text) === plain(id) || plain(text) === plain(label);
}
