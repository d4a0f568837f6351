import { Unsupported } from "../../backend.ts";
import { f32Numeral, i32Numeral, isI32 } from "./numerals.ts";
import { checked, helper } from "./primitives.ts";
import type { ShaderWriter } from "./shader.ts";

/** A part of a formula in WGSL. */
export type TermValue =
	| { readonly type: "f32" | "bool"; readonly text: string }
	/** `absent` is the text of whether it is no number of i32 after all. */
	| { readonly type: "i32"; readonly text: string; readonly absent?: string }
	/** A number that is the same for all elements: it has no type yet. */
	| { readonly type: "constant"; readonly value: number };

/** WGSL may round to either side: both halves are exact, and their sum is rounded as it should be. */
const nearest = helper(
	"nearest_f32",
	"fn nearest_f32(x: i32) -> f32 { return f32(x & -4096) + f32(x & 4095); }",
);

const present = checked(
	"present_i32",
	(fail) => `fn present_i32(absent: bool, value: i32) -> i32 {
	if (absent) { ${fail} }
	return value;
}`,
);

/** A value as f32. */
export function asF32(m: ShaderWriter, value: TermValue): string {
	switch (value.type) {
		case "constant":
			return f32Numeral(m, value.value);
		case "f32":
			return value.text;
		case "i32":
			return nearest(m, asI32(m, value));
		case "bool":
			return `select(0f, 1f, ${value.text})`;
	}
}

/** Whether a value is a whole number, or truth. */
export function isWhole(value: TermValue): boolean {
	return value.type === "constant" ? isI32(value.value) : value.type !== "f32";
}

/** A whole number or truth as i32; where it is absent, something is wrong. */
export function asI32(m: ShaderWriter, value: TermValue): string {
	switch (value.type) {
		case "constant":
			if (!isI32(value.value)) throw new Unsupported(`${value.value} among int32`);
			return i32Numeral(value.value);
		case "f32":
			throw new Unsupported("float32 among int32");
		case "i32":
			return value.absent === undefined ? value.text : present(m, value.absent, value.text);
		case "bool":
			return `select(0, 1, ${value.text})`;
	}
}

/** The text of truth. */
export function asTruth(value: TermValue): string {
	return value.type === "constant" ? String(value.value === 1) : value.text;
}

/** One of two whole numbers; a constant that is none is absent. */
export function choiceOfWhole(
	m: ShaderWriter,
	test: string,
	x: TermValue,
	y: TermValue,
): TermValue {
	const [one, other] = [x, y].map((value) => {
		if (value.type === "i32") return { text: value.text, absent: value.absent ?? "false" };
		const isAbsent = value.type === "constant" && !isI32(value.value);
		return isAbsent ? { text: "0", absent: "true" } : { text: asI32(m, value), absent: "false" };
	});
	const text = `select(${other!.text}, ${one!.text}, ${test})`;
	if (one!.absent === "false" && other!.absent === "false") return { type: "i32", text };
	return { type: "i32", text, absent: `select(${other!.absent}, ${one!.absent}, ${test})` };
}
