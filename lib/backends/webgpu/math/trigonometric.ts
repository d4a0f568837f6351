import { nan, scaled, type WgslFunction, wideProduct } from "./source.ts";

// Sine, cosine and tangent: x = n·π/2 + r with |r| ≤ π/4, and the polynomials of S. L. Moshier's
// Cephes library.

/**
 * r and n mod 4 of a number above 2 (M. H. Payne, R. N. Hanek, "Radian reduction for trigonometric
 * functions", SIGNUM Newsletter 18, 1983). Its digits times those of 2/π from where the product is
 * less than 4: two bits of n, then 62 of the fraction, in whole numbers without rounding.
 */
const reducedLarge: WgslFunction = {
	name: "reduced_large",
	needs: [wideProduct, scaled],
	code: `const two_over_pi = array<u32, 7>(0u, 0x28be60dbu, 0x9391054au, 0x7f09d5f4u, 0x7d4d3770u,
	0x36d8a566u, 0x4f10e410u);
fn reduced_large(x: f32) -> vec2<f32> {
	let bits = bitcast<u32>(x);
	let digits = (bits << 8u) | 0x80000000u;
	let exponent = ((bits >> 23u) & 0xffu) - 126u;
	let word = exponent >> 5u;
	let by = exponent & 31u;
	var words = two_over_pi;
	var w = vec3<u32>(words[word], words[word + 1u], words[word + 2u]);
	if (by != 0u) {
		let next = vec3<u32>(w.y, w.z, words[word + 3u]);
		w = (w << vec3<u32>(by)) | (next >> vec3<u32>(32u - by));
	}
	let middle = wide_product(digits, w.y);
	let carried = middle.x + wide_product(digits, w.z).y;
	var high = digits * w.x + middle.y + select(0u, 1u, carried < middle.x);
	var low = carried;
	var n = high >> 30u;
	high &= 0x3fffffffu;
	let isAbove = high >= 0x20000000u;
	if (isAbove) {
		n += 1u;
		high = 0x40000000u - high - select(0u, 1u, low != 0u);
		low = 0u - low;
	}
	// The 32 bits from the first that is not 0.
	var shift = countLeadingZeros(high);
	if (shift == 32u) { high = low; low = 0u; }
	let more = countLeadingZeros(high);
	shift += select(0u, more, shift == 32u);
	if (more > 0u) { high = (high << more) | (low >> (32u - more)); }
	let digitsLeft = f32(high >> 8u) * 256f + f32(high & 0xffu);
	let size = scaled(digitsLeft * 1.5707964f, -30 - i32(shift));
	let isNegative = isAbove != (x < 0f);
	return vec2<f32>(select(size, -size, isNegative), f32(select(n, 4u - n, x < 0f) & 3u));
}`,
};

/**
 * The same of every number: to 400 by π/2 in parts of so few digits that the first three times n
 * have no error (W. J. Cody, W. Waite, "Software Manual for the Elementary Functions", 1980).
 */
const reduced: WgslFunction = {
	name: "reduced",
	needs: [reducedLarge],
	code: `fn reduced(x: f32) -> vec2<f32> {
	if (!(abs(x) < 400f)) { return reduced_large(x); }
	let n = floor(x * 0.63661975f + 0.5f);
	let r = ((x - n * 1.5707703f) - n * 2.6062131e-5f) - n * 9.9203135e-10f;
	return vec2<f32>(r - n * 6.223372e-14f, f32(i32(n) & 3));
}`,
};

const sine: WgslFunction = {
	name: "sine",
	code: `fn sine(r: f32) -> f32 {
	let z = r * r;
	return ((-1.9515296e-4f * z + 8.332161e-3f) * z - 1.6666655e-1f) * z * r + r;
}`,
};

const cosine: WgslFunction = {
	name: "cosine",
	code: `fn cosine(r: f32) -> f32 {
	let z = r * r;
	return ((2.4433157e-5f * z - 1.3887316e-3f) * z + 4.1666646e-2f) * z * z - 0.5f * z + 1f;
}`,
};

/** NaN of ±∞ and NaN. */
const isNotFinite: WgslFunction = {
	name: "is_not_finite",
	needs: [nan],
	code: `fn is_not_finite(x: f32) -> bool {
	return (bitcast<u32>(x) & 0x7f800000u) == 0x7f800000u;
}`,
};

/** The sine; x in radians. */
export const sin: WgslFunction = {
	name: "sin_f32",
	needs: [reduced, sine, cosine, isNotFinite],
	code: `fn sin_f32(x: f32) -> f32 {
	if (is_not_finite(x)) { return nan(); }
	if (abs(x) < 2.4e-4f) { return x; }
	let a = reduced(x);
	let size = select(sine(a.x), cosine(a.x), a.y == 1f || a.y == 3f);
	return select(size, -size, a.y >= 2f);
}`,
};

/** The cosine; x in radians. */
export const cos: WgslFunction = {
	name: "cos_f32",
	needs: [reduced, sine, cosine, isNotFinite],
	code: `fn cos_f32(x: f32) -> f32 {
	if (is_not_finite(x)) { return nan(); }
	let a = reduced(x);
	let size = select(cosine(a.x), sine(a.x), a.y == 1f || a.y == 3f);
	return select(size, -size, a.y == 1f || a.y == 2f);
}`,
};

/** The tangent; x in radians. */
export const tan: WgslFunction = {
	name: "tan_f32",
	needs: [reduced, isNotFinite],
	code: `fn tan_f32(x: f32) -> f32 {
	if (is_not_finite(x)) { return nan(); }
	if (abs(x) < 2.4e-4f) { return x; }
	let a = reduced(x);
	let z = a.x * a.x;
	let p = ((((9.385402e-3f * z + 3.1199223e-3f) * z + 2.4430135e-2f) * z + 5.3411281e-2f) * z
		+ 1.3338799e-1f) * z + 3.3333157e-1f;
	let t = p * z * a.x + a.x;
	return select(t, -1f / t, a.y == 1f || a.y == 3f);
}`,
};
