/** Values by dotted path: `account.domain`, `match.id`, `made.slug`. */
export type TemplateValues = Readonly<Record<string, string>>;

const PLACE = /\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)\s*\}\}/g;

/** The paths that a template names. */
export function pathsOf(template: string): string[] {
  return [...template.matchAll(PLACE)].map((match) => match[1] ?? '');
}

/** True for text with braces that are no place for a value. */
export function isMalformed(template: string): boolean {
  return template.replace(PLACE, '').includes('{{');
}

/** A path that has no value: the request cannot be made. */
export class MissingValue extends Error {
  override readonly name = 'MissingValue';
  readonly path: string;

  constructor(path: string) {
    super(`there is no ${path}`);
    this.path = path;
  }
}

function fill(template: string, values: TemplateValues, encode: (value: string) => string): string {
  return template.replace(PLACE, (_, path: string) => {
    const value = Object.hasOwn(values, path) ? values[path] : undefined;
    if (value === undefined || value === '') throw new MissingValue(path);
    return encode(value);
  });
}

/** A value where the template puts it as it is: a parameter or a form field, which is encoded as a whole. */
export function plain(template: string, values: TemplateValues): string {
  return fill(template, values, (value) => value);
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/** True for a host name with a point in it, in lower case. */
export function isHostName(text: string): boolean {
  return HOST.test(text);
}

/**
 * A URL. A value in the host is a host name with a point in it and nothing else; in the path it is one segment.
 * @throws MissingValue; also for a value that cannot stand where it is put
 */
export function urlOf(template: string, values: TemplateValues): URL {
  const [, scheme = '', host = '', rest = ''] = /^(https?:\/\/)([^/?#]*)(.*)$/s.exec(template) ?? [];
  const filledHost = fill(host, values, (value) => {
    if (!isHostName(value)) throw new MissingValue('host name');
    return value;
  });
  const filledRest = fill(rest, values, (value) => {
    // a segment of points alone would climb
    if (/^\.+$/.test(value)) throw new MissingValue('path segment');
    return encodeURIComponent(value);
  });
  return new URL(`${scheme}${filledHost}${filledRest}`);
}

/** A header's value: one line of visible ASCII. */
export function headerOf(template: string, values: TemplateValues): string {
  return fill(template, values, (value) => {
    if (!/^[\x20-\x7e]*$/.test(value)) throw new MissingValue('header value');
    return value;
  });
}

/** A JSON document with its texts filled. A member whose value is missing is left out when it is a template alone. */
export function jsonOf(document: unknown, values: TemplateValues): unknown {
  if (typeof document === 'string') return plain(document, values);
  if (Array.isArray(document)) return document.map((item) => jsonOf(item, values));
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(optional(document as Readonly<Record<string, unknown>>, (member) => jsonOf(member, values)));
}

/** Parameters with their values; one that is a template alone is left out when its value is missing. */
export function parametersOf(templates: Readonly<Record<string, string>>, values: TemplateValues): [string, string][] {
  return optional(templates, (template) => plain(template, values));
}

function optional<T, R>(members: Readonly<Record<string, T>>, filled: (member: T) => R): [string, R][] {
  return Object.entries(members).flatMap(([key, member]): [string, R][] => {
    try {
      return [[key, filled(member)]];
    } catch (error) {
      if (error instanceof MissingValue && typeof member === 'string' && pathsOf(member).length === 1 && /^\{\{[^}]*\}\}$/.test(member))
        return [];
      throw error;
    }
  });
}
