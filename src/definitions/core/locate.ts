import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { type Located, type Path, pathText } from './problems.ts';

export interface Place {
  /** From 1. */
  line: number;
  column: number;
}

/** A problem as a person finds it: the path in the document and the place in the file. */
export interface PlacedProblem extends Place {
  path: string;
  message: string;
}

export interface Read {
  /** The document as JSON has it; undefined when the text cannot be read. */
  value: unknown;
  problems: PlacedProblem[];
  /** The place of the value at a path, or of its key; of the nearest holder when the path leads to nothing. */
  place(path: Path, atKey?: boolean): Place;
}

const MAX_CHARACTERS = 1_000_000;
/** An alias may repeat a part of the document; more than this is an attempt to fill the memory. */
const MAX_ALIASES = 100;
const START: Place = { line: 1, column: 1 };

/** Reads YAML (or JSON, which is YAML) with the place of every part. Reports all errors of the text at once. */
export function readYaml(given: string): Read {
  const text = given.startsWith('\uFEFF') ? given.slice(1) : given;
  const lines = new LineCounter();
  const unreadable = (problems: PlacedProblem[]): Read => ({ value: undefined, problems, place: () => START });
  if (text.length > MAX_CHARACTERS)
    return unreadable([{ ...START, path: pathText([]), message: `the document is longer than ${MAX_CHARACTERS} characters` }]);
  const nul = text.indexOf('\u0000');
  if (nul >= 0)
    return unreadable([{ ...placeOfOffset(text, nul), path: pathText([]), message: 'a NUL character; a definition is plain text' }]);

  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2', schema: 'core', merge: false });
  const faults = [
    ...[...document.errors, ...document.warnings].map((fault) => ({ ...at(fault.pos[0]), message: faultText(fault.code, fault.message) })),
    ...faultyAliases(document).map(({ offset, message }) => ({ ...at(offset), message })),
  ];
  // one slip may be told once for each bracket that it leaves open
  const different = new Map(faults.map((fault) => [`${fault.line} ${fault.message}`, { ...fault, path: pathText([]) }]));
  if (faults.length > 0) return unreadable([...different.values()]);
  const place = (path: Path, atKey = false): Place => {
    const offset = offsetOf(document, path, atKey);
    return offset === undefined ? START : at(offset);
  };
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }), problems: [], place };
  } catch {
    return unreadable([
      { ...START, path: pathText([]), message: `more than ${MAX_ALIASES} repeated aliases (*name); write the parts out` },
    ]);
  }
}

/** Problems with their places. */
export function placed(problems: readonly Located[], read: Read): PlacedProblem[] {
  return problems.map(({ path, message, atKey }) => ({ path: pathText(path), message, ...read.place(path, atKey) }));
}

function faultyAliases(document: Document): { offset: number; message: string }[] {
  const anchors = new Set<string>();
  const found: { offset: number; message: string }[] = [];
  visit(document, (_, node, holders) => {
    if (!isAlias(node)) {
      if (isNode(node) && node.anchor !== undefined) anchors.add(node.anchor);
      return;
    }
    const offset = startOf(node) ?? 0;
    if (!anchors.has(node.source)) found.push({ offset, message: 'an alias (*name) of nothing written before it' });
    else if (holders.some((holder) => isNode(holder) && !isAlias(holder) && holder.anchor === node.source))
      found.push({ offset, message: 'an alias (*name) of what it stands in: it holds itself' });
  });
  return found;
}

function faultText(code: string, message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'this key is written twice in the same mapping';
    case 'TAB_AS_INDENT':
      return 'a tab; YAML is indented with spaces';
    case 'MULTIPLE_DOCS':
      return 'a second document begins here (---); one file holds one definition';
    case 'TAG_RESOLVE_FAILED':
      return 'a tag (!name) that is not known here; write the value alone';
    case 'RESOURCE_EXHAUSTION':
      return 'nested too deep to be read';
    default:
      return `this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  }
}

function placeOfOffset(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function offsetOf(document: Document, path: Path, atKey: boolean): number | undefined {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [i, part] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const pair = isMap(node) ? node.items.find((item) => keyText(item.key) === String(part)) : undefined;
    const next: unknown = isSeq(node) && typeof part === 'number' ? node.items[part] : pair?.value;
    if (next === undefined && pair === undefined) return offset;
    // a key names the place of a mapping or list better than what stands first inside it
    const useValue = pair === undefined || (i === path.length - 1 && !atKey && isScalar(next));
    offset = startOf(useValue ? next : pair.key) ?? offset;
    node = next;
  }
  return offset;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
