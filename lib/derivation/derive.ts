import * as kind from "../core/argument-kinds.ts";
import { DomainError, GradientError } from "../core/error.ts";
import { checkArgument, checkFunction, checkOptions, type OptionKinds } from "../core/options.ts";
import { normalizeAxis } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { abs, sub } from "../ops/arithmetic.ts";
import { max } from "../ops/extremes.ts";
import { realNumbers } from "../program/algebra.ts";
import { axesByPrimes } from "../program/axes.ts";
import { isUnnamed } from "../program/axis-names.ts";
import {
	type FlatFunction,
	flattenArguments,
	type GradientProgram,
	gradientProgram,
} from "../program/gradient.ts";
import { interpret } from "../program/interpret.ts";
import type { Value } from "../program/program.ts";
import { isNearly, isRegularAt } from "../program/regular.ts";
import { type Rewritten, then } from "../program/rewrite.ts";
import { type RewriteStep, simplify } from "../program/simplify.ts";
import { asRecorded, forwardPass, type Tidying, withoutNoise } from "../program/tidy.ts";
import { trace, traceAt } from "../program/trace.ts";
import { sum } from "../structure/broadcasting.ts";
import { checkHasLines } from "./checks.ts";
import { Derivation } from "./derivation.ts";
import { statementsIn } from "./draft/blocks.ts";
import { writeSteps } from "./draft/loop-steps.ts";
import type { Argument } from "./draft/model.ts";
import { namedConstants, valuesOf } from "./draft/named-constants.ts";
import { leafName, Names } from "./draft/names.ts";
import { openLoops } from "./draft/open-loops.ts";
import { writeStatements } from "./draft/statements.ts";

/** How a function is derived. */
export interface DeriveOptions {
	/** The names of the arguments, where they are given as a list. */
	readonly names?: readonly string[];
	/**
	 * A name for each axis of an argument, by the argument's name: `{ x: ["N", "D_in"] }`. They
	 * travel through the ops, and numbers that are sizes are called by them: the gradient of a mean
	 * over N is divided by `N`, which programs take from the argument's shape, so what is printed
	 * holds for any size, and is the same whatever the sizes are, 1 among them. `"4·H"` or `"4*H"`
	 * is an axis four times as long as `H`. What a number follows without a name is written as that
	 * number, and the text says that it holds for these shapes only. To find out, the function is run
	 * on tensors of other sizes that have no values.
	 */
	readonly axes?: Readonly<Record<string, readonly string[]>>;
	/**
	 * Arguments whose elements add up to 1 along an axis: probabilities, or one-hot labels. `{ y: 1
	 * }` lets p·Σy be p. Checked on the given values.
	 */
	readonly distributions?: Readonly<Record<string, number>>;
	/** What the result is called where it is not named with `as`; left out: `loss`. */
	readonly result?: string;
	/** Whether sums and products are simplified by the laws of real numbers; left out: true. */
	readonly simplify?: boolean;
}

const DERIVE_OPTIONS: OptionKinds<DeriveOptions> = {
	names: kind.structure,
	axes: kind.structure,
	distributions: kind.structure,
	result: kind.aString,
	simplify: kind.flag,
};

/**
 * Derives the gradient of a scalar function with respect to its first argument, line by line: runs
 * it once at these arguments, and writes forward and backward pass as statements. `verify` on the
 * result runs them.
 *
 * Names come from the keys of `args`, `derive(loss, { params, x, y })`, which are the arguments in
 * order; from the keys inside of an argument; and from `as`: a value named `h` has the gradient
 * `grad_h`. A loop of `scan` or `fori` is one loop forward and one backward, in the step of another
 * loop too, in every form; a choice of `cond` or `switchCase` is an `if`, in the forms
 * `numpy`, `ts` and `plain`.
 *
 * @throws GradientError when the result is not a float scalar, or a leaf of the first argument is
 * not a float tensor
 * @throws ShapeError when `axes` do not fit the arguments
 * @throws DomainError when what `distributions` names does not add up to 1
 * @throws DerivationError when the function calls a `whileLoop` without `max`, or chooses for each
 * example under `vmap`
 */
