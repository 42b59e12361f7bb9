/**
 * What a migration worked out of older rows, by its name: it is worked out again of the rows of a copy that is older. Each is one statement about
 * the workspace `$1`, and may be run again.
 */
export const REFILLS: Readonly<Record<string, string>> = {
  '0024_fill_hand_off_instants': `update hand_off h set touched_at = e.touched, qualified_at = e.qualified, opened_at = e.opened
    from (select hand_off_id, min(at) filter (where kind in ('attempt', 'meeting')) as touched, min(at) filter (where kind = 'qualify') as qualified,
        min(at) filter (where kind = 'open_opportunity') as opened
      from hand_off_event where workspace_id = $1 and kind in ('attempt', 'meeting', 'qualify', 'open_opportunity') group by hand_off_id) e
    where h.workspace_id = $1 and h.id = e.hand_off_id`,
};
