import { HEADINGS, shapeComment } from "./headings.ts";
import { LoopWriter } from "./loops.ts";
import type { Argument, Derived, Statement } from "./model.ts";
import { numpyStatement } from "./numpy.ts";
import type { PrintOptions } from "./print-options.ts";
import { resultsOf } from "./typescript.ts";

/**
 * The derivation as a TypeScript program without any library: loops over typed arrays in row-major order. A scalar is a number.
 * @throws DerivationError for an op that has no such form
 */
export function printPlain(derived: Derived, { lang = "en" }: PrintOptions = {}): string {
	const { forward, backward } = HEADINGS[lang];
	const given = [...derived.arguments, ...derived.constants];
	const statements = [...derived.forward, ...derived.backward];
	const writer = new LoopWriter([...given, ...statements].map(nameOf));
	const lines = (part: readonly Statement[]) =>
		part.flatMap((line) => ["", ...commented(line), ...plainStatement(writer, line)]);
	return [
		"export function gradients(",
		...given.map(
			(argument) => `  ${argument.name}: ${typeOf(argument)},${shapeComment(argument.axes)}`,
		),
		") {",
		...[
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

function commented(line: Statement): string[] {
	return numpyStatement(line).map((text) => `// ${text}`);
}

function typeOf({ value }: Argument): string {
	return value.type.shape.length === 0 ? "number" : "Float64Array";
}

function nameOf(x: Argument | Statement): string {
	return "name" in x ? x.name : x.variable;
}
