/** The seed where none is given: fixed, so that two people who ask the same get the same. */
export const DEFAULT_SEED = 7;

/** Enough for a spread within a tenth or two of itself, few enough to wait for. */
export const DEFAULT_ASSUMPTION_DRAWS = 32;
