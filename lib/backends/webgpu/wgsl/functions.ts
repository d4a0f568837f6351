import type * as library from "../../../scalar/library.ts";
import { inOrder, type ScalarFunction, type Term } from "../../../scalar/scalar.ts";
import { Unsupported } from "../../backend.ts";
import type { ShaderWriter } from "../shader.ts";
import { builtin, type PrimitiveText } from "./primitives.ts";
import { asF32, TermWriter } from "./terms.ts";

/** JavaScript's functions in f32. */
const natives = {
	exp: builtin("exp"),
	expm1: (_, x) => `(exp(${x}) - 1f)`,
	log: builtin("log"),
	log1p: (_, x) => `log(1f + ${x})`,
	log2: builtin("log2"),
	log10: (_, x) => `(log(${x}) * ${Math.fround(Math.LOG10E)}f)`,
	sin: builtin("sin"),
	cos: builtin("cos"),
	tan: builtin("tan"),
	asin: builtin("asin"),
	acos: builtin("acos"),
	atan: builtin("atan"),
	atan2: builtin("atan2"),
	sinh: builtin("sinh"),
	cosh: builtin("cosh"),
	tanh: (_, x) => `tanh(clamp(${x}, -10f, 10f))`,
	asinh: builtin("asinh"),
	acosh: builtin("acosh"),
	atanh: builtin("atanh"),
	sign: builtin("sign"),
	hypot: (_, x, y) => `length(vec2<f32>(${x}, ${y}))`,
	pow: builtin("pow"),
	remainder: (_, x, y) => `(${x} % ${y})`,
} satisfies Record<keyof typeof library, PrimitiveText>;

/** How a function of f32 is called; it is defined where it is not there yet. */
export function functionText(of: ScalarFunction): PrimitiveText {
	if (Object.hasOwn(natives, of.name)) return natives[of.name as keyof typeof natives];
	if (!("term" in of)) throw new Unsupported(`no ${of.name} on the device`);
	return (m, ...args) => functionOf(m, `${of.name}_f32`, of.term(), args);
}

/** A call of the function of a term, which gives an f32 of numbers that are f32, and of truth. */
export function functionOf(
	m: ShaderWriter,
	name: string,
	term: Term,
	args: readonly string[],
): string {
	const lines: string[] = [];
	const writer = new TermWriter(m, "f32", (text) => {
		const kept = `t${lines.length}`;
		lines.push(`	let ${kept} = ${text};`);
		return kept;
	});
	const types = args.map(() => "f32" as "f32" | "bool");
	for (const part of inOrder(term)) {
		if (part.kind === "argument" && part.type === "truth") types[part.index] = "bool";
	}
	const params = types.map((type, i) => ({ type, text: `x${i}` }));
	const value = asF32(m, writer.write(term, params));
	const list = params.map(({ type, text }) => `${text}: ${type}`).join(", ");
	const body = [...lines, `	return ${value};`].join("\n");
	m.define(name, `fn ${name}(${list}) -> f32 {\n${body}\n}`);
	return `${name}(${args.join(", ")})`;
}
