import { compile, type JSONValue, TreeInterpreter } from '@jmespath-community/jmespath';
import { isDeeperThan } from '../../kernel/json.ts';

/** A compiled JMESPath expression. */
export type Mapping = (document: unknown) => unknown;

const MAX_DEPTH = 12;
const MAX_CHARACTERS = 100_000;

/**
 * Compiles an expression. JMESPath has neither loops nor regular expressions, so what one does is bounded by its length and
 * the answer's; what it gives is bounded here: deeper than 12 levels or longer than 100,000 characters of JSON is nothing.
 * @throws Error in the library's words when it is no expression
 */
export function compileMapping(expression: string): Mapping {
  const tree = compile(expression);
  return (document) => {
    try {
      const found: unknown = TreeInterpreter.search(tree, document as JSONValue);
      if (typeof found !== 'object' || found === null) return found;
      return isDeeperThan(found, MAX_DEPTH) || JSON.stringify(found).length > MAX_CHARACTERS ? null : found;
    } catch {
      // a function given a value of a type it does not take: the answer is not of the form described
      return null;
    }
  };
}

/** What counts as true in a predicate: all but false, null, and empty texts, lists and objects. */
export function isTruthy(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** Why an expression cannot be used, or undefined: it cannot be compiled, or names a function that there is not. */
export function expressionFlaw(expression: string): string | undefined {
  const reason = (error: unknown) => (error instanceof Error ? error.message.split('\n')[0] : 'it cannot be read');
  let tree: ReturnType<typeof compile>;
  try {
    tree = compile(expression);
  } catch (error) {
    return `not a JMESPath expression: ${reason(error)}`;
  }
  try {
    TreeInterpreter.search(tree, null);
  } catch (error) {
    // of other types than a function takes, which nothing is of here
    if (/unknown function/i.test(reason(error) ?? '')) return `not a JMESPath expression: ${reason(error)}`;
  }
  return undefined;
}
