import * as create from "../../core/create.ts";
import type { Op } from "../../core/op.ts";
import { Tensor } from "../../core/tensor.ts";
import { literal } from "../../notation/call.ts";
import { typescriptOf } from "../../notation/forms.ts";
import { comparisonFor } from "../../ops/choices.ts";
import { where } from "../../ops/comparison.ts";
import * as ops from "../../ops/index.ts";
import * as internal from "../../ops/internal.ts";
import type {
	Application,
	Block,
	Derived,
	LineExpression,
	LoopBlock,
	Numeral,
	Statement,
} from "../draft/model.ts";
import { described, HEADINGS, onlyForComment, shapeComment } from "../text/headings.ts";
import { castPlace } from "../text/places.ts";
import { TYPESCRIPT } from "../text/size-text.ts";
import { SizeWriter } from "../text/size-writer.ts";
import { aliasesFor, variablesOf, withAliases } from "./aliases.ts";
import { type BlockWriter, forHead, indented, writtenBlock } from "./blocks.ts";
import { markOf } from "./by-hand.ts";
import { typescriptChoice } from "./choices.ts";
import { constantsOf } from "./constants.ts";
import type { PrintOptions } from "./print-options.ts";
import { constantText, placeTensor, tensorText, typedText } from "./typescript-values.ts";

/** The ops of the library: another may be called like one of them. */
const ours = new Set(
	[...Object.values(ops), ...Object.values(internal)].flatMap((f): Op[] =>
		typeof f === "function" && "op" in f ? [f.op] : [],
	),
);

/** The namespace of those that are no methods. */
const INTERNAL = "internal";

/** What the name of an op of the user's begins with where it is called like a function of ours. */
const OWN = "own__";

/**
 * The derivation as a TypeScript program that runs against adjoint: a function from the arguments
 * to the result and its gradients.
 */
export function printTypeScript(derived: Derived, { lang = "en" }: PrintOptions = {}): string {
	const { forward, backward, constants, constant } = HEADINGS[lang];
	const sizes = new SizeWriter(derived.sizes);
	const { defined, given } = constantsOf(derived, sizes);
	const statement = (line: Statement, declares = "const") => [
		`${typescriptStatement(line, sizes, declares)}${shapeComment(line.axes, markOf(line, lang))}`,
	];
	const writer: BlockWriter = {
		statement,
		loop: (loop, body) => typescriptLoop(loop, body, (line) => statement(line, "let"), sizes),
		choice: (choice, branches) => typescriptChoice(choice, branches, sizes, typescriptNumber),
	};
	const lines = (block: Block) => indented(writtenBlock(block, writer), "  ");
	const constantLines = defined.map(({ name, value, everywhere, axes }) => {
		const text = sizes.code(everywhere.map(constantText), value.type.dtype, TYPESCRIPT);
		return `  const ${name} = ${text};${shapeComment(axes)}`;
	});
	const statements = [
		...(defined.length > 0 ? [`  // ${constants}`, ...constantLines, ""] : []),
		`  // ${forward}`,
		...lines(derived.blocks.forward),
		"",
		`  // ${backward}`,
		...lines(derived.blocks.backward),
	];
	const definitions = sizes
		.definitions(derived.arguments)
		.map(({ variable, argument, axis, times }) => {
			const over = times === 1 ? "" : ` / ${times}`;
			return `  const ${variable} = Number(${argument}.shape[${axis}])${over};`;
		});
	const body = [
		...(definitions.length > 0 ? [...definitions, ""] : []),
		...statements,
		`  return { ${resultsOf(derived).join(", ")} };`,
	];
	const text = body.join("\n");
	const { known, inner, own } = functionsIn(statements.join("\n"));
	const aliases = aliasesFor([...known, ...inner, ...own], variablesOf(derived));
	const renamed = (name: string, by: string) => {
		const alias = aliases.get(name) ?? name;
		const original = name.replace(OWN, "");
		return alias === original ? alias : `${original}${by}${alias}`;
	};
	const imported = (name: string) => renamed(name, " as ");
	const namespace = inner.length > 0 ? [INTERNAL] : [];
	const unpacked = inner.map((name) => renamed(name, ": ")).join(", ");
	return [
		`import { ${["type Tensor", ...known.map(imported), ...namespace].join(", ")} } from "adjoint";`,
		...own.map((name) => `import { ${imported(name)} } from "./ops.ts"; // an op of your own`),
		...namespace.flatMap((name) => ["", `const { ${unpacked} } = ${name};`]),
		"",
		...onlyForComment("//", derived, sizes, lang),
		"export function gradients(",
		...derived.arguments.map(({ name, axes }) => `  ${name}: Tensor,${shapeComment(axes)}`),
		...given.map((x) => `  ${x.name}: Tensor, // ${constant(described(x), x.value.type.dtype)}`),
		") {",
		withAliases(text, aliases),
		"}",
		"",
	].join("\n");
}

/** What a printed program returns: the result, and the gradient of each differentiated argument. */
export function resultsOf({ arguments: args, forward, backward }: Derived): string[] {
	const differentiated = new Set(args.filter((x) => x.differentiated).map(({ name }) => name));
	const gradients = backward.filter((line) => differentiated.has(line.gradientOf ?? ""));
	return [forward.at(-1)!.variable, ...new Set(gradients.map(({ variable }) => variable))];
}

