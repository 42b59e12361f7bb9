/** The values of an option that may be repeated; one each time, so that an argument may follow. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
