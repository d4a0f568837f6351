import { expOfSum } from "./exponential.ts";
import { head, infinity, isNan, nan, type WgslFunction, withSign } from "./source.ts";

// Logarithms by the method and with the constants of `e_logf.c`, `e_log2f.c`, `e_log10f.c` and
// `s_log1pf.c` of FreeBSD's msun (Sun Microsystems, 1993): x = 2ⁿ·(1 + f), and log(1 + f) from
// s = f / (2 + f). The inverse hyperbolic functions are made of them as there.

/** s·(f²/2 + R(s²)): what is left of log(1 + f) beside f − f²/2, for 1 + f from √½ to √2. */
const tail: WgslFunction = {
	name: "logarithm_tail",
	code: `fn logarithm_tail(f: f32) -> f32 {
	let s = f / (2f + f);
	let z = s * s;
	let w = z * z;
	let r = w * (0.40000972f + w * 0.24279079f) + z * (0.6666666f + w * 0.28498787f);
	return s * (0.5f * f * f + r);
}`,
};

/** f and n of a positive number that is finite and has all its digits. */
const parts: WgslFunction = {
	name: "logarithm_parts",
	code: `fn logarithm_parts(x: f32) -> vec2<f32> {
	let bits = bitcast<u32>(x) + (0x3f800000u - 0x3f3504f3u);
	let m = bitcast<f32>((bits & 0x007fffffu) + 0x3f3504f3u);
	return vec2<f32>(m - 1f, f32(i32(bits >> 23u) - 127));
}`,
};

/** Whether it is none of these, and what any logarithm of it is. */
const special: WgslFunction = {
	name: "special_logarithm",
	needs: [infinity, nan],
	code: `fn has_no_logarithm(x: f32) -> bool {
	let bits = bitcast<u32>(x);
	return bits < 0x00800000u || bits >= 0x7f800000u;
}
fn special_logarithm(x: f32) -> f32 {
	let bits = bitcast<u32>(x);
	if ((bits & 0x7fffffffu) < 0x00800000u) { return -infinity(); }
	return select(x, nan(), bits > 0x80000000u);
}`,
};

/** The natural logarithm. */
export const log: WgslFunction = {
	name: "log_f32",
	needs: [tail, parts, special],
	code: `fn log_f32(x: f32) -> f32 {
	if (has_no_logarithm(x)) { return special_logarithm(x); }
	let p = logarithm_parts(x);
	let f = p.x;
	return (((logarithm_tail(f) + p.y * 9.058001e-6f) - 0.5f * f * f) + f) + p.y * 0.6931381f;
}`,
};

/** log(1 + f) as a sum of two numbers, of which the first times few digits has no error. */
const inTwo: WgslFunction = {
	name: "logarithm_in_two",
	needs: [tail, head],
	code: `fn logarithm_in_two(f: f32) -> vec2<f32> {
	let square = 0.5f * f * f;
	let high = head(f - square);
	return vec2<f32>(high, ((f - high) - square) + logarithm_tail(f));
}`,
};

/** The logarithm to base 2. */
export const log2: WgslFunction = {
	name: "log2_f32",
	needs: [inTwo, parts, special],
	code: `fn log2_f32(x: f32) -> f32 {
	if (has_no_logarithm(x)) { return special_logarithm(x); }
	let p = logarithm_parts(x);
	let l = logarithm_in_two(p.x);
	return (((l.y + l.x) * -1.7605285e-4f + l.y * 1.442871f) + l.x * 1.442871f) + p.y;
}`,
};

/** The logarithm to base 10. */
export const log10: WgslFunction = {
	name: "log10_f32",
	needs: [inTwo, parts, special],
	code: `fn log10_f32(x: f32) -> f32 {
	if (has_no_logarithm(x)) { return special_logarithm(x); }
	let p = logarithm_parts(x);
	let l = logarithm_in_two(p.x);
	let small = p.y * 7.903415e-7f + (l.y + l.x) * -3.1689971e-5f + l.y * 0.43432617f;
	return (small + l.x * 0.43432617f) + p.y * 0.3010292f;
}`,
};

/** Near 0 as log(1 + f) with f = x; else that of 1 + x, and what rounding that has lost. */
export const log1p: WgslFunction = {
	name: "log1p_f32",
	needs: [log],
	code: `fn log1p_f32(x: f32) -> f32 {
	if (abs(x) < 3e-8f) { return x; }
	if (x > -0.29f && x < 0.41f) { return (logarithm_tail(x) - 0.5f * x * x) + x; }
	let sum = 1f + x;
	if (has_no_logarithm(sum)) { return special_logarithm(sum); }
	let lost = select(x - (sum - 1f), 1f - (sum - x), x > 1f);
	return log_f32(sum) + lost / sum;
}`,
};

/**
 * log(eˣ + eʸ) without overflow, with what rounding x − y has lost (D. E. Knuth,
 * "The Art of Computer Programming", vol. 2, section 4.2.2).
 */
export const logAddExp: WgslFunction = {
	name: "logAddExp_f32",
	needs: [expOfSum, log1p, isNan],
	code: `fn logAddExp_f32(x: f32, y: f32) -> f32 {
	if (is_nan(x) || is_nan(y)) { return x + y; }
	if (x == y) { return x + 0.6931472f; }
	let most = max(x, y);
	let least = min(x, y);
	let distance = most - least;
	let part = distance - most;
	let lost = (most - (distance - part)) - (least + part);
	return most + log1p_f32(exp_of_sum(-distance, select(-lost, 0f, distance > 150f), 0));
}`,
};

/** The inverse of `sinh`. */
export const asinh: WgslFunction = {
	name: "asinh_f32",
	needs: [log, log1p, isNan, withSign],
	code: `fn asinh_f32(x: f32) -> f32 {
	let size = abs(x);
	if (is_nan(x) || size < 2.4e-4f) { return x; }
	if (size > 4096f) { return with_sign(log_f32(size) + 0.6931472f, x); }
	let root = sqrt(size * size + 1f);
	if (size > 2f) { return with_sign(log_f32(2f * size + 1f / (root + size)), x); }
	return with_sign(log1p_f32(size + size * size / (root + 1f)), x);
}`,
};

/** The inverse of `cosh`. */
export const acosh: WgslFunction = {
	name: "acosh_f32",
	needs: [log, log1p, isNan],
	code: `fn acosh_f32(x: f32) -> f32 {
	if (is_nan(x) || x < 1f) { return nan(); }
	if (x > 4096f) { return log_f32(x) + 0.6931472f; }
	if (x > 2f) { return log_f32(2f * x - 1f / (x + sqrt(x * x - 1f))); }
	let rest = x - 1f;
	return log1p_f32(rest + sqrt(rest * rest + 2f * rest));
}`,
};

/** The inverse of `tanh`. */
export const atanh: WgslFunction = {
	name: "atanh_f32",
	needs: [log1p, isNan, withSign],
	code: `fn atanh_f32(x: f32) -> f32 {
	let size = abs(x);
	if (is_nan(x) || size < 2.4e-4f) { return x; }
	if (size >= 1f) { return select(nan(), with_sign(infinity(), x), size == 1f); }
	let rest = 1f - size;
	let twice = 2f * size;
	return with_sign(0.5f * log1p_f32(select(twice / rest, twice + twice * size / rest, size < 0.5f)), x);
}`,
};
