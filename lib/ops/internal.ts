// The ops beneath those that users call: derivatives are made of them, and so are convolutions and
// poolings. They are no methods of tensors and no exports of their own; what derivations print
// imports this namespace where it needs one.

export { bell, geluSlope, normalCumulative, normalDensity } from "./bells.ts";
export { choleskyGradient } from "./cholesky.ts";
export { convolve, convolveFilter, convolveInput } from "./convolve.ts";
export { undiagonal } from "./diagonals.ts";
export { expRest } from "./exponential-rest.ts";
export { ungather } from "./index-tuples.ts";
export { maskFirst } from "./mask-first.ts";
export * from "./masks.ts";
export { prodOthers } from "./other-products.ts";
export { addSlices, unslice } from "./sections.ts";
export { shares } from "./shares.ts";
export { shift } from "./shift.ts";
export { siluSlope } from "./silu.ts";
export {
	asinhSlope,
	difference,
	hypotSlopeX,
	hypotSlopeY,
	oneMinusSquare,
	overSquares,
	sigmoidSlope,
	softsign,
	tanhSlope,
} from "./slopes.ts";
export { untake, untakeAlongAxis } from "./taking.ts";
export { addWindows, windows } from "./windows.ts";
