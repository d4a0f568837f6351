// Functions that are given by equations.

export { fixedPoint } from "./fixed-point.ts";
export type { ImplicitOptions } from "./implicit.ts";
export { root } from "./root.ts";