/** What the list is called that the steps of a loop fill, before it is one tensor. */
export function listOf(variable: string): string {
	return `${variable}_each`;
}

/**
 * A loop: what it starts from, lists for what it stores, its body for each place, and each list as
 * one tensor.
 */
function typescriptLoop(
	loop: LoopBlock,
	body: readonly string[],
	write: (line: Statement) => readonly string[],
	sizes: SizeWriter,
): string[] {
	const { starts, stores } = loop;
	const lists = stores.map(({ variable }) => {
		return `const ${listOf(variable)} = [];`;
	});
	const made = stores.map(({ variable, axes }) => {
		return `const ${variable} = stack(${listOf(variable)});${shapeComment(axes)}`;
	});
	return [
		...starts.flatMap(write),
		...lists,
		forHead(loop, sizes),
		...indented(body, "  "),
		"}",
		...made,
	];
}

/**
 * A statement in TypeScript (and JavaScript): `const h = x.dot(w);`.
 * @param declares how a variable is declared that was not there before
 */
function typescriptStatement(
	{ variable, expression, elsewhere = [], value, at, change }: Statement,
	sizes: SizeWriter,
	declares: string,
): string {
	const texts = [expression, ...elsewhere].map((each) =>
		each.kind === "number" ? tensorText(each.value) : typescriptText(each),
	);
	const text = sizes.code(texts, value.type.dtype, TYPESCRIPT);
	if (at !== undefined) return `${listOf(variable)}[${at}] = ${text};`;
	if (change === "adds") return `${variable} = ${variable}.add(${text});`;
	return `${change === undefined ? `${declares} ` : ""}${variable} = ${text};`;
}

/** A tensor's only element: `test.item()`. */
export function typescriptNumber(expression: LineExpression): string {
	const { kind } = expression;
	return `${kind === "number" ? tensorText(expression.value) : typescriptText(expression)}.item()`;
}

/** An expression as calls of adjoint's functions and methods. */
export function typescriptText(expression: LineExpression): string {
	switch (expression.kind) {
		case "name":
			if (expression.from !== undefined) return placeTensor(expression, "int32");
			return expression.at === undefined
				? expression.name
				: `${expression.name}.slice(${expression.at})`;
		case "number":
			return expression.value.type.dtype === "bool"
				? String(expression.number !== 0)
				: literal(expression.number);
		case "constant":
			return tensorText(expression.value);
		case "application": {
			const { op, args, params } = expression;
			const place = castPlace(expression);
			const { dtype } = expression.value.type;
			if (place !== null && dtype !== "bool") return placeTensor(place, dtype);
			const choice = choiceText(expression);
			if (choice !== null) return choice;
			const typed = bareNumber(expression);
			const texts = args.map((x) => (x === typed ? typedText(typed) : typescriptText(x)));
			const isOurs = ours.has(op);
			if (op.typescript !== undefined || (isOurs && op.name in Tensor.prototype)) {
				return typescriptOf(op, texts, params);
			}
			const name = !isOurs && isTaken(op.name) ? `${OWN}${op.name}` : op.name;
			return `${name}(${texts.join(", ")})`;
		}
	}
}

/**
 * What is kept where a comparison holds, and 0 elsewhere, as a person writes it:
 * `h.greater(0).where(g, 0)`. Null for another op, and where two numbers would lose their dtype.
 */
function choiceText({ op, args, value }: Application): string | null {
	const [kept, mask] = args;
	if (mask?.kind !== "application") return null;
	const comparison = comparisonFor(op, mask.op);
	const isNumber = kept!.kind === "number" && value.type.dtype !== "float64";
	if (comparison === null || isNumber) return null;
	const condition = typescriptText({ ...mask, op: comparison });
	return typescriptOf(where.op, [condition, typescriptText(kept!), "0"], null);
}

/** The number that has to say its dtype, since it comes from no other argument; null for none. */
function bareNumber({ args, value }: Application): Numeral | null {
	const { dtype } = value.type;
	if (dtype === "float64" || dtype === "bool") return null;
	const [first, ...more] = args.filter((x) => x.value.type.dtype === dtype);
	const isBare = first?.kind === "number" && more.every(({ kind }) => kind === "number");
	return isBare ? first : null;
}

/** Whether adjoint has a function of that name. */
function isKnown(name: string): boolean {
	return Object.hasOwn(ops, name) || Object.hasOwn(create, name);
}

/** Whether it has an internal one of that name. */
function isInternal(name: string): boolean {
	return Object.hasOwn(internal, name);
}

function isTaken(name: string): boolean {
	return isKnown(name) || isInternal(name) || name === INTERNAL;
}

/** The functions that a program calls: those of adjoint, its internal ones, and the user's. */
function functionsIn(text: string) {
	const called = [...text.matchAll(/(?<![.\w$])([A-Za-z_$][\w$]*)\(/g)].map(([, name]) => name!);
	const names = [...new Set(called)].filter((name) => name !== "RangeError").sort();
	return {
		known: names.filter(isKnown),
		inner: names.filter(isInternal),
		own: names.filter((name) => !isKnown(name) && !isInternal(name)),
	};
}
