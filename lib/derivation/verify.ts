import * as kind from "../core/argument-kinds.ts";
import * as create from "../core/create.ts";
import { DerivationError, GradientError } from "../core/error.ts";
import { apply } from "../core/op.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../core/options.ts";
import { Tensor } from "../core/tensor.ts";
import * as ops from "../ops/index.ts";
import * as internal from "../ops/internal.ts";
import type { Derived } from "./draft/model.ts";
import { printNumPy } from "./printers/numpy.ts";
import { printPlain } from "./printers/plain.ts";
import { printTypeScript, resultsOf } from "./printers/typescript.ts";
import type { Executor } from "./running/executor.ts";
import { JavaScriptExecutor, mayCompile } from "./running/javascript.ts";
import { judgeProgram, type VariableCheck } from "./running/judge.ts";
import { type ProgramForm, type ProgramText, readProgramText } from "./running/program.ts";
import { PythonExecutor, type PythonRunner } from "./running/python.ts";
import { linesAfter, type Origin, type Reference, referenceAt } from "./running/reference.ts";
import { secondPoint } from "./running/second-point.ts";
import type { Elements } from "./running/values.ts";
import { Verification } from "./verification.ts";

/** How texts are run. */
export interface RunOptions {
	/**
	 * Runs a program in a Python that has NumPy and returns what it prints. In Node: `(source) =>
	 * execFileSync("python3", ["-"], { input: source, encoding: "utf8" })`.
	 */
	readonly python?: PythonRunner;
	/** Functions that a text imports beside those of adjoint, such as an op of your own, by name. */
	readonly functions?: Readonly<Record<string, unknown>>;
}

/** What `verify` runs. */
export interface VerifyOptions extends RunOptions {
	/** Left out: TypeScript, plain loops, and NumPy where there is a `python`. */
	readonly forms?: readonly ProgramForm[];
}

const RUN_OPTIONS: OptionKinds<RunOptions> = { python: kind.callable, functions: kind.structure };
const VERIFY_OPTIONS: OptionKinds<VerifyOptions> = { ...RUN_OPTIONS, forms: kind.structure };

/** How each form that is a program is printed. */
const PRINTERS = { numpy: printNumPy, ts: printTypeScript, plain: printPlain };

/**
 * `Derivation.verify`: it runs what is printed, and judges each line.
 * @throws GradientError with the whole table when one of them is wrong
 */
export function verify(derived: Derived, origin: Origin, options?: VerifyOptions): Verification {
	const given = checkOptions("verify", options, VERIFY_OPTIONS);
	const { forms = ["ts", "plain", ...(given.python === undefined ? [] : ["numpy" as const])] } =
		given;
	const texts = new Map<ProgramForm, string | Error>();
	for (const form of forms) {
		checkForm("verify", form);
		try {
			texts.set(form, PRINTERS[form](derived));
		} catch (error) {
			// An op may have no plain loops.
			if (!(error instanceof DerivationError)) throw error;
			texts.set(form, error);
		}
	}
	const lines = linesAfter(derived).map(({ variable }) => variable);
	const verification = judged(texts, points(derived, origin, lines), derived, given);
	if (verification.wrong.length === 0) return verification;
	throw new GradientError(`derivation: a line is not true\n${verification}`);
}

/**
 * Judges a text that somebody wrote: a program in NumPy (`"numpy"`), in TypeScript against adjoint
 * (`"ts"`) or as plain loops (`"plain"`), that computes what a derivation does, under the same
 * names. Each line is judged by itself: by the function and its derivative where the derivation has
 * its name, and a gradient `grad_h` by differences of the text's own forward lines. Lines stand one
 * after the other, as they are printed, or in one exported function; in TypeScript they have no
 * types. A line whose gradient was set by hand has to carry the mark that printed lines carry.
 * @param derivation of the function that the text should derive: `derive(f, args)`
 * @returns a table of what was found; it does not throw where a line is wrong
 */
export function checkText(
	text: string,
	form: ProgramForm,
	derivation: Derived & { readonly origin: Origin },
	options?: RunOptions,
): Verification {
	checkForm("checkText", form);
	checkArgument("checkText", "the text", text, kind.aString);
	const given = checkOptions("checkText", options, RUN_OPTIONS);
	const all = points(derivation, derivation.origin, resultsOf(derivation));
	return judged(new Map([[form, text]]), all, derivation, given);
}

function checkForm(op: string, form: ProgramForm): void {
	if (Object.hasOwn(PRINTERS, form)) return;
	const names = Object.keys(PRINTERS).join(", ");
	throw new DerivationError(`${op}: expected one of the programs ${names}, got ${String(form)}`);
}

/** What lines are compared with: at the given arguments, and near them or why not. */
interface Points {
	readonly first: Reference;
	readonly second: Reference | string;
}

function points(derived: Derived, origin: Origin, required: readonly string[]): Points {
	const first = referenceAt(origin.flat.leaves, derived, origin, required);
	return { first, second: secondPoint(derived, origin, first) };
}

function judged(
	texts: ReadonlyMap<ProgramForm, string | Error>,
	{ first, second }: Points,
	derived: Derived,
	options: RunOptions,
): Verification {
	const [other, reason] = typeof second === "string" ? [null, second] : [second, null];
	const checks: VariableCheck[] = [];
	const ran: ProgramForm[] = [];
	const notRun = new Map<ProgramForm, string>();
	for (const [form, text] of texts) {
		if (text instanceof Error) {
			notRun.set(form, text.message);
			continue;
		}
		const program = readProgramText(text, form);
		const executor = executorOf(program, first, derived, options);
		if (typeof executor === "string") notRun.set(form, executor);
		else {
			checks.push(...judgeProgram(program, executor, first, other));
			ran.push(form);
		}
	}
	return new Verification(checks, ran, notRun, reason);
}

/** What runs a program, or why it cannot be run. */
function executorOf(
	program: ProgramText,
	{ given }: Reference,
	derived: Derived,
	options: RunOptions,
): Executor | string {
	if (program.form === "numpy") {
		if (options.python === undefined) return "there is no python to run it";
		return new PythonExecutor(program, given, options.python);
	}
	if (!mayCompile()) return "a policy forbids to make code from text";
	const functions = {
		...ownOps(derived),
		...ops,
		...create,
		Tensor,
		internal,
		...options.functions,
	};
	const unknown = [...program.imports.values()].find((name) => !Object.hasOwn(functions, name));
	if (unknown !== undefined) return `it needs the function ${unknown}; pass it in functions`;
	if (program.form === "ts") return new JavaScriptExecutor(program, given, functions);
	const sizes = [...derived.sizes.variables].map(([label, variable]): [string, Elements] => [
		variable,
		{ shape: [], values: Float64Array.of(derived.sizes.sizes.get(label)!), dtype: "int32" },
	]);
	return new JavaScriptExecutor(program, new Map([...given, ...sizes]), functions);
}

/** Ops of the user's as functions, as far as they have no parameters. */
function ownOps({ program }: Derived): Record<string, unknown> {
	const own = program.instructions.filter(({ params }) => params === null);
	return Object.fromEntries(
		own.map(({ op }) => [op.name, (...args: Tensor[]) => apply(op, args, null)]),
	);
}
