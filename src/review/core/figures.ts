import type { DefinitionRef } from '../../definitions/core/definition.ts';
import type { ReviewKind } from './period.ts';

export const UNITS = ['count', 'percent', 'amount', 'days', 'hours', 'minutes', 'points'] as const;

/** One published number. */
export interface Figure {
  /** Stable over time and versions of the program, as `pipeline.created.by_source.webinar`: by it a later run is compared. */
  key: string;
  label: string;
  /** Null where there is nothing to count it of: never a zero that nobody counted. */
  value: number | null;
  /** An `amount` is in whole units of its currency: 12.5 is twelve and a half. */
  unit: (typeof UNITS)[number];
  /** Of an amount. */
  currency?: string;
  /** Of how many it was counted. */
  n?: number;
  /** The interval that it comes with, in the same unit. */
  low?: number;
  high?: number;
}

/** What makes a document of a review: each kind is made by a function of its own. */
export interface MadeReview {
  /** What its figures rest on. */
  definitions: DefinitionRef[];
  figures: Figure[];
  /** What was not settled yet as it was made (cohorts too young, promises still running), a sentence each. */
  immature: string[];
  /** All of the review, as plain JSON. */
  data: unknown;
  /** Its parts, from headings of the second level on; the title and the meeting are added to it. */
  markdown: string;
  /** Pictures of it, as SVG: files beside the page, where it is written to a folder. */
  plots?: { name: string; describes: string; svg: string }[];
}

/** The same, of a review that is as of a clock of its own and not of its reader's snapshot: which. */
export interface JustMade extends MadeReview {
  knownAt?: Date;
}

/** A review as a document: what is read in the meeting, published and frozen. */
export interface ReviewDocument extends MadeReview {
  kind: ReviewKind;
  /** `2026-W47`, `2026-11`, `2026-Q4`. */
  period: string;
  /** Days, YYYY-MM-DD, both counted. */
  from: string;
  to: string;
}

/** Joins what a figure is of to its key; what came from outside may hold a dot, and null is what has no name. */
export function figureKey(...parts: readonly (string | null)[]): string {
  return parts.map((part) => (part === null ? '~' : part.replace(/[%.~]/g, encodeMark))).join('.');
}

const encodeMark = (mark: string) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
