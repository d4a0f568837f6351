import type { ShaderWriter } from "../../wgsl/shader.ts";

// A product as a number of 1 to 2 times a power of 2, so that it over- and underflows only where
// the whole product does. 0, ∞ and NaN stand for themselves, and the power does not matter.

/** A power so far from 0 that the product is 0 or ∞, whatever the number is. */
const FAR = 300;

const CODE = `struct Factors { number: f32, power: i32 }
fn factors_of(x: f32) -> Factors {
	let given = bitcast<u32>(x);
	if ((given & 0x7fffffffu) == 0u || (given & 0x7f800000u) == 0x7f800000u) {
		return Factors(x, 0);
	}
	var bits = given;
	var power = -127;
	if ((given & 0x7f800000u) == 0u) {
		bits = bitcast<u32>(f32(given & 0x7fffffu)) | (given & 0x80000000u);
		power = -127 - 149;
	}
	let number = bitcast<f32>((bits & 0x807fffffu) | 0x3f800000u);
	return Factors(number, power + i32((bits >> 23u) & 0xffu));
}
fn factors_merged(a: Factors, b: Factors) -> Factors {
	let both = factors_of(a.number * b.number);
	return Factors(both.number, both.power + a.power + b.power);
}
fn factors_whole(x: Factors) -> f32 {
	let power = clamp(x.power, -${FAR}, ${FAR});
	let some = clamp(power, -126, 127);
	let more = clamp(power - some, -126, 127);
	let rest = power - some - more;
	return x.number * factors_power(some) * factors_power(more) * factors_power(rest);
}
fn factors_power(x: i32) -> f32 { return bitcast<f32>((x + 127) << 23u); }`;

/** The name of one of these functions, which are then there. */
export function factors(m: ShaderWriter, name: "of" | "merged" | "whole"): string {
	m.define("factors", CODE);
	return `factors_${name}`;
}
