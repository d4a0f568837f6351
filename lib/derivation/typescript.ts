import * as create from "../create.ts";
import { call, literal } from "../notation/call.ts";
import { typescriptOf } from "../notation/forms.ts";
import * as ops from "../ops/index.ts";
import { uniform } from "../program/builder.ts";
import type { Constant } from "../program/program.ts";
import { Tensor } from "../tensor.ts";
import { aliasesFor, withAliases } from "./aliases.ts";
import { markOf } from "./by-hand.ts";
import { constantsOf, type DefinedConstant } from "./constants.ts";
import { described, HEADINGS, shapeComment } from "./headings.ts";
import type { Derived, Expression, Statement } from "./model.ts";
import type { PrintOptions } from "./print-options.ts";

/** The derivation as a TypeScript program that runs against adjoint: a function from the arguments to the result and its gradients. */
export function printTypeScript(derived: Derived, { lang = "en" }: PrintOptions = {}): string {
	const { forward, backward, constants, constant } = HEADINGS[lang];
	const { defined, given } = constantsOf(derived);
	const lines = (statements: readonly Statement[]) =>
		statements.map(
			(line) => `  ${typescriptStatement(line)}${shapeComment(line.axes, markOf(line, lang))}`,
		);
	const body = [
		...(defined.length > 0 ? [`  // ${constants}`] : []),
		...defined.map((x) => `  const ${x.name} = ${constantText(x)};${shapeComment(x.axes)}`),
		...(defined.length > 0 ? [""] : []),
		`  // ${forward}`,
		...lines(derived.forward),
		"",
		`  // ${backward}`,
		...lines(derived.backward),
		`  return { ${resultsOf(derived).join(", ")} };`,
	];
	const text = body.join("\n");
	const [known, own] = functionsIn(text);
	const variables = [...derived.arguments, ...derived.constants].map(({ name }) => name);
	variables.push(...[...derived.forward, ...derived.backward].map(({ variable }) => variable));
	const aliases = aliasesFor([...known, ...own], new Set(variables));
	const imported = (name: string) => (aliases.has(name) ? `${name} as ${aliases.get(name)}` : name);
	return [
		`import { ${["type Tensor", ...known.map(imported)].join(", ")} } from "adjoint";`,
		...own.map((name) => `import { ${imported(name)} } from "./ops.ts"; // an op of your own`),
		"",
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
function typescriptStatement({ variable, expression }: Statement): string {
	const text =
		expression.kind === "number" ? tensorText(expression.value) : typescriptText(expression);
	return `const ${variable} = ${text};`;
}

/** An expression as calls of adjoint's functions and methods. */
function typescriptText(expression: Expression): string {
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
			const texts = args.map(typescriptText);
			const isMethod = op.typescript !== undefined || op.name in Tensor.prototype;
			return isMethod ? typescriptOf(op, texts, params) : `${op.name}(${texts.join(", ")})`;
		}
	}
}

/** A constant, written out: filled with one number, or element by element. */
function tensorText(value: Constant): string {
	const { tensor } = value;
	const options = tensor.dtype === "float64" ? undefined : { dtype: tensor.dtype };
	// Nested arrays cannot tell the shape of a tensor without elements.
	const number = tensor.size === 0 ? 0 : uniform(value);
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
function constantText({ tensor, form, value }: DefinedConstant): string {
	const options = tensor.dtype === "float64" ? [] : [{ dtype: tensor.dtype }];
	const made = (name: string, size: unknown) =>
		`${name}(${[size, ...options].map(literal).join(", ")})`;
	switch (form.kind) {
		case "identity": {
			const eye = made("eye", form.size);
			return form.factor === 1 ? eye : `mul(${literal(form.factor)}, ${eye})`;
		}
		case "triangle":
			return typescriptOf(form.op, [made("ones", tensor.shape)], form);
		case "elements":
			return tensorText(value as Constant);
	}
}

/** The functions that a program calls: those of adjoint, and the others. */
function functionsIn(text: string): [known: string[], own: string[]] {
	const called = [...text.matchAll(/(?<![.\w$])([A-Za-z_$][\w$]*)\(/g)].map(([, name]) => name!);
	const names = [...new Set(called)].sort();
	const isKnown = (name: string) => name in ops || name in create;
	return [names.filter(isKnown), names.filter((name) => !isKnown(name))];
}
