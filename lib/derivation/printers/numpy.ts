import type { DType } from "../../core/dtype.ts";
import { type Shape, sameShape } from "../../core/shape.ts";
import { embed } from "../../notation/embed.ts";
import { numpyOf } from "../../notation/forms.ts";
import { python, pythonNumber } from "../../notation/python.ts";
import type { Constant } from "../../program/program.ts";
import { shapeOf } from "../draft/expressions.ts";
import type {
	Application,
	Derived,
	LineExpression,
	LoopBlock,
	Statement,
	Store,
} from "../draft/model.ts";
import { described, HEADINGS, type Lang, onlyForComment } from "../text/headings.ts";
import { castPlace, placeText } from "../text/places.ts";
import { PYTHON } from "../text/size-text.ts";
import { SizeWriter } from "../text/size-writer.ts";
import { aliasesFor, variablesOf, withAliases } from "./aliases.ts";
import { type BlockWriter, indented, writtenBlock } from "./blocks.ts";
import { markOf } from "./by-hand.ts";
import { numpyChoice } from "./choices.ts";
import { constantsOf, type DefinedConstant, type FormedConstant } from "./constants.ts";
import { helperNames, helpersFor } from "./numpy-helpers.ts";
import { numbersAsArrays } from "./plain-numbers.ts";
import type { PrintOptions } from "./print-options.ts";

/** The derivation as a Python program that needs only NumPy, and the arguments as variables. */
export function printNumPy(derived: Derived, { lang = "en" }: PrintOptions = {}): string {
	const headings = HEADINGS[lang];
	const sizes = new SizeWriter(derived.sizes);
	const { defined, given } = constantsOf(derived, sizes);
	const all = [...derived.forward, ...derived.backward];
	const helpers = helpersFor(all.flatMap(numpyStatement).join("\n"));
	const aliases = aliasesOf(derived);
	const write = numpyStatements(derived, sizes, lang);
	const constants = defined.flatMap((constant) => numpyConstant(constant, sizes));
	const blocks: BlockWriter = {
		statement: write,
		loop: (loop, body) => numpyLoop(loop, body, write, sizes),
		choice: (choice, branches) => numpyChoice(choice, branches, sizes, numpyText),
	};
	const forward = writtenBlock(derived.blocks.forward, blocks);
	const backward = writtenBlock(derived.blocks.backward, blocks);
	return [
		"import numpy as np",
		"",
		...helpers.flatMap((helper) => [withAliases(helper, aliases), ""]),
		`# ${headings.given}: ${[...derived.arguments, ...given].map(described).join(", ")}`,
		...given.map(
			(constant) => `# ${headings.constant(described(constant), constant.value.type.dtype)}`,
		),
		...onlyForComment("#", derived, sizes, lang),
		...numpySizes(derived, sizes),
		"",
		...constants,
		...(constants.length > 0 ? [""] : []),
		`# ${headings.forward}`,
		...forward,
		"",
		`# ${headings.backward}`,
		...backward,
		"",
	].join("\n");
}

/** The sizes that statements refer to, as lines that take them from the arguments. */
export function numpySizes(derived: Derived, sizes: SizeWriter): string[] {
	return sizes.definitions(derived.arguments).map(({ variable, argument, axis, times }) => {
		return `${variable} = ${argument}.shape[${axis}]${times === 1 ? "" : ` // ${times}`}`;
	});
}

/**
 * How the statements of a derivation are written, with a comment where a derivative was fixed by
 * hand: helpers give way to variables of their name, and a scalar may be a float of Python's.
 */
export function numpyStatements(
	derived: Derived,
	sizes: SizeWriter,
	lang: Lang = "en",
): (statement: Statement) => readonly string[] {
	const aliases = aliasesOf(derived);
	const asArrays = numbersAsArrays(derived, (line) => numpyStatement(line)[0]!, aliases);
	return (line) => {
		const { expression, elsewhere = [], value } = line;
		const texts = [expression, ...elsewhere].map((each) =>
			numpyStatement({ ...line, expression: each }).join("\n"),
		);
		const text = withAliases(sizes.code(texts, value.type.dtype, PYTHON), aliases);
		const [first, ...more] = asArrays(text).split("\n");
		const mark = markOf(line, lang);
		return [mark === null ? first! : `${first}  # ${mark}`, ...more];
	};
}

