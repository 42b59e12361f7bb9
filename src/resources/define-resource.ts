import type { Context } from '../kernel/context.ts';

export interface ResourceEntry {
  uri: string;
  name: string;
  title?: string;
  description?: string;
}

/** The values of the template's variables, decoded. */
export type ResourceParams = Readonly<Record<string, string>>;

/** A resource as data: the adapter in `server/` turns it into MCP. */
export interface Resource {
  /** snake_case; the name is the contract. */
  name: string;
  title: string;
  description: string;
  mimeType: string;
  /** `samepage://definitions/{kind}`: a variable stands for one path segment. Without variables it is one resource. */
  uriTemplate: string;
  /** Those worth listing; left out where there may be very many. */
  list?(ctx: Context): Promise<readonly ResourceEntry[]>;
  /** Values for a variable that begin with what was typed; `given` holds the variables already filled in. */
  complete?: Readonly<Record<string, (ctx: Context, typed: string, given: ResourceParams) => Promise<readonly string[]>>>;
  /** The URIs by which tools tell that each has changed, where a resource goes by several; undefined for what is not there. */
  canonical?(ctx: Context, params: readonly ResourceParams[]): Promise<readonly (string | undefined)[]>;
  /** The text of one resource. @throws SamepageError `not_found`. */
  read(ctx: Context, params: ResourceParams): Promise<string>;
}

/** Checks the shape of a resource where it is written. */
export function defineResource(resource: Resource): Resource {
  return resource;
}
