import { head, isNan, nan, type WgslFunction, withSign } from "./source.ts";

// The arc functions by the methods and with the constants of `e_asinf.c`, `e_acosf.c` and
// `s_atanf.c` of FreeBSD's msun (Sun Microsystems, 1993).

/** (asin(x) − x) / x as a rational function of x². */
const rational: WgslFunction = {
	name: "arc_sine_rational",
	code: `fn arc_sine_rational(z: f32) -> f32 {
	return z * (0.16666587f + z * (-4.2743422e-2f + z * -8.656363e-3f)) / (1f + z * -0.7066296f);
}`,
};

/** The arc sine. */
export const asin: WgslFunction = {
	name: "asin_f32",
	needs: [rational, nan, withSign],
	code: `fn asin_f32(x: f32) -> f32 {
	let size = abs(x);
	if (size < 0.5f) {
		return select(x + x * arc_sine_rational(x * x), x, size < 2.4e-4f);
	}
	if (!(size <= 1f)) { return nan(); }
	let z = (1f - size) * 0.5f;
	let s = sqrt(z);
	return with_sign(1.5707964f - (2f * (s + s * arc_sine_rational(z)) + 4.371139e-8f), x);
}`,
};

/** Beyond ½ from a root, which is split, so that what rounding it has lost can be added. */
export const acos: WgslFunction = {
	name: "acos_f32",
	needs: [rational, nan, head],
	code: `fn acos_f32(x: f32) -> f32 {
	let size = abs(x);
	if (!(size <= 1f)) { return nan(); }
	if (size < 0.5f) {
		return 1.5707964f - (x - (-4.371139e-8f - x * arc_sine_rational(x * x)));
	}
	let z = (1f - size) * 0.5f;
	let s = sqrt(z);
	if (x < 0f) { return 2f * (1.5707964f - (s + (arc_sine_rational(z) * s + 4.371139e-8f))); }
	let high = head(s);
	let lost = select((z - high * high) / (s + high), 0f, z == 0f);
	return 2f * (high + (arc_sine_rational(z) * s + lost));
}`,
};

/** The arc tangent. */
export const atan: WgslFunction = {
	name: "atan_f32",
	needs: [isNan, withSign],
	code: `fn atan_f32(x: f32) -> f32 {
	let size = abs(x);
	if (is_nan(x) || size < 2.4e-4f) { return x; }
	if (size > 1e8f) { return with_sign(1.5707964f, x); }
	var r = size;
	var angle = vec2<f32>(0f, 0f);
	if (size >= 2.4375f) {
		r = -1f / size;
		angle = vec2<f32>(1.5707963f, 7.549789e-8f);
	} else if (size >= 1.1875f) {
		r = (size - 1.5f) / (1f + 1.5f * size);
		angle = vec2<f32>(0.9827937f, 3.4473217e-8f);
	} else if (size >= 0.6875f) {
		r = (size - 1f) / (size + 1f);
		angle = vec2<f32>(0.7853981f, 3.774895e-8f);
	} else if (size >= 0.4375f) {
		r = (2f * size - 1f) / (2f + size);
		angle = vec2<f32>(0.4636476f, 5.012158e-9f);
	}
	let z = r * r;
	let w = z * z;
	let odd = z * (0.33333328f + w * (0.14253573f + w * 0.06168842f));
	let even = w * (-0.19999158f + w * -0.10648017f);
	return with_sign(angle.x - ((r * (odd + even) - angle.y) - r), x);
}`,
};

/** The arc tangent of the quotient; of large numbers that of their halves to the power of 64. */
export const atan2: WgslFunction = {
	name: "atan2_f32",
	needs: [atan, nan],
	code: `fn atan2_f32(y: f32, x: f32) -> f32 {
	if (is_nan(x) || is_nan(y)) { return nan(); }
	let isLeft = (bitcast<u32>(x) >> 31u) != 0u;
	let ex = i32((bitcast<u32>(x) >> 23u) & 0xffu);
	let ey = i32((bitcast<u32>(y) >> 23u) & 0xffu);
	var angle: f32;
	if (ex == 255 && ey == 255) {
		angle = select(0.7853982f, 2.3561945f, isLeft);
	} else if (ey == 0) {
		angle = select(0f, 3.1415927f, isLeft);
	} else if (ey - ex > 26 || ey == 255) {
		angle = 1.5707964f;
	} else if (isLeft && ex - ey > 26) {
		angle = 3.1415927f;
	} else {
		let scale = select(1f, 5.421011e-20f, max(ex, ey) > 190);
		let acute = select(atan_f32(abs(y * scale) / abs(x * scale)), 0f, ex == 255);
		angle = select(acute, 3.1415927f - (acute - -8.742278e-8f), isLeft);
	}
	return with_sign(angle, y);
}`,
};
