export interface ExampleCall {
  tool: string;
  input: Record<string, unknown>;
}

/** One good call of every tool, in an order that works on an empty workspace. */
export const EXAMPLE_CALLS: readonly ExampleCall[] = [{ tool: 'search_records', input: { kind: 'account' } }];
