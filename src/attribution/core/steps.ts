/** Work that says how far it is, and gives its result at the end. */
export type Steps<T> = Generator<{ done: number; total: number }, T>;

/** All of it at once. */
export function finished<T>(steps: Steps<T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}
