/** The client as the audit names it: `mcp:claude-code`. The name is the client's own claim. */
export function actorId(clientName: string | undefined): string {
  const name = (clientName ?? '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .slice(0, 40)
    .replace(/^[-.]+|[-.]+$/g, '');
  return `mcp:${name || 'unknown'}`;
}
