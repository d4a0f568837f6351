import { isNan, scaled, type WgslFunction, withSign } from "./source.ts";

// The exponential function and what is made of it. Methods: x = n·log 2 + r with log 2 in two parts,
// of which the first times n has no error (W. J. Cody, W. Waite, "Software Manual for the Elementary
// Functions", 1980), and the polynomial of S. L. Moshier's Cephes library for |r| ≤ ½·log 2.

/** eʳ − 1. */
const excess: WgslFunction = {
	name: "exponential_excess",
	code: `fn exponential_excess(r: f32) -> f32 {
	let p = ((((1.9875691e-4f * r + 1.3981999e-3f) * r + 8.333452e-3f) * r + 4.1665796e-2f) * r
		+ 1.6666666e-1f) * r + 5e-1f;
	return r * r * p + r;
}`,
};

/** The rest of a + b, with b far smaller than a, beside n·log 2. */
const rest: WgslFunction = {
	name: "exponential_rest",
	code: `fn exponential_rest(a: f32, b: f32, n: f32) -> f32 {
	return ((a - n * 0.693359375f) - n * -2.1219444e-4f) + b;
}`,
};

/**
 * eᵃ⁺ᵇ · 2ᵏ with b far smaller than a, and k from −2 to 2; what it gives of NaN may be anything.
 */
export const expOfSum: WgslFunction = {
	name: "exp_of_sum",
	needs: [excess, rest, scaled],
	code: `fn exp_of_sum(a: f32, b: f32, k: i32) -> f32 {
	let kept = clamp(a, -150f, 150f);
	let n = floor((kept + b) * 1.442695f + 0.5f);
	return scaled(1f + exponential_excess(exponential_rest(kept, b, n)), i32(n) + k);
}`,
};

/** eˣ. */
export const exp: WgslFunction = {
	name: "exp_f32",
	needs: [expOfSum, isNan],
	code: `fn exp_f32(x: f32) -> f32 {
	if (is_nan(x)) { return x; }
	return exp_of_sum(x, 0f, 0);
}`,
};

/** eˣ − 1 = 2ⁿ·(eʳ − 1) + (2ⁿ − 1). */
export const expm1: WgslFunction = {
	name: "expm1_f32",
	needs: [excess, rest, scaled, exp],
	code: `fn expm1_f32(x: f32) -> f32 {
	if (is_nan(x) || abs(x) < 3e-8f) { return x; }
	if (x > 40f) { return exp_f32(x); }
	let kept = max(x, -40f);
	let n = floor(kept * 1.442695f + 0.5f);
	let power = power_of_2(i32(n));
	return power * exponential_excess(exponential_rest(kept, 0f, n)) + (power - 1f);
}`,
};

/** 2ˣ, of which a whole x is no error; a minimax polynomial of (2ʳ − 1) / r for |r| ≤ ½. */
export const exp2: WgslFunction = {
	name: "exp2_f32",
	needs: [scaled, isNan],
	code: `fn exp2_f32(x: f32) -> f32 {
	if (is_nan(x)) { return x; }
	let kept = clamp(x, -200f, 200f);
	let n = floor(kept + 0.5f);
	let r = kept - n;
	let p = ((((1.5461448e-4f * r + 1.3390867e-3f) * r + 9.618057e-3f) * r + 5.550357e-2f) * r
		+ 2.4022651e-1f) * r + 6.931472e-1f;
	return scaled(1f + r * p, i32(n));
}`,
};

/** ½·(t + t / (t + 1)) with t = eˣ − 1, both parts of one sign. */
export const sinh: WgslFunction = {
	name: "sinh_f32",
	needs: [expm1, expOfSum, isNan, withSign],
	code: `fn sinh_f32(x: f32) -> f32 {
	let size = abs(x);
	if (is_nan(x) || size < 2.4e-4f) { return x; }
	if (size > 20f) { return with_sign(exp_of_sum(size, 0f, -1), x); }
	let t = expm1_f32(size);
	return with_sign(0.5f * (t + t / (t + 1f)), x);
}`,
};

/** The hyperbolic cosine. */
export const cosh: WgslFunction = {
	name: "cosh_f32",
	needs: [exp, expOfSum],
	code: `fn cosh_f32(x: f32) -> f32 {
	let size = abs(x);
	if (size > 20f) { return exp_of_sum(size, 0f, -1); }
	let power = exp_f32(size);
	return 0.5f * power + 0.5f / power;
}`,
};

/** t / (t + 2) with t = e²ˣ − 1. */
export const tanh: WgslFunction = {
	name: "tanh_f32",
	needs: [expm1, isNan, withSign],
	code: `fn tanh_f32(x: f32) -> f32 {
	let size = abs(x);
	if (is_nan(x) || size < 2.4e-4f) { return x; }
	if (size > 10f) { return with_sign(1f, x); }
	let t = expm1_f32(2f * size);
	return with_sign(select(t / (t + 2f), 1f - 2f / (t + 2f), size > 0.55f), x);
}`,
};

/** 1 / (1 + e⁻ˣ) or eˣ / (1 + eˣ), neither of which overflows. */
export const sigmoid: WgslFunction = {
	name: "sigmoid_f32",
	needs: [exp],
	code: `fn sigmoid_f32(x: f32) -> f32 {
	let power = exp_f32(-abs(x));
	return select(power, 1f, x >= 0f) / (1f + power);
}`,
};

/** x·sigmoid(x); where that is eˣ, and that tiny, x·eˣ in steps that have all their digits. */
export const silu: WgslFunction = {
	name: "silu_f32",
	needs: [sigmoid],
	code: `fn silu_f32(x: f32) -> f32 {
	if (x >= -80f || is_nan(x)) { return x * sigmoid_f32(x); }
	let root = exp_f32(0.5f * x);
	return select(x * root * root, 0f, root == 0f);
}`,
};
