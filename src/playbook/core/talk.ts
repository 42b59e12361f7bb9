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

/** What belongs to a stage, a persona or a competitor, by its label. */
export interface Said {
  for: string;
  lines: string[];
}

/** What the playbook has for a situation; null or empty where it has nothing. */
export interface Talk {
  customer: Of<'customers'> | null;
  persona: Of<'personas'> | null;
  stage: Of<'selling'> | null;
  competitor: Of<'competitors'> | null;
  objections: Of<'objections'>[];
  /** What to say, and what to show or send, for the stage, the persona and the competitor. */
  track: Said[];
  assets: Said[];
}

/** The parts of a playbook for a situation. An objection that names stages, roles or competitors is for those alone. */
export function talkFor(playbook: Playbook, { segment, role, stage: reached, competitor: named }: Situation): Talk {
  const stage = playbook.selling?.find((one) => reached !== null && one.opportunity_stages?.includes(reached)) ?? null;
  const competitor = playbook.competitors?.find((one) => named !== null && isNamed(one, named)) ?? null;
  const persona = playbook.personas?.find((one) => one.role === role) ?? null;
  const fits = (wanted: readonly string[] | undefined, found: string | undefined) =>
    wanted === undefined || (found !== undefined && wanted.includes(found));
  const objections = (playbook.objections ?? []).filter(
    (one) => fits(one.stages, stage?.id) && fits(one.roles, role ?? undefined) && fits(one.competitors, competitor?.id),
  );
  const answers = competitor?.message_map?.map(
    ({ they_say, we_say, proof }) => `“${they_say}” ${we_say}${proof === undefined ? '' : ` (${proof})`}`,
  );
  return {
    customer: playbook.customers?.find((one) => one.segment === segment) ?? null,
    persona,
    stage,
    competitor,
    objections,
    track: said([stage?.label, stage?.talk_track], [persona?.label, persona?.talk_track], [competitor?.label, answers]),
    assets: said(
      [stage?.label, stage?.content],
      [persona?.label, persona?.content],
      [competitor?.label, competitor?.content],
      ...objections.map((one) => [one.objection, one.content] as const),
    ),
  };
}

function said(...given: (readonly [string | undefined, string[] | undefined])[]): Said[] {
  return given.flatMap(([of, lines]) => (of === undefined || lines === undefined ? [] : [{ for: of, lines }]));
}

/** A name as it is compared: its letters and digits in lower case. */
export const plainName = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Whether a text, of one name or several with ; or , between, names a competitor of the playbook. */
export function isNamed({ id, label }: { id: string; label: string }, text: string): boolean {
  const names = [text, ...text.split(/[;,]/)].map(plainName);
  return [id, label].some((one) => names.includes(plainName(one)));
}
