// The ops beneath those that users call: derivatives are made of them, and so are convolutions and
// poolings. They are no methods of tensors and no exports of their own; what derivations print
// imports this namespace where it needs one.

export { bell, geluSlope, normalCumulative, normalDensity } from "./bells.ts";
export { choleskyGradient } from "./cholesky.ts";
export { convolve, convolveFilter, convolveInput } from "./convolve.ts";
export { undiagonal } from "./diagonals.ts";
export { expRest } from "./exponential-rest.ts";
export { complexDft } from "./fourier/complex-dft.ts";
export { dftToReal, realDft } from "./fourier/real-dft.ts";
export { ungather } from "./index-tuples.ts";
export { eigenSystem } from "./linalg/eigen-system.ts";
export { eliminated, pivotOrder } from "./linalg/elimination.ts";
export { powerNorm } from "./linalg/power-norm.ts";
export { determinantSign } from "./linalg/sign-of-determinant.ts";
export { singularSystem } from "./linalg/singular-system.ts";
export { spectral } from "./linalg/spectral.ts";
export { stackedQR } from "./linalg/stacked-qr.ts";
export { symmetricSlope } from "./linalg/symmetric-slope.ts";
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
export { gammaincSlope } from "./special/incomplete-slopes.ts";
export {
	erfinvSlope,
	ndtriSlope,
	normalHazard,
	normalHazardRest,
} from "./special/normal-slopes.ts";
export { untake, untakeAlongAxis } from "./taking.ts";
export { addWindows, windows } from "./windows.ts";
export { winnerAt } from "./winners.ts";