/** What the helpers are called that a variable is called like. */
function aliasesOf(derived: Derived): ReadonlyMap<string, string> {
	return aliasesFor(helperNames, variablesOf(derived));
}

/** The lines that define a constant. */
export function numpyConstant(
	{ name, value, everywhere }: DefinedConstant,
	sizes: SizeWriter,
): readonly string[] {
	const texts = everywhere.map((each) => `${name} = ${constructed(each)}`);
	return sizes.code(texts, value.type.dtype, PYTHON).split("\n");
}

/** A constant by its constructor, or written out. */
function constructed({ value, form }: FormedConstant): string {
	const { tensor } = value;
	const dtype = dtypeText(tensor.dtype);
	switch (form.kind) {
		case "identity": {
			const eye = `np.eye(${form.size}${dtype})`;
			return form.factor === 1 ? eye : `${numberText(form.factor, tensor.dtype, true)} * ${eye}`;
		}
		case "triangle":
			return numpyOf(form.op, [`np.ones(${tupleText(tensor.shape)}${dtype})`], { k: form.k });
		default: {
			if (tensor.rank !== 2) return constantText(value);
			const rows = (tensor.toArray() as unknown[]).map(
				(row) => `    ${nestedText(row, tensor.dtype)},`,
			);
			return ["np.array([", ...rows, `]${dtype})`].join("\n");
		}
	}
}

/**
 * A statement by itself, its sizes as numbers: one line, or those of assignments to its parts.
 */
export function numpyStatement({
	variable,
	expression,
	at,
	change,
}: Pick<Statement, "variable" | "expression" | "at" | "change">): readonly string[] {
	const isPlain = at === undefined && change !== "adds";
	const assigned =
		isPlain && expression.kind === "application" ? assignment(variable, expression) : null;
	const target = at === undefined ? variable : `${variable}[${at}]`;
	return assigned ?? [`${target} ${change === "adds" ? "+=" : "="} ${numpyText(expression)}`];
}

/** A loop: what it starts from, room for what it stores, and its body for each place. */
function numpyLoop(
	loop: LoopBlock,
	body: readonly string[],
	write: (statement: Statement) => readonly string[],
	sizes: SizeWriter,
): string[] {
	return [
		...loop.starts.flatMap(write),
		...loop.stores.map((store) => numpyRoom(store, sizes)),
		numpyHead(loop, sizes),
		...indented(body, "    "),
	];
}

/** Room for what a loop stores: `hs = np.empty((T, H))`. */
export function numpyRoom({ variable, value, shapes }: Store, sizes: SizeWriter): string {
	const texts = shapes.map(
		(shape) => `np.empty(${tupleText(shape)}${dtypeText(value.type.dtype)})`,
	);
	return `${variable} = ${sizes.code(texts, "int32", PYTHON)}`;
}

/** The head of a loop: `for t in range(T):`. */
export function numpyHead({ index, reverse, lengths }: LoopBlock, sizes: SizeWriter): string {
	const range = sizes.code(
		lengths.map((length) => `range(${length})`),
		"int32",
		PYTHON,
	);
	return `for ${index} in ${reverse ? `reversed(${range})` : range}:`;
}

/** The lines of an op that is written as assignments to parts of a new array. */
function assignment(variable: string, application: Application): readonly string[] | null {
	const { op, args, params, value } = application;
	const { shape } = value.type;
	// A scalar of NumPy's cannot be assigned to, and a mask that broadcasts selects nothing.
	const isWhole = args[0]?.kind === "name" && args.every((arg) => sameShape(shapeOf(arg), shape));
	if (shape.length === 0 || (op.traits?.elementwise && !isWhole)) return null;
	const opposites = args.map(oppositeOf);
	return (
		op.traits?.printAssigned?.(variable, argumentTexts(application), opposites, params) ?? null
	);
}

