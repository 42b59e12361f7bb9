import { z } from 'zod';
import { documentHash } from '../../kernel/canonical-json.ts';
import { type Attribution, attributionDocument } from './attribution.ts';
import { type Cadence, cadenceDocument } from './cadence.ts';
import { type Icp, icpDocument } from './icp.ts';
import { unfitValues } from './plain-json.ts';
import { type Playbook, playbookDocument } from './playbook.ts';
import { type Located, shapeProblems } from './problems.ts';
import { type Rubric, rubricDocument } from './rubric.ts';
import { contradictions, partsThatStand } from './salvage.ts';
import { type Sla, slaDocument } from './sla.ts';
import { type Taxonomy, taxonomyDocument } from './taxonomy.ts';

export const DEFINITION_KINDS = ['icp', 'taxonomy', 'rubric', 'sla', 'attribution', 'cadence', 'playbook'] as const;
export type DefinitionKind = (typeof DEFINITION_KINDS)[number];
export const definitionKind = z.enum(DEFINITION_KINDS);
/** As much of a version's hash as tells it from the others. */
export const hashStart = z.string().regex(/^[0-9a-f]{8,64}$/, 'the first 8 to 64 characters of a hash: 0–9 and a–f');

export interface DocumentOf {
  icp: Icp;
  taxonomy: Taxonomy;
  rubric: Rubric;
  sla: Sla;
  attribution: Attribution;
  cadence: Cadence;
  playbook: Playbook;
}
export type DefinitionDocument = DocumentOf[DefinitionKind];

const SCHEMAS: { [K in DefinitionKind]: z.ZodType<DocumentOf[K]> } = {
  icp: icpDocument,
  taxonomy: taxonomyDocument,
  rubric: rubricDocument,
  sla: slaDocument,
  attribution: attributionDocument,
  cadence: cadenceDocument,
  playbook: playbookDocument,
};

/** What every output says of a definition it used. */
export const definitionRef = z.strictObject({
  kind: definitionKind,
  hash: z.string(),
  version: z.int(),
  /** `signed` where the leaders of every required team signed this very hash. */
  status: z.enum(['draft', 'signed']),
});
export type DefinitionRef = z.infer<typeof definitionRef>;

/** A definition as it is stored: a reference and the document it names. */
export type Definition<K extends DefinitionKind = DefinitionKind> = {
  [Kind in K]: { kind: Kind; hash: string; version: number; status: DefinitionRef['status']; document: DocumentOf[Kind] };
}[K];

export type Parsed =
  | { ok: true; kind: DefinitionKind; document: DefinitionDocument; hash: string }
  | {
      ok: false;
      /** The kind, when it is one of the seven. */
      kind: DefinitionKind | undefined;
      problems: Located[];
      /** The document without the parts that have problems, so that what is left can still be checked. */
      rest: unknown;
    };

/**
 * Reads a document of any kind. The schemas neither add nor change anything, so the hash is over the canonical JSON of the
 * document as given.
 */
export function parseDefinition(input: unknown): Parsed {
  const unfit = unfitValues(input);
  if (unfit.length > 0) return { ok: false, kind: undefined, problems: unfit, rest: undefined };
  const head = z.looseObject({ kind: z.string() }).safeParse(input);
  if (!head.success) {
    const message =
      typeof input === 'object' && input !== null && !Array.isArray(input)
        ? `say which kind of definition it is: kind: ${DEFINITION_KINDS.join(' | ')}`
        : 'a definition is a mapping of keys to values, with a kind';
    return { ok: false, kind: undefined, problems: [{ path: [], message }], rest: undefined };
  }
  const kind = definitionKind.safeParse(head.data.kind).data;
  if (kind === undefined)
    return {
      ok: false,
      kind: undefined,
      problems: [{ path: ['kind'], message: `no such kind; the kinds are ${DEFINITION_KINDS.join(', ')}` }],
      rest: undefined,
    };
  return parseKind(kind, input);
}

/** Reads a document of one kind that the caller already knows. */
export function parseKind<K extends DefinitionKind>(kind: K, input: unknown): Parsed {
  const { document, problems } = shapeProblems<DocumentOf[K]>(SCHEMAS[kind], input);
  if (document !== undefined) {
    const clashes = contradictions(kind, document);
    return clashes.length === 0
      ? { ok: true, kind, document, hash: documentHash(document) }
      : { ok: false, kind, problems: clashes, rest: document };
  }
  const { rest, problems: more } = partsThatStand(kind, input, problems);
  return { ok: false, kind, problems: [...problems, ...more], rest };
}

/** Reads a stored document, which was checked when it was saved. */
export function readStored<K extends DefinitionKind>(kind: K, canonical: string): DocumentOf[K] {
  return SCHEMAS[kind].parse(JSON.parse(canonical));
}
