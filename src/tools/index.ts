import type { AnyTool } from './define-tool.ts';

/** Every tool of the server, in the order of the list that clients see. */
export const tools: readonly AnyTool[] = [];
