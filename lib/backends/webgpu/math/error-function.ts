import { expOfSum } from "./exponential.ts";
import { head, isNan, type WgslFunction, withSign } from "./source.ts";

// The error function and the normal distribution. The polynomials are minimax to half a unit in the
// last place, found for these functions.

/** exp(−x²), with the square as a sum of two numbers. */
export const bell: WgslFunction = {
	name: "bell_f32",
	needs: [expOfSum, head, isNan],
	code: `fn bell_f32(x: f32) -> f32 {
	if (is_nan(x)) { return x; }
	let size = min(abs(x), 11f);
	let high = head(size);
	return exp_of_sum(-high * high, -(size - high) * (size + high), 0);
}`,
};

/** exp(−½·x²). */
export const wideBell: WgslFunction = {
	name: "wideBell_f32",
	needs: [expOfSum, head, isNan],
	code: `fn wideBell_f32(x: f32) -> f32 {
	if (is_nan(x)) { return x; }
	let size = min(abs(x), 15f);
	let high = head(size);
	return exp_of_sum(-0.5f * high * high, -0.5f * (size - high) * (size + high), 0);
}`,
};

/** erf(x) for |x| ≤ 1. */
export const erfNearZero: WgslFunction = {
	name: "erfNearZero_f32",
	needs: [withSign],
	code: `fn erfNearZero_f32(x: f32) -> f32 {
	let z = x * x;
	let p = ((((7.8824974e-5f * z - 8.0188555e-4f) * z + 5.1893122e-3f) * z - 2.6854329e-2f) * z
		+ 0.11283597f) * z - 0.37612626f;
	return with_sign(x * p * z + x * 1.1283791f, x);
}`,
};

/**
 * erfc(y)·exp(y²) for y ≥ 0.4, a polynomial of (y − 2) / (y + 2) over 1 + 2y (M. M. Shepherd, J. G.
 * Laframboise, "Chebyshev approximation of (1 + 2x)·exp(x²)·erfc x in 0 ≤ x < ∞", Math. Comp. 36,
 * 1981); beyond 10.5 as there, where exp(−y²) is 0.
 */
const share: WgslFunction = {
	name: "erfc_share",
	code: `fn erfc_share(size: f32) -> f32 {
	let y = min(size, 10.5f);
	let q = (y - 2f) / (y + 2f);
	let p = (((((((-2.867324e-4f * q - 1.2294651e-3f) * q + 1.194329e-3f) * q + 8.6335055e-3f) * q
		- 8.018039e-3f) * q - 5.420564e-2f) * q + 0.16404991f) * q - 0.16603121f) * q - 9.27638e-2f;
	return (p * q + 1.2769784f) / (1f + 2f * y);
}`,
};

/** The error function. */
export const erf: WgslFunction = {
	name: "erf_f32",
	needs: [bell, erfNearZero, share, withSign],
	code: `fn erf_f32(x: f32) -> f32 {
	let size = abs(x);
	if (size <= 1f) { return erfNearZero_f32(x); }
	if (is_nan(x)) { return x; }
	return with_sign(1f - bell_f32(size) * erfc_share(size), x);
}`,
};

/** 1 − erf(x), exact for large x. */
export const erfc: WgslFunction = {
	name: "erfc_f32",
	needs: [bell, erfNearZero, share],
	code: `fn erfc_f32(x: f32) -> f32 {
	let size = abs(x);
	if (size <= 0.46875f) { return 1f - erfNearZero_f32(x); }
	if (is_nan(x)) { return x; }
	let rest = bell_f32(size) * erfc_share(size);
	return select(rest, 2f - rest, x < 0f);
}`,
};

/** s·Φ(−s) for s > 0.66; 0 from 15 on. */
export const normalTail: WgslFunction = {
	name: "normalTail_f32",
	needs: [wideBell, share, isNan],
	code: `fn normalTail_f32(s: f32) -> f32 {
	if (is_nan(s)) { return s; }
	let kept = min(s, 15f);
	return wideBell_f32(kept) * (0.5f * kept * erfc_share(0.70710677f * kept));
}`,
};
