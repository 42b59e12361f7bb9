import { checkReferences, type World } from './check-references.ts';
import { type DefinitionKind, type Parsed, parseDefinition } from './definition.ts';
import { type PlacedProblem, placed, type Read, readYaml } from './locate.ts';

export interface GivenFile {
  file: string;
  /** Undefined when the file itself cannot be read; then `flaw` says why. */
  text: string | undefined;
  flaw?: PlacedProblem;
}

export interface FileReport {
  file: string;
  /** Undefined while the document does not say one of the seven. */
  kind: DefinitionKind | undefined;
  /** The document as JSON and its name; undefined while it has problems. */
  document: unknown;
  hash: string | undefined;
  /** In the order of the file. */
  problems: PlacedProblem[];
}

interface Started {
  file: string;
  flaw?: PlacedProblem | undefined;
  yaml?: Read;
  parsed?: Parsed;
}

/**
 * Checks files as definitions: their text, their shape, and what they refer to. What is among the files counts before what is in
 * `base`.
 */
export function validateFiles(files: readonly GivenFile[], base: World): FileReport[] {
  const read = files.map(({ file, text, flaw }): Started => {
    if (text === undefined) return { file, flaw };
    const yaml = readYaml(text);
    return { file, yaml, ...(yaml.problems.length > 0 ? {} : { parsed: parseDefinition(yaml.value) }) };
  });
  const given = read.flatMap(({ parsed }) => (parsed?.ok ? [parsed.document] : []));
  const broken = read.flatMap(({ parsed }) => (parsed !== undefined && !parsed.ok ? [parsed.kind] : []));
  // against a taxonomy that is itself broken, every finding would be doubtful
  const world: World = {
    ...base,
    // of two of one kind the first counts
    ...Object.fromEntries(given.toReversed().map((document) => [document.kind, document])),
    ...Object.fromEntries(broken.map((kind) => [kind ?? '', undefined])),
  };
  return read.map(({ file, flaw, yaml, parsed }): FileReport => {
    if (yaml === undefined || parsed === undefined)
      return {
        file,
        kind: undefined,
        document: undefined,
        hash: undefined,
        problems: yaml?.problems ?? (flaw === undefined ? [] : [flaw]),
      };
    const references = parsed.kind === undefined ? [] : checkReferences(parsed.kind, parsed.ok ? parsed.document : parsed.rest, world);
    const problems = placed([...(parsed.ok ? [] : parsed.problems), ...references], yaml);
    problems.sort((a, b) => a.line - b.line || a.column - b.column);
    const fine = parsed.ok && problems.length === 0;
    return { file, kind: parsed.kind, document: fine ? yaml.value : undefined, hash: fine ? parsed.hash : undefined, problems };
  });
}
