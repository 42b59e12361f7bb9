import { type InputErrorRow, rows, tooLong } from './input-error-row.ts';

/** The errors of input of the tools of hand-off that need no record to be there. */
export const HANDOFF_INPUT_ERRORS: readonly InputErrorRow[] = [
  ...rows(
    'hand_off_lead',
    ['nobody', {}, 'person', /is missing/],
    ['an empty name', { person: ' ' }, 'person', /must not be empty/],
    ['a long name', { person: tooLong }, 'person', /at most 300 characters/],
    ['an empty reason', { person: 'ann@acme.com', reason: '' }, 'reason', /must not be empty/],
    ['an owner of its own', { person: 'ann@acme.com', owner: 'ana' }, 'owner', /is not a known key/],
  ),
  ...rows(
    'dispose_mql',
    ['no hand-off', { decision: 'accept' }, 'handoff', /is missing/],
    ['no decision', { handoff: 'x' }, 'decision', /is missing; it must be one of accept, reject/],
    ['a mistyped decision', { handoff: 'x', decision: 'acept' }, 'decision', /did you mean accept\?/],
    ['a date in words', { handoff: 'x', decision: 'reject', free_on: 'spring' }, 'free_on', /YYYY-MM-DD/],
    ['an empty code', { handoff: 'x', decision: 'reject', code: '' }, 'code', /must not be empty/],
  ),
  ...rows(
    'log_follow_up',
    ['no hand-off', { channel: 'call' }, 'handoff', /is missing/],
    ['an unknown outcome', { handoff: 'x', channel: 'call', outcome: 'maybe' }, 'outcome', /one of no_answer, left_message/],
    ['an unknown thing', { handoff: 'x', what: 'lunch' }, 'what', /one of attempt, meeting, pause, resume/],
    ['a time without its zone', { handoff: 'x', channel: 'call', occurred_at: '2026-03-01T10:00:00' }, 'occurred_at', /an instant/],
    ['a day that does not exist', { handoff: 'x', what: 'pause', until: '2026-02-30' }, 'until', /YYYY-MM-DD/],
  ),
  ...rows(
    'list_handoffs',
    ['a mistyped stage', { stage: 'recyled' }, 'stage', /did you mean recycled\?/],
    ['a yes in words', { breached: 'yes' }, 'breached', /must be a boolean/],
    ['half an hour', { due_within_hours: 0.5 }, 'due_within_hours', /a whole number/],
    ['days that are negative', { older_than_days: -1 }, 'older_than_days', /at least 0/],
    ['a day in words', { as_of: 'monday' }, 'as_of', /an instant/],
    ['a cursor made up', { cursor: 'abc' }, 'cursor', /not one that this server gave/],
    ['a page of 1,000', { limit: 1000 }, 'limit', /at most 100/],
  ),
];
