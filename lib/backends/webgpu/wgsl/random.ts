import { GROUPS, PARITY } from "../../../random/threefry.ts";
import type { Random } from "../../../schedule/expression.ts";
import { Unsupported } from "../../backend.ts";
import type { ShaderWriter } from "./shader.ts";
import type { TermValue } from "./values.ts";

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

/** What is made of the random words of an element. */
export function random(m: ShaderWriter, what: Random, words: string): TermValue {
	m.define("threefry", threefry());
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

/** Whether the number of random words lies below a chance. */
export function happens(_m: ShaderWriter, _words: string, _chance: TermValue): TermValue {
	throw new Unsupported("chances");
}
