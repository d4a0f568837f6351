import { leavingGradients, leftGradient } from "../../control/left-gradients.ts";
import * as kind from "../../core/argument-kinds.ts";
import { TraceError } from "../../core/error.ts";
import { whileNaming } from "../../core/labelled.ts";
import { checkFunction, checkOptions, type OptionKinds } from "../../core/options.ts";
import type { Tensor } from "../../core/tensor.ts";
import { type Flattened, flatten } from "../../core/tree.ts";
import { namedIn } from "../../program/gradient.ts";
import { bodiesOf, type Program } from "../../program/program.ts";
import { trace } from "../../program/trace.ts";
import { checkedArguments, type NamedArguments } from "../arguments/named-arguments.ts";
import { ENGINES, type Engines } from "./helpers.ts";
import { moduleText } from "./module-text.ts";
import { type Readable, readableProgram } from "./readable.ts";

/** Options of `toJax`. */
export interface JaxOptions {
	/** What the function is called; left out: `step`. */
	readonly name?: string;
	/**
	 * Who differentiates: `"adjoint"`, left out: the lines of the derivatives are in the module;
	 * `"jax"`: of what `grad` and `valueAndGrad` are given the module has the forward pass, and
	 * `jax.value_and_grad` does the rest. At a kink or a tie each has its own convention.
	 */
	readonly grad?: "adjoint" | "jax";
	/**
	 * Who draws random numbers: `"adjoint"`, left out: the numbers are those that are drawn here;
	 * `"jax"`: others, from the same keys by `jax.random`.
	 */
	readonly rng?: "adjoint" | "jax";
}

/** What the options that say who does what may be. */
export const enginesOf: OptionKinds<Partial<Engines>> = {
	grad: ENGINES,
	rng: ENGINES,
};

/**
 * A function as a Python module for JAX: `toJax(step, { params, state, batch })`. The function is
 * recorded once, as `compile` does, on tensors of the shapes and dtypes of these arguments, with
 * the derivatives that are taken inside: the module needs neither adjoint nor `jax.grad`, unless
 * `{ grad: "jax" }` leaves them to JAX. Arguments and results are nested plain objects and arrays
 * of tensors; in Python they are dictionaries and lists, and an array that the function returns is
 * a tuple. Loops are `lax.scan` and `lax.while_loop`, branches are `lax.cond` and `lax.switch`.
 *
 * A program with float64 in it asks JAX for 64 bits. What an index out of range or a sum beyond
 * int32 does is up to JAX, which does not throw.
 *
 * @throws TraceError when the function asks for a value, or for something that JAX has no word for,
 * with its name; with `{ grad: "jax" }` where it takes no gradient, or one of a function whose
 * derivative was given by hand
 * @throws GradientError for arguments or results that are no trees of tensors; with `{ grad: "jax"
 * }` where a gradient is differentiated by other means than `grad` and `valueAndGrad`
 */
export function toJax(
	f: (...args: never[]) => unknown,
	args: NamedArguments,
	options: JaxOptions = {},
): string {
	const {
		name = "step",
		grad = "adjoint",
		rng = "adjoint",
	} = checkOptions("toJax", options, { name: kind.aString, ...enginesOf });
	return writtenModule("toJax", f, args, name, { grad, rng }).text;
}

/** A recorded function, as it is written, and what it is given and gives. */
export interface RecordedStep {
	readonly readable: Readable;
	/** Each argument by its name, in order. */
	readonly given: Readonly<Record<string, Flattened<unknown>>>;
	readonly result: Flattened<unknown>;
}

/** The same with its module. */
export interface WrittenModule extends RecordedStep {
	readonly text: string;
}

/** The module of a function, for the function that the user called. */
export function writtenModule(
	caller: string,
	f: (...args: never[]) => unknown,
	args: NamedArguments,
	name: string,
	engines: Engines,
): WrittenModule {
	const step = recordedStep(caller, f, args, engines.grad);
	return { ...step, text: moduleText({ ...step, name, engines }) };
}

/**
 * Records a function for the one that the user called.
 * @param grad who differentiates
 */
export function recordedStep(
	caller: string,
	f: (...args: never[]) => unknown,
	args: NamedArguments,
	grad: Engines["grad"],
): RecordedStep {
	checkFunction(caller, f);
	const given = Object.fromEntries(
		Object.entries(checkedArguments(caller, args)).map(([key, tree]) => [
			key,
			flatten(caller, tree, `args.${key}`),
		]),
	);
	const trees = Object.values(given);
	let result!: Flattened<unknown>;
	const told: [Tensor, string][] = [];
	const run = (leaves: readonly Tensor[]) => {
		const next = leaves.values();
		const values = trees.map((tree) => tree.rebuild(tree.leaves.map(() => next.next().value!)));
		const made = whileNaming(told, () => (f as (...args: unknown[]) => unknown)(...values));
		result = flatten(caller, made, "result");
		return result.leaves;
	};
	const traced = trace(
		trees.flatMap(({ leaves }) => leaves),
		grad === "jax" ? (leaves) => leavingGradients(caller, () => run(leaves)) : run,
		{ caller },
	);
	if (grad === "jax" && !takesGradient(traced.program)) {
		throw new TraceError(
			`${caller}: there is no gradient to leave to JAX: the function takes none by grad or valueAndGrad; leave out grad`,
		);
	}
	return { readable: readableProgram(traced.program, false, namedIn(traced, told)), given, result };
}

/** Whether a program leaves a gradient to JAX, or what it runs does. */
function takesGradient({ instructions }: Program): boolean {
	return instructions.some(
		({ op }) => leftGradient(op) !== undefined || bodiesOf(op).some(takesGradient),
	);
}
