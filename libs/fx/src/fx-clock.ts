/** Under this token the module keeps the clock it was given. */
export const FX_CLOCK = Symbol('FxClock');
