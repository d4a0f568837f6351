import { GROUPS, PARITY } from "../../../random/threefry.ts";
import type { Random } from "../../../schedule/expression.ts";
import { Unsupported } from "../../backend.ts";
import { addFunction, type WgslFunction, wideProduct } from "../math/source.ts";
import { checked } from "./primitives.ts";
import type { ShaderWriter } from "./shader.ts";
import { asF32, type TermValue } from "./values.ts";

/** By how many bits the second word turns in the rounds of an even and of an odd group. */
const ROTATIONS = [
	[17, 29, 16, 24],
	[13, 15, 26, 6],
];

/** Threefry-2x32 with 20 rounds, as in `lib/random/threefry.ts`. */
function threefry(): string {
	const lines = [
		"fn threefry(key0: i32, key1: i32, counter: i32, stream: i32) -> vec2<u32> {",
		`	let keys = vec3<u32>(u32(key0), u32(key1), ${PARITY}u ^ u32(key0) ^ u32(key1));`,
		"	var x = u32(counter) + keys[0];",
		"	var y = u32(stream) + keys[1];",
	];
	for (let group = 1; group <= GROUPS; group++) {
		for (const by of ROTATIONS[group % 2]!) {
			lines.push("	x += y;", `	y = ((y << ${by}u) | (y >> ${32 - by}u)) ^ x;`);
		}
		lines.push(`	x += keys[${group % 3}];`, `	y += keys[${(group + 1) % 3}] + ${group}u;`);
	}
	return [...lines, "	return vec2<u32>(x, y);", "}"].join("\n");
}

/** A call of `threefry`. */
export function randomWords(m: ShaderWriter, args: readonly string[]): string {
	m.define("threefry", threefry());
	return `threefry(${args.join(", ")})`;
}

/** What is made of the random words of an element. */
export function random(what: Random, words: string): TermValue {
	switch (what) {
		case "first word":
			return { type: "i32", text: `i32(${words}.x)` };
		case "second word":
			return { type: "i32", text: `i32(${words}.y)` };
		case "single":
			return { type: "f32", text: `(f32(${words}.x >> 8u) * ${2 ** -24}f)` };
		case "double":
			throw new Unsupported("random numbers of float64 on the device");
	}
}

// A number of 53 bits stays whole, times 2⁵³: the 27 upper bits of the first word and then the 26 of
// the second.

const below: WgslFunction = {
	name: "is_below",
	code: `fn is_below(words: vec2<u32>, high: u32, low: u32) -> bool {
	let upper = words.x >> 5u;
	return upper < high || (upper == high && (words.y >> 6u) < low);
}`,
};

/**
 * Whether the number lies below a chance p = d·2ᵏ with d of 24 bits, which is so if it lies below
 * ⌈p·2⁵³⌉.
 */
const belowChance = checked(
	"is_below_chance",
	(fail) => `fn is_below_chance(words: vec2<u32>, chance: f32) -> bool {
	let bits = bitcast<u32>(chance);
	if (bits > 0x3f800000u && bits != 0x80000000u) { ${fail} return false; }
	let exponent = max(i32((bits >> 23u) & 0xffu), 1);
	let digits = (bits & 0x007fffffu) | select(0u, 0x00800000u, (bits & 0x7f800000u) != 0u);
	let shift = exponent - 97;
	if (shift >= 26) { return is_below(words, digits << u32(shift - 26), 0u); }
	if (shift >= 0) {
		let low = (digits << u32(shift)) & 0x03ffffffu;
		return is_below(words, digits >> u32(26 - shift), low);
	}
	let by = u32(min(-shift, 25));
	return is_below(words, 0u, (digits + (1u << by) - 1u) >> by);
}`,
);

/** Whether the number of random words lies below a chance. */
export function happens(m: ShaderWriter, words: string, chance: TermValue): TermValue {
	addFunction(m, below);
	if (chance.type !== "constant") {
		return { type: "bool", text: belowChance(m, words, asF32(m, chance)) };
	}
	const { value } = chance;
	if (!(value >= 0 && value <= 1)) return { type: "bool", text: never(m) };
	const most = Math.ceil(value * 2 ** 53);
	const [high, low] = [Math.floor(most / 2 ** 26), most % 2 ** 26];
	return { type: "bool", text: `is_below(${words}, ${high}u, ${low}u)` };
}

const never = checked(
	"never",
	(fail) => `fn never() -> bool {
	${fail}
	return false;
}`,
);

/**
 * ⌊u·count⌋ as float64 has it, for a count of 0 that of 2³². The product of 85 bits is rounded to
 * 53: that makes one more of a whole number of b bits where what follows it lacks 2ᵇ⁻¹ or less to 1,
 * counted in 2⁻⁵³.
 */
const pickedWord: WgslFunction = {
	name: "picked_word",
	needs: [wideProduct],
	code: `fn picked_word(words: vec2<u32>, count: u32) -> u32 {
	let upper = words.x >> 5u;
	let low = (upper << 26u) | (words.y >> 6u);
	let high = upper >> 6u;
	if (count == 0u) { return (high << 11u) | (low >> 21u); }
	let first = wide_product(low, count);
	let second = wide_product(high, count);
	let middle = first.y + second.x;
	let top = second.y + select(0u, 1u, middle < first.y);
	let whole = (top << 11u) | (middle >> 21u);
	if (whole == 0u) { return 0u; }
	let half = 1u << (31u - countLeadingZeros(whole));
	let carried = select(0u, 1u, first.x + half < half);
	return whole + (((middle & 0x1fffffu) + carried) >> 21u);
}`,
};

/** One of so many whole numbers, by random words. */
export function picked(m: ShaderWriter, words: string, first: number, count: number): TermValue {
	addFunction(m, pickedWord);
	const steps = `picked_word(${words}, ${count % 2 ** 32}u)`;
	return { type: "i32", text: `bitcast<i32>(${first >>> 0}u + ${steps})` };
}
