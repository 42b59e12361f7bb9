/** A number that needs no more characters stays as it is. */
const SHORT = 7;
const FEWEST_DIGITS = 3;
const ALL_DIGITS = 17;

/** The number with the fewest digits that is not below `value` and below `next`: what is up to the one is up to the other, and no more is. */
export function roundedUp(value: number, next: number): number {
  if (String(value).length <= SHORT) return value;
  for (let digits = FEWEST_DIGITS; digits < ALL_DIGITS; digits += 1) {
    const near = Number(value.toPrecision(digits));
    const up = near >= value ? near : Number((near + unitOf(value, digits)).toPrecision(digits));
    if (up >= value && up < next) return up;
  }
  return value;
}

/** Ascending numbers as texts of few digits, no two of them alike. */
export function shortTexts(values: Float64Array): string[] {
  for (let digits = FEWEST_DIGITS; digits < ALL_DIGITS; digits += 1) {
    const texts = Array.from(values, (value) => {
      const text = String(value);
      return text.length <= SHORT ? text : String(Number(value.toPrecision(digits)));
    });
    if (new Set(texts).size === texts.length) return texts;
  }
  return Array.from(values, String);
}

/** What the last of so many digits counts. */
function unitOf(value: number, digits: number): number {
  return 10 ** (Math.floor(Math.log10(Math.abs(value))) + 1 - digits);
}
