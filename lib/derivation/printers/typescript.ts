import * as create from "../../core/create.ts";
import type { Op } from "../../core/op.ts";
import { Tensor } from "../../core/tensor.ts";
import { call, literal } from "../../notation/call.ts";
import { typescriptOf } from "../../notation/forms.ts";
import { comparisonFor } from "../../ops/choices.ts";
import { where } from "../../ops/comparison.ts";
import * as ops from "../../ops/index.ts";
import * as internal from "../../ops/internal.ts";
import { uniformNumber } from "../../program/builder.ts";
import type { Constant } from "../../program/program.ts";
import type { Application, Derived, LineExpression, Statement } from "../draft/model.ts";
import { described, HEADINGS, onlyForComment, shapeComment } from "../text/headings.ts";
import { TYPESCRIPT } from "../text/size-text.ts";
import { SizeWriter } from "../text/size-writer.ts";
import { aliasesFor, variablesOf, withAliases } from "./aliases.ts";
import { markOf } from "./by-hand.ts";
import { constantsOf, type FormedConstant } from "./constants.ts";
import type { PrintOptions } from "./print-options.ts";

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
	const lines = (statements: readonly Statement[]) =>
		statements.map(
			(line) =>
				`  ${typescriptStatement(line, sizes)}${shapeComment(line.axes, markOf(line, lang))}`,
		);
	const constantLines = defined.map(({ name, value, everywhere, axes }) => {
		const text = sizes.code(everywhere.map(constantText), value.type.dtype, TYPESCRIPT);
		return `  const ${name} = ${text};${shapeComment(axes)}`;
	});
	const statements = [
		...(defined.length > 0 ? [`  // ${constants}`, ...constantLines, ""] : []),
		`  // ${forward}`,
		...lines(derived.forward),
		"",
		`  // ${backward}`,
		...lines(derived.backward),
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
	return [forward.at(-1)!.variable, ...gradients.map(({ variable }) => variable)];
}

/** A statement in TypeScript (and JavaScript): `const h = x.dot(w);`. */
function typescriptStatement(
	{ variable, expression, elsewhere = [], value }: Statement,
	sizes: SizeWriter,
): string {
	const texts = [expression, ...elsewhere].map((each) =>
		each.kind === "number" ? tensorText(each.value) : typescriptText(each),
	);
	return `const ${variable} = ${sizes.code(texts, value.type.dtype, TYPESCRIPT)};`;
}

/** An expression as calls of adjoint's functions and methods. */
export function typescriptText(expression: LineExpression): string {
	switch (expression.kind) {
		case "name":
			return expression.name;
		case "number":
			return expression.value.type.dtype === "bool"
				? String(expression.number !== 0)
				: literal(expression.number);
		case "constant":
			return tensorText(expression.value);
		case "application": {
			const { op, args, params } = expression;
			const choice = choiceText(expression);
			if (choice !== null) return choice;
			const texts = args.map(typescriptText);
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

/** A constant, written out: filled with one number, or element by element. */
function tensorText(value: Constant): string {
	const { tensor } = value;
	const options = tensor.dtype === "float64" ? undefined : { dtype: tensor.dtype };
	// Nested arrays cannot tell the shape of a tensor without elements.
	const number = tensor.size === 0 ? 0 : uniformNumber(value);
	if (number !== null && tensor.rank > 0) {
		return call("full", [literal(tensor.shape)], number, options).replace(
			/^(.*)\.full\(/,
			"full($1, ",
		);
	}
	return `tensor(${[tensor.toArray(), options]
		.filter((x) => x !== undefined)
		.map(literal)
		.join(", ")})`;
}

/** A constant by its constructor, or written out. */
function constantText({ value, form }: FormedConstant): string {
	const { tensor } = value;
	const options = tensor.dtype === "float64" ? [] : [{ dtype: tensor.dtype }];
	const made = (name: string, size: unknown) =>
		`${name}(${[size, ...options].map(literal).join(", ")})`;
	switch (form.kind) {
		case "identity": {
			const eye = made("eye", form.size);
			return form.factor === 1 ? eye : `mul(${literal(form.factor)}, ${eye})`;
		}
		case "triangle":
			return typescriptOf(form.op, [made("ones", tensor.shape)], { k: form.k });
		default:
			return tensorText(value);
	}
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
	const names = [...new Set(called)].sort();
	return {
		known: names.filter(isKnown),
		inner: names.filter(isInternal),
		own: names.filter((name) => !isKnown(name) && !isInternal(name)),
	};
}
