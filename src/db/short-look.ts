/** Statistics target for tables that grew in the midst of work, of the default's hundred: a first look at a third of the price. */
export const SHORT_LOOK = 30;
