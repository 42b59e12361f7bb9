/**
 * What one more answer is worth for one field, in fields: 1 is a field that was empty and is now surely right.
 */

/** How much a doubtful value is worth less than its chance: what makes a second opinion worth something before it is heard. */
const DOUBT = 0.85;
/** Confidence in a value that a second family gave as well. */
const AGREED = 0.99;

/** Worth of a value that is right with probability `q`. */
function worth(q: number): number {
  return q - DOUBT * q * (1 - q);
}

/**
 * What a vote of accuracy `a` adds to a field whose best value is right with probability `best`, and of which some value heard is right with
 * probability `any`: with probability `any · a` it confirms the right one, else it is weighed against the best.
 */
export function gainOf(a: number, best: number, any: number): number {
  const confirms = any * a;
  const rest = 1 - confirms;
  const left = rest <= 0 ? 0 : rest * worth(Math.max(best * (1 - a), (1 - any) * a) / rest);
  return Math.max(0, confirms * worth(AGREED) + left - worth(best));
}

/** Normal distribution function, by the logistic curve next to it: within 0.01 everywhere, which is finer than what is known of latencies. */
export function below(z: number): number {
  return 1 / (1 + Math.exp(-1.702 * z));
}
