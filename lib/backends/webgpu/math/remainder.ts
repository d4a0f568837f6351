import { infinity, isNan, nan, type WgslFunction, withSign } from "./source.ts";

// Functions of the digits and the sign of numbers.

/** −1 or 1 with the sign of x; 0, −0 and NaN stay. */
export const sign: WgslFunction = {
	name: "sign_f32",
	code: `fn sign_f32(x: f32) -> f32 { return select(select(x, -1f, x < 0f), 1f, x > 0f); }`,
};

/** WGSL rounds to the even one of two equally near; the sign stays. */
export const round: WgslFunction = {
	name: "round_f32",
	needs: [isNan, withSign],
	code: `fn round_f32(x: f32) -> f32 {
	if (is_nan(x)) { return x; }
	return with_sign(round(abs(x)), x);
}`,
};

/**
 * Without rounding: the digits of x as a whole number, times 2 to the difference of the exponents,
 * modulo the digits of y, eight bits at a time.
 */
export const remainder: WgslFunction = {
	name: "remainder_f32",
	needs: [nan],
	code: `fn remainder_digits(bits: u32) -> u32 {
	return (bits & 0x007fffffu) | select(0u, 0x00800000u, bits >= 0x00800000u);
}
fn remainder_f32(x: f32, y: f32) -> f32 {
	let a = bitcast<u32>(x) & 0x7fffffffu;
	let b = bitcast<u32>(y) & 0x7fffffffu;
	if (a >= 0x7f800000u || b > 0x7f800000u || b == 0u) { return nan(); }
	if (a < b) { return x; }
	let divisor = remainder_digits(b);
	let exponent = max(i32(b >> 23u), 1);
	var steps = max(i32(a >> 23u), 1) - exponent;
	var rest = remainder_digits(a) % divisor;
	while (steps > 0 && rest != 0u) {
		let step = min(steps, 8);
		rest = (rest << u32(step)) % divisor;
		steps -= step;
	}
	// The first digit moves to its place, as far as the exponent can become less.
	let shift = min(i32(countLeadingZeros(rest)) - 8, exponent - 1);
	rest = rest << u32(max(shift, 0));
	let size = select(rest, rest + (u32(exponent - shift - 1) << 23u), rest >= 0x00800000u);
	return bitcast<f32>(size | (bitcast<u32>(x) & 0x80000000u));
}`,
};

/** The sign of the rest is asked for by its bits: a device may take a tiny one for 0. */
export const floorMod: WgslFunction = {
	name: "floorMod_f32",
	needs: [remainder, withSign],
	code: `fn floorMod_f32(x: f32, y: f32) -> f32 {
	let rest = remainder_f32(x, y);
	let bits = bitcast<u32>(rest);
	if ((bits & 0x7fffffffu) == 0u) { return with_sign(rest, y); }
	return select(rest, rest + y, ((bits ^ bitcast<u32>(y)) >> 31u) != 0u);
}`,
};

/** The root of the sum of the squares, both times a power of 2 that leaves the greater near 1. */
export const hypot: WgslFunction = {
	name: "hypot_f32",
	needs: [infinity, isNan],
	code: `fn hypot_f32(x: f32, y: f32) -> f32 {
	let a = bitcast<u32>(x) & 0x7fffffffu;
	let b = bitcast<u32>(y) & 0x7fffffffu;
	if (a == 0x7f800000u || b == 0x7f800000u) { return infinity(); }
	let exponent = clamp(i32(max(a, b) >> 23u), 1, 253);
	let down = bitcast<f32>(u32(254 - exponent) << 23u);
	let up = bitcast<f32>(u32(exponent) << 23u);
	let p = x * down;
	let q = y * down;
	return sqrt(p * p + q * q) * up;
}`,
};