export function derive<Args extends unknown[]>(
	f: (...args: Args) => unknown,
	args: Args | Readonly<Record<string, unknown>>,
	options: DeriveOptions = {},
): Derivation {
	checkFunction("derive", f);
	checkArgument("derive", "the arguments", args, kind.structure);
	checkOptions("derive", options, DERIVE_OPTIONS);
	const list = Array.isArray(args) ? args : Object.values(args);
	const given = Array.isArray(args) ? (options.names ?? []) : Object.keys(args);
	const argumentNames = list.map((_, i) => given[i] ?? `arg${i + 1}`);
	const flat = flattenArguments(f, list, argumentNames);
	const names = new Names();
	const leafNames = flat.paths.map(([argument, path]) => names.claim(leafName(argument, path)));
	checkNames("axes", options.axes, leafNames);
	checkNames("distributions", options.distributions, leafNames);
	const distributions = distributionsOf(flat, leafNames, options.distributions ?? {});

	const tidy = (options.simplify ?? true) ? withoutNoise : asRecorded;
	const first = gradientProgram(flat, traceAt, tidy);
	checkHasLines(first.program);
	const means = { tidy, distributions, isRegular: isRegularAt(first.program, flat.leaves) };
	const found = axesByPrimes(
		flat.leaves,
		leafNames.map((name) => own(options.axes, name)),
		simplified(first, means, options),
		(leaves) => simplified(gradientProgram({ ...flat, leaves }, trace, tidy), means, options),
		(program) => {
			const expected = interpret(first.program, flat.leaves);
			return interpret(program, flat.leaves).every((x, i) => isNearly(x, expected[i]!, 1));
		},
	);
	const { recording, given: there, axesOf, ...sizes } = found;
	const { recorded, program, after, steps } = recording;
	const atArguments = (value: Value) => there?.program.at(value) ?? value;
	const argument = (name: string, value: Value, differentiated = false): Argument => {
		return { name, value, axes: axesOf(value), differentiated };
	};
	const inputs = program.inputs.map((value, i) =>
		argument(leafNames[i]!, value, i < flat.differentiated),
	);
	// One that stands in a branch forward and in that of the way back is the same.
	const named = new Map<Tensor, Argument>();
	const all = namedConstants(program, sizes.probes).map((value) => {
		const name = named.get(value.tensor)?.name ?? names.next("c");
		const constant = argument(name, value);
		if (!named.has(value.tensor)) named.set(value.tensor, constant);
		return constant;
	});
	const constants = [...named.values()];
	const { origins, ...blocks } = writeStatements({
		program,
		after,
		recorded,
		arguments: inputs,
		constants: all,
		names,
		axesOf,
		probes: sizes.probes,
		result: options.result ?? "loss",
	});
	const labels = [...sizes.sizes.keys()].filter((label) => !isUnnamed(label));
	const variables = new Map(labels.map((label) => [label, names.claim(label)]));
	const run = there?.program.program ?? program;
	const values = (leaves = flat.leaves) => {
		const known = new Map<Value, Tensor>();
		interpret(run, leaves, (value, tensor) => known.set(value, tensor));
		const tensorOf = (value: Value) =>
			value.kind === "constant" ? value.tensor : known.get(value)!;
		const all = [...valuesOf(program), ...constants.map(({ value }) => value)];
		return new Map(all.map((value) => [value, tensorOf(atArguments(value))]));
	};
	const derived = {
		arguments: inputs,
		constants,
		forward: statementsIn(blocks.forward),
		backward: statementsIn(blocks.backward),
		blocks,
		program,
		steps,
		values,
		axesOf,
		atArguments,
		sizes: { ...sizes, axesOf, variables },
	};
	const engine = [...origins].map(([variable, value]): [string, Value] => [
		variable,
		there?.recorded.at(value) ?? value,
	]);
	return new Derivation(derived, {
		flat,
		distributions,
		program: there?.recorded.program ?? recorded.program,
		engine: new Map(engine),
		lines: run,
	});
}

/** What a program is simplified by. */
interface Means {
	readonly tidy: Tidying;
	readonly distributions: readonly (number | null)[];
	/** Whether its matrices have inverses at the arguments. */
	readonly isRegular: boolean;
}

/** A function as it was recorded, and the program that is written. */
interface Simplified extends Rewritten {
	readonly recorded: GradientProgram;
	readonly steps: readonly RewriteStep[];
}

/** The program with its forward pass as the user wrote it and its backward pass simplified. */
function simplified(
	recorded: GradientProgram,
	{ tidy, distributions, isRegular }: Means,
	{ simplify: algebra = true }: DeriveOptions,
): Simplified {
	const steps: RewriteStep[] = [];
	const shorten = (
		of: GradientProgram,
		{ program, after }: Rewritten,
		results: number,
		laws: ReturnType<typeof realNumbers>,
	): Rewritten => {
		const before = tidy(program, results);
		const tidied = then({ program, after }, before);
		const named = new Set<Value>();
		for (const step of of.program.instructions) {
			if (step.op.traits?.label !== undefined) named.add(tidied.after(step));
		}
		const dear = of.gradients.flatMap(([of, gradient]) =>
			named.has(tidied.after(of)) ? [tidied.after(gradient)] : [],
		);
		const shortened = simplify(tidied.program, {
			keep: forwardPass(tidied.program, results),
			dear: new Set(dear),
			...(algebra && { algebra: laws }),
			watch: (step) => steps.push(step),
		});
		return then(tidied, shortened);
	};
	const opened = openLoops(recorded.program);
	const along = distributions.flatMap((axis, i): [Value, number[]][] =>
		axis === null ? [] : [[recorded.program.inputs[i]!, [axis]]],
	);
	const made = shorten(recorded, opened, 1, realNumbers(new Map(along), isRegular));
	writeSteps(made.program, 1, tidy, (step, given, results) =>
		shorten(step, given, results, realNumbers(new Map(), false)),
	);
	return { ...made, recorded, steps };
}

/**
 * What an object holds by itself under a name, which may be one that every object has, such as
 * `constructor`.
 */
function own<T>(record: Readonly<Record<string, T>> = {}, name: string): T | undefined {
	return Object.hasOwn(record, name) ? record[name] : undefined;
}

function checkNames(
	option: string,
	given: Readonly<Record<string, unknown>> = {},
	leaves: readonly string[],
): void {
	const unknown = Object.keys(given).find((name) => !leaves.includes(name));
	if (unknown === undefined) return;
	throw new GradientError(
		`derive: ${option} names ${unknown}, and the arguments are ${leaves.join(", ")}`,
	);
}

/** The axis along which each leaf adds up to 1, or null. */
function distributionsOf(
	{ leaves }: FlatFunction,
	names: readonly string[],
	given: Readonly<Record<string, number>>,
): (number | null)[] {
	return leaves.map((leaf, i) => {
		const name = names[i]!;
		const along = own(given, name);
		if (along === undefined) return null;
		const axis = normalizeAxis("derive", along, leaf.rank);
		const worst = max(abs(sub(sum(leaf, axis), 1))).item() as number;
		if (worst <= 1e-6) return axis;
		throw new DomainError(
			`derive: expected ${name} to add up to 1 along axis ${axis}, got a sum that is ${worst} off; leave it out of distributions`,
		);
	});
}
