import { elements } from "../../core/strided.ts";
import { literal } from "../../notation/call.ts";
import { tril } from "../../ops/triangles.ts";
import type { Argument, Derived, Statement } from "../draft/model.ts";
import { described, HEADINGS, onlyForComment, shapeComment } from "../text/headings.ts";
import { TYPESCRIPT } from "../text/size-text.ts";
import { SizeWriter } from "../text/size-writer.ts";
import { variablesOf } from "./aliases.ts";
import { type BlockWriter, writtenBlock } from "./blocks.ts";
import { constantsOf, type FormedConstant } from "./constants.ts";
import { LoopWriter } from "./loops.ts";
import { numpyStatements } from "./numpy.ts";
import { changedBy, placesOf, plainChoice, plainLoop, writeStatement } from "./plain-loops.ts";
import type { PrintOptions } from "./print-options.ts";
import { resultsOf } from "./typescript.ts";

/**
 * The derivation as a TypeScript program without any library: loops over typed arrays in row-major
 * order. A scalar is a number. Typed arrays do not know their shapes, so the sizes that have names
 * are arguments too.
 * @throws DerivationError for an op that has no such form
 */
export function printPlain(derived: Derived, { lang = "en" }: PrintOptions = {}): string {
	const { forward, backward, constants, constant } = HEADINGS[lang];
	const sizes = new SizeWriter(derived.sizes);
	const { defined, given } = constantsOf(derived, sizes);
	const numpy = numpyStatements(derived, sizes, lang);
	const taken = variablesOf(derived);
	const writers = placesOf(derived).map(
		(places) => new LoopWriter([...taken, "gradients"], places),
	);
	const changed = changedBy(derived);
	const statement = (line: Statement) => [
		"",
		...numpy(line).map((text) => `// ${text}`),
		...plainStatement(writers, line, changed, sizes),
	];
	const blocks: BlockWriter = {
		statement,
		loop: (loop, body) => plainLoop(loop, body, statement, sizes),
		choice: (choice, branches) => plainChoice(choice, branches, writers, sizes),
	};
	const constantLines = defined.map((x) => {
		const [i] = writers[0]!.letters(1, []) as [string];
		const texts = x.everywhere.map((each) => constantText(each, i));
		const text = sizes.code(texts, x.value.type.dtype, TYPESCRIPT);
		return `const ${x.name} = ${text};${shapeComment(x.axes)}`;
	});
	const [forwardLines, backwardLines] = [
		writtenBlock(derived.blocks.forward, blocks),
		writtenBlock(derived.blocks.backward, blocks),
	];
	return [
		...onlyForComment("//", derived, sizes, lang),
		...writers[0]!.definitions(true).flatMap((definition) => [...definition, ""]),
		"export function gradients(",
		...derived.arguments.map(
			(argument) => `  ${argument.name}: ${typeOf(argument)},${shapeComment(argument.axes)}`,
		),
		...given.map(
			(x) => `  ${x.name}: ${typeOf(x)}, // ${constant(described(x), x.value.type.dtype)}`,
		),
		...sizes.definitions(derived.arguments).map(({ variable }) => `  ${variable}: number,`),
		") {",
		...[
			...(defined.length > 0 ? [`// ${constants}`] : []),
			...constantLines,
			...(defined.length > 0 ? [""] : []),
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
	statement: Statement,
	changed: ReadonlySet<string>,
	sizes: SizeWriter,
): string[] {
	const { expression, elsewhere = [], value } = statement;
	const texts = [expression, ...elsewhere].map((each, i) => {
		const { lines } = writers[i]!;
		const before = lines.length;
		writeStatement(writers[i]!, { ...statement, expression: each }, changed);
		return lines.slice(before).join("\n");
	});
	return sizes.code(texts, value.type.dtype, TYPESCRIPT).split("\n");
}

/** A constant by a formula of the position i in row-major order, or written out. */
function constantText({ value: { tensor }, form }: FormedConstant, i: string): string {
	const from = (of: string) => `Float64Array.from(Array(${tensor.size}).keys(), (${i}) => ${of})`;
	const columns = tensor.shape.at(-1)!;
	switch (form.kind) {
		case "identity":
			return from(`${i} % ${columns + 1} === 0 ? ${literal(form.factor)} : 0`);
		case "triangle": {
			const k = form.k === 0 ? "" : ` ${form.k < 0 ? "-" : "+"} ${Math.abs(form.k)}`;
			const side = form.op === tril.op ? "<=" : ">=";
			return from(`${i} % ${columns} ${side} Math.floor(${i} / ${columns})${k} ? 1 : 0`);
		}
		default:
			return `Float64Array.of(${[...elements(tensor)].map(literal).join(", ")})`;
	}
}

function typeOf({ value }: Argument): string {
	return value.type.shape.length === 0 ? "number" : "Float64Array";
}
