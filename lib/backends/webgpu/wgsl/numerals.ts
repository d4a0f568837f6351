import type { ShaderWriter } from "./shader.ts";

// WGSL refuses a constant expression that is infinite or NaN, and leaves to the implementation what
// a sign does to 0 and whether tiny numbers stay: those are made of their bits. A private variable
// keeps the compiler from seeing that they are constant.

const bits = new DataView(new ArrayBuffer(4));

/** The smallest number of float32 that has all its digits. */
const LEAST_NORMAL = 2 ** -126;

/** A number as f32, rounded. */
export function f32Numeral(m: ShaderWriter, value: number): string {
	bits.setFloat32(0, value);
	const rounded = bits.getFloat32(0);
	const word = `0x${bits.getUint32(0).toString(16)}u`;
	if (!Number.isFinite(rounded)) {
		const name = `special_${word}`;
		m.define(name, `var<private> ${name}: u32 = ${word};`);
		return `bitcast<f32>(${name})`;
	}
	if (Math.abs(rounded) < LEAST_NORMAL && !Object.is(rounded, 0)) return `bitcast<f32>(${word})`;
	return rounded < 0 ? `(${rounded}f)` : `${rounded}f`;
}

/** A number as i32. */
export function i32Numeral(value: number): string {
	// The least of them is no literal: its digits without the sign are none.
	if (value === -(2 ** 31)) return "(-2147483647 - 1)";
	return value < 0 ? `(${value})` : `${value}`;
}

/** Whether a number is one of i32; −0 is 0 there. */
export function isI32(value: number): boolean {
	return value === (value | 0);
}
