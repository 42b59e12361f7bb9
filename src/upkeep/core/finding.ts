/** What a check came to. */
export interface Finding {
  check: string;
  state: 'ok' | 'warning' | 'problem' | 'skipped';
  /** What was looked at, and what is so. */
  says: string;
  /** The command, or the one step, that mends it; null where nothing is to be done. */
  mend: string | null;
}

export const ok = (check: string, says: string): Finding => ({ check, state: 'ok', says, mend: null });
export const skipped = (check: string, says: string): Finding => ({ check, state: 'skipped', says, mend: null });
export const warning = (check: string, says: string, mend: string): Finding => ({ check, state: 'warning', says, mend });
export const problem = (check: string, says: string, mend: string): Finding => ({ check, state: 'problem', says, mend });

const RANK = ['ok', 'skipped', 'warning', 'problem'] as const;

/** The worst of them; nothing at all is ok. */
export function worst(findings: readonly Finding[]): Finding['state'] {
  return findings.reduce<Finding['state']>((state, one) => (RANK.indexOf(one.state) > RANK.indexOf(state) ? one.state : state), 'ok');
}

/** Restoring is what mends what nothing can derive again. */
export const RESTORE = 'samepage-mcp restore FILE --replace, with the latest backup from before';

/** A path as a shell takes it. */
export function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
