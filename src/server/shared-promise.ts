export interface SharedPromise<T> {
  /** The one value that all callers share; made by the first, and made anew after a failure. */
  get(): Promise<T>;
  /** The value if it was ever asked for and made. */
  current(): Promise<T | undefined>;
}

export function sharedPromise<T>(make: () => Promise<T>): SharedPromise<T> {
  let made: Promise<T> | undefined;
  return {
    get() {
      made ??= make().catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return made;
    },
    async current() {
      return made?.catch(() => undefined);
    },
  };
}
