import { head, infinity, isNan, nan, scaled, type WgslFunction } from "./source.ts";

/**
 * |x|ʸ by the method and with the constants of `e_powf.c` of FreeBSD's msun (Sun Microsystems,
 * 1993): log₂ x as a sum of two numbers, of which the first has few digits, times y in two parts.
 */
const powerOfSize: WgslFunction = {
	name: "power_of_size",
	needs: [head, infinity, scaled],
	code: `fn power_of_size(x: f32, y: f32) -> f32 {
	// x = 2ⁿ·m, with m near 1 or, as isUpper says, near 1.5.
	let digits = bitcast<u32>(x) & 0x007fffffu;
	let isNext = digits >= 0x5db3d7u;
	let isUpper = digits > 0x1cc471u && !isNext;
	let n = f32(i32(bitcast<u32>(x) >> 23u) - 127 + select(0, 1, isNext));
	let m = bitcast<f32>(digits + select(0x3f800000u, 0x3f000000u, isNext));
	let near = select(1f, 1.5f, isUpper);
	// s = (m − near) / (m + near) as its head and what that lacks.
	let u = m - near;
	let sum = m + near;
	let s = u / sum;
	let s_h = head(s);
	let sum_h = head(sum);
	let sum_l = m - (sum_h - near);
	let s_l = ((u - s_h * sum_h) - s_h * sum_l) / sum;
	// log(m / near) = ⅔·s·(3 + s² + …)
	let z = s * s;
	let r = z * z * (0.6f + z * (0.42857143f + z * (0.33333334f + z * (0.27272812f
		+ z * (0.23066075f + z * 0.20697501f))))) + s_l * (s_h + s);
	let square = s_h * s_h;
	let t_h = head(3f + square + r);
	let t_l = r - ((t_h - 3f) - square);
	let v = s_l * t_h + t_l * s;
	let p_h = head(s_h * t_h + v);
	let p_l = v - (p_h - s_h * t_h);
	// log₂ x
	let near_h = select(0f, 0.5849609375f, isUpper);
	let z_h = 0.9619140625f * p_h;
	let z_l = -1.1736857e-4f * p_h + p_l * 0.9617967f + select(0f, 1.5632208e-6f, isUpper);
	let log_h = head(((z_h + z_l) + near_h) + n);
	let log_l = z_l - (((log_h - n) - near_h) - z_h);
	// times y
	let y_h = head(y);
	let low = (y - y_h) * log_h + y * log_l;
	let high = y_h * log_h;
	let exponent = high + low;
	if (exponent >= 150f) { return infinity(); }
	if (exponent <= -160f) { return 0f; }
	// 2 to that power
	let whole = floor(exponent + 0.5f);
	let rest = (high - whole) + low;
	let t = bitcast<f32>(bitcast<u32>(rest) & 0xffff8000u);
	let w_h = t * 0.69314575f;
	let w_l = (low - (t - (high - whole))) * 0.6931472f + t * 1.4286065e-6f;
	let w = w_h + w_l;
	let w_lost = w_l - (w - w_h);
	let q = w * w;
	let c = w - q * (0.16666667f + q * (-2.7777778e-3f + q * (6.613756e-5f + q * (-1.6533902e-6f
		+ q * 4.138137e-8f))));
	let e = (w * c) / (c - 2f) - (w_lost + w * w_lost);
	return scaled(1f - (e - w), i32(whole));
}`,
};

/** As JavaScript has it. */
export const pow: WgslFunction = {
	name: "pow_f32",
	needs: [powerOfSize, nan, isNan],
	code: `fn pow_f32(x: f32, y: f32) -> f32 {
	if (y == 0f) { return 1f; }
	if (is_nan(x) || is_nan(y)) { return nan(); }
	let size = abs(x);
	// Of 2²⁴ and more all numbers are even.
	let isWhole = abs(y) >= 16777216f || floor(y) == y;
	let isOdd = isWhole && abs(y) < 16777216f && (i32(clamp(y, -16777216f, 16777216f)) & 1) != 0;
	let isBelow = (bitcast<u32>(x) >> 31u) != 0u;
	let isInfinite = bitcast<u32>(size) == 0x7f800000u;
	var power: f32;
	if (bitcast<u32>(abs(y)) == 0x7f800000u) {
		if (size == 1f) { return nan(); }
		return select(0f, infinity(), (size > 1f) == (y > 0f));
	} else if (size == 0f || isInfinite) {
		power = select(0f, infinity(), isInfinite == (y > 0f));
	} else if (isBelow && !isWhole) {
		return nan();
	} else if (size == 1f) {
		power = 1f;
	} else {
		power = power_of_size(size, clamp(y, -1e30f, 1e30f));
	}
	return select(power, -power, isBelow && isOdd);
}`,
};