/** Where a mask is 0, in NumPy's notation, if its op can say that. */
function oppositeOf(expression: LineExpression): string | null {
	if (expression.kind !== "application") return null;
	const opposite = expression.op.traits?.printOpposite;
	return opposite === undefined ? null : embed(python, opposite, argumentTexts(expression));
}

/** An expression in NumPy's notation. */
export function numpyText(expression: LineExpression, isMultiplied = false): string {
	switch (expression.kind) {
		case "name":
			if (expression.from !== undefined) return placeText(expression);
			return expression.at === undefined ? expression.name : `${expression.name}[${expression.at}]`;
		case "number":
			return numberText(expression.number, expression.value.type.dtype, isMultiplied);
		case "constant":
			return constantText(expression.value);
		case "application": {
			const place = castPlace(expression);
			if (place !== null) return `${dtypeName(expression.value.type.dtype)}(${placeText(place)})`;
			return numpyOf(expression.op, argumentTexts(expression), expression.params);
		}
	}
}

/** A number that multiplies what follows shows its point. */
function argumentTexts({ op, args }: Application): string[] {
	const multiplies = (op.traits?.algebra?.powers?.length ?? 0) > 1;
	return args.map((arg, i) => {
		// A number of Python's takes the dtype of an array that it meets.
		const place = op.traits?.elementwise ? castPlace(arg) : null;
		const isMet = args.some((x) => x.kind !== "number" && shapeOf(x).length > 0);
		if (place !== null && isMet && arg.value.type.dtype === "float64") return placeText(place);
		return numpyText(arg, multiplies && i === 0);
	});
}

/** A float that is multiplied shows its point: `2.0 * x`. */
function numberText(number: number, dtype: DType, isMultiplied: boolean): string {
	if (dtype === "bool") return number === 0 ? "False" : "True";
	const text = pythonNumber(dtype === "float32" ? shortestFloat32(number) : number);
	const isWhole = /^-?\d+$/.test(text);
	return isWhole && isMultiplied && dtype !== "int32" ? `${text}.0` : text;
}

/** The number with the fewest digits that rounds to this float32. */
function shortestFloat32(number: number): number {
	for (let digits = 1; digits < 9; digits++) {
		const short = Number(number.toPrecision(digits));
		if (Math.fround(short) === number) return short;
	}
	return number;
}

/** A dtype as the last argument of a call, where it is not NumPy's own. */
function dtypeText(dtype: DType): string {
	return dtype === "float64" ? "" : `, dtype=${dtypeName(dtype)}`;
}

function dtypeName(dtype: DType): string {
	return `np.${dtype === "bool" ? "bool_" : dtype}`;
}

function constantText({ tensor }: Constant): string {
	const { shape, dtype, size } = tensor;
	const suffix = dtypeText(dtype);
	// Nested lists cannot tell the shape of a tensor without elements.
	if (size === 0 || tensor.strides.every((stride, i) => stride === 0 || shape[i] === 1)) {
		const value = size === 0 ? 0 : tensor.array[tensor.offset]!;
		const isZero = dtype !== "bool" && Object.is(value, 0);
		if (isZero) return `np.zeros(${tupleText(shape)}${suffix})`;
		const number = numberText(value, dtype, true);
		return `np.full(${tupleText(shape)}, ${number}${suffix})`;
	}
	return `np.array(${nestedText(tensor.toArray(), dtype)}${suffix})`;
}

function tupleText(shape: Shape): string {
	return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

function nestedText(value: unknown, dtype: DType): string {
	if (Array.isArray(value)) return `[${value.map((x) => nestedText(x, dtype)).join(", ")}]`;
	return numberText(Number(value), dtype, true);
}
