/** A function in WGSL, and those that it calls. */
export interface WgslFunction {
	readonly name: string;
	readonly code: string;
	readonly needs?: readonly WgslFunction[];
}

/** What takes a text that is wanted once, by its name. */
interface Defining {
	define(name: string, code: string): void;
}

/** Adds a function to a shader, with all that it calls. */
export function addFunction(m: Defining, { name, code, needs = [] }: WgslFunction): void {
	for (const needed of needs) addFunction(m, needed);
	m.define(name, code);
}

// WGSL lets a compiler believe that there is no infinity and no NaN: what depends on them asks for
// their bits, and private variables keep them from being seen as constants, which are refused.

/** ∞. */
export const infinity: WgslFunction = {
	name: "infinity",
	code: `var<private> infinity_bits: u32 = 0x7f800000u;
fn infinity() -> f32 { return bitcast<f32>(infinity_bits); }`,
};

/** NaN. */
export const nan: WgslFunction = {
	name: "nan",
	code: `var<private> nan_bits: u32 = 0x7fc00000u;
fn nan() -> f32 { return bitcast<f32>(nan_bits); }`,
};

/** Whether a number is NaN. */
export const isNan: WgslFunction = {
	name: "is_nan",
	code: "fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }",
};

/** |x| with the sign of y. */
export const withSign: WgslFunction = {
	name: "with_sign",
	code: `fn with_sign(x: f32, y: f32) -> f32 {
	return bitcast<f32>((bitcast<u32>(x) & 0x7fffffffu) | (bitcast<u32>(y) & 0x80000000u));
}`,
};

/** The part of a number that has 12 digits in base 2: its products have no error. */
export const head: WgslFunction = {
	name: "head",
	code: "fn head(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u); }",
};

/** 2ⁿ for n from −126 to 127. */
const powerOf2: WgslFunction = {
	name: "power_of_2",
	code: "fn power_of_2(n: i32) -> f32 { return bitcast<f32>(u32(n + 127) << 23u); }",
};

/** x · 2ⁿ for n from −252 to 254, in two steps, since 2ⁿ may not be there. */
export const scaled: WgslFunction = {
	name: "scaled",
	needs: [powerOf2],
	code: `fn scaled(x: f32, n: i32) -> f32 {
	let half = n / 2;
	return x * power_of_2(half) * power_of_2(n - half);
}`,
};

/** The product of two words as its low word and its high one. */
export const wideProduct: WgslFunction = {
	name: "wide_product",
	code: `fn wide_product(x: u32, y: u32) -> vec2<u32> {
	let low = (x & 0xffffu) * (y & 0xffffu);
	let first = (x >> 16u) * (y & 0xffffu) + (low >> 16u);
	let second = (x & 0xffffu) * (y >> 16u) + (first & 0xffffu);
	let high = (x >> 16u) * (y >> 16u) + (first >> 16u) + (second >> 16u);
	return vec2<u32>((second << 16u) | (low & 0xffffu), high);
}`,
};
