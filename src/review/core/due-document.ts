import { type DueReview, dueData, dueText } from '../../definitions/core/due.ts';
import type { ReviewKind } from './period.ts';

/** A review that is to be published, or is. */
export interface DueDocument {
  kind: ReviewKind;
  /** The last whole one. */
  period: string;
  /** The latest version that was published of it; null: none. */
  frozen: { version: number; frozen_at: Date } | null;
  /** The first day on which it may be frozen, YYYY-MM-DD. */
  freezable_from: string;
  /** The meeting that looks at it; null: the cadence has none. */
  meeting: DueReview | null;
}

/** Where a review stands, as a line. */
export function dueDocumentText({ kind, period, frozen, freezable_from, meeting }: DueDocument): string {
  const state =
    frozen === null
      ? `not frozen; it may be from ${freezable_from}`
      : `version ${frozen.version}, frozen ${frozen.frozen_at.toISOString().slice(0, 10)}`;
  return `${kind} ${period}: ${state}. ${meeting === null ? 'No meeting of the cadence looks at it.' : dueText(meeting)}`;
}

/** The same as plain JSON. */
export function dueDocumentData({ meeting, ...document }: DueDocument) {
  return { ...document, meeting: meeting === null ? null : dueData(meeting) };
}
