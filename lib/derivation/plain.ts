import { HEADINGS, onlyForComment, shapeComment } from "./headings.ts";
import { LoopWriter } from "./loops.ts";
import type { Argument, Derived, Statement } from "./model.ts";
import { numpyStatement } from "./numpy.ts";
import type { PrintOptions } from "./print-options.ts";
import { TYPESCRIPT } from "./size-text.ts";
import { SizeWriter } from "./size-writer.ts";
import { resultsOf } from "./typescript.ts";

/**
 * The derivation as a TypeScript program without any library: loops over typed arrays in row-major order. A scalar is a number.
 * Typed arrays do not know their shapes, so the sizes that have names are arguments too.
 * @throws DerivationError for an op that has no such form
 */
export function printPlain(derived: Derived, { lang = "en" }: PrintOptions = {}): string {
	const { forward, backward } = HEADINGS[lang];
	const given = [...derived.arguments, ...derived.constants];
	const statements = [...derived.forward, ...derived.backward];
	const sizes = new SizeWriter(derived.sizes);
	const taken = [...[...given, ...statements].map(nameOf), ...derived.sizes.variables.values()];
	const writers = [derived.sizes, ...derived.sizes.probes].map(() => new LoopWriter(taken));
	const lines = (part: readonly Statement[]) =>
		part.flatMap((line) => [
			"",
			...numpyStatement(line, sizes).map((text) => `// ${text}`),
			...plainStatement(writers, line, sizes),
		]);
	const [forwardLines, backwardLines] = [lines(derived.forward), lines(derived.backward)];
	return [
		...onlyForComment("//", derived, sizes, lang),
		"export function gradients(",
		...given.map(
			(argument) => `  ${argument.name}: ${typeOf(argument)},${shapeComment(argument.axes)}`,
		),
		...sizes.definitions(derived.arguments).map(({ variable }) => `  ${variable}: number,`),
		") {",
		...[
			`// ${forward}`,
			...forwardLines.slice(1),
			"",
			`// ${backward}`,
			...backwardLines.slice(1),
			"",
			`return { ${resultsOf(derived).join(", ")} };`,
		].map((line) => (line === "" ? "" : `  ${line}`)),
		"}",
		"",
	].join("\n");
}

/** A statement as loops that give its variable its value. */
function plainStatement(
	writers: readonly LoopWriter[],
	{ variable, expression, elsewhere = [], value }: Statement,
	sizes: SizeWriter,
): string[] {
	const texts = [expression, ...elsewhere].map((each, i) => {
		const { lines } = writers[i]!;
		const before = lines.length;
		writers[i]!.assign(variable, each);
		return lines.slice(before).join("\n");
	});
	return sizes.code(texts, value.type.dtype, TYPESCRIPT).split("\n");
}

function typeOf({ value }: Argument): string {
	return value.type.shape.length === 0 ? "number" : "Float64Array";
}

function nameOf(x: Argument | Statement): string {
	return "name" in x ? x.name : x.variable;
}
