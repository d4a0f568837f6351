import { literal } from "../notation/call.ts";
import { tril } from "../ops/triangles.ts";
import { elements } from "../strided.ts";
import { constantsOf, type DefinedConstant } from "./constants.ts";
import { described, HEADINGS, shapeComment } from "./headings.ts";
import { LoopWriter } from "./loops.ts";
import type { Argument, Derived, Statement } from "./model.ts";
import { numpyStatements } from "./numpy.ts";
import type { PrintOptions } from "./print-options.ts";
import { resultsOf } from "./typescript.ts";

/**
 * The derivation as a TypeScript program without any library: loops over typed arrays in row-major order. A scalar is a number.
 * @throws DerivationError for an op that has no such form
 */
export function printPlain(derived: Derived, { lang = "en" }: PrintOptions = {}): string {
	const { forward, backward, constants, constant } = HEADINGS[lang];
	const { defined, given } = constantsOf(derived);
	const statements = [...derived.forward, ...derived.backward];
	const all = [...derived.arguments, ...derived.constants, ...statements];
	const writer = new LoopWriter(all.map(nameOf));
	const numpy = numpyStatements(derived, lang);
	const commented = (line: Statement) => numpy(line).map((text) => `// ${text}`);
	const lines = (part: readonly Statement[]) =>
		part.flatMap((line) => ["", ...commented(line), ...plainStatement(writer, line)]);
	return [
		"export function gradients(",
		...derived.arguments.map(
			(argument) => `  ${argument.name}: ${typeOf(argument)},${shapeComment(argument.axes)}`,
		),
		...given.map(
			(x) => `  ${x.name}: ${typeOf(x)}, // ${constant(described(x), x.value.type.dtype)}`,
		),
		") {",
		...[
			...(defined.length > 0 ? [`// ${constants}`] : []),
			...defined.map((x) => `const ${x.name} = ${constantText(x)};${shapeComment(x.axes)}`),
			...(defined.length > 0 ? [""] : []),
			`// ${forward}`,
			...lines(derived.forward).slice(1),
			"",
			`// ${backward}`,
			...lines(derived.backward).slice(1),
			"",
			`return { ${resultsOf(derived).join(", ")} };`,
		].map((line) => (line === "" ? "" : `  ${line}`)),
		"}",
		"",
	].join("\n");
}

/** A statement as loops that give its variable its value. */
function plainStatement(writer: LoopWriter, { variable, expression }: Statement): string[] {
	const before = writer.lines.length;
	writer.assign(variable, expression);
	return writer.lines.slice(before);
}

/** A constant by a formula of the position in row-major order, or written out. */
function constantText({ tensor, form }: DefinedConstant): string {
	const from = (of: string) => `Float64Array.from({ length: ${tensor.size} }, (_, i) => ${of})`;
	const columns = tensor.shape.at(-1)!;
	switch (form.kind) {
		case "identity":
			return from(`i % ${columns + 1} === 0 ? ${literal(form.factor)} : 0`);
		case "triangle": {
			const k = form.k === 0 ? "" : ` ${form.k < 0 ? "-" : "+"} ${Math.abs(form.k)}`;
			const side = form.op === tril.op ? "<=" : ">=";
			return from(`i % ${columns} ${side} Math.floor(i / ${columns})${k} ? 1 : 0`);
		}
		case "elements":
			return `Float64Array.of(${[...elements(tensor)].map(literal).join(", ")})`;
	}
}

function typeOf({ value }: Argument): string {
	return value.type.shape.length === 0 ? "number" : "Float64Array";
}

function nameOf(x: Argument | Statement): string {
	return "name" in x ? x.name : x.variable;
}
