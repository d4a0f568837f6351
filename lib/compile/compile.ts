import {
	type Backend,
	type BackendOptions,
	type Executable,
	Unsupported,
} from "../backends/backend.ts";
import { type Explanation, explained } from "../backends/explanation.ts";
import { interpreter } from "../backends/interpreter.ts";
import { wasmBackend } from "../backends/wasm/backend.ts";
import * as kind from "../core/argument-kinds.ts";
import { debugState } from "../core/debug-state.ts";
import { DomainError, TraceError } from "../core/error.ts";
import { checkFunction, checkOptions, describe } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Program } from "../program/program.ts";
import { simpleProgram } from "../program/simple-program.ts";
import { trace } from "../program/trace.ts";
import { ProgramCache } from "./program-cache.ts";
import { argumentParts, type Parts, type Rebuild, rebuildingOf, tensorsOf } from "./signature.ts";

/** A compiled function: called like the function that it was made from. */
export interface Compiled<Args extends unknown[], R> {
	(...args: Args): R;
	/**
	 * What runs where for arguments of this form: the steps with their ops, operations, bytes and
	 * threads, and the arena. As a string it is a table.
	 */
	readonly explain: (...args: Args) => Explanation;
}

/** Options of `compile`. */
export interface CompileOptions {
	/**
	 * How many threads run the program, where shared memory and workers are to be had: in Node, and
	 * in pages that are isolated from other origins. Results are the same to the last bit. Left out:
	 * 1.
	 */
	readonly threads?: number;
	/**
	 * Whether matrix products and convolutions are the same to the last bit in every engine and on
	 * every machine. Left out, they multiply and add in one step where the engine can, which is
	 * faster and rounds once in place of twice.
	 */
	readonly reproducible?: boolean;
	/**
	 * What runs the program: `wasmBackend`, or `javascriptBackend`, which does the same in plain
	 * JavaScript. Left out: WebAssembly where it works, else the ops' own evaluation, and `explain`
	 * says why.
	 */
	readonly backend?: Backend;
}

/** A program that is ready to run, for arguments of one form. */
interface Prepared extends Executable {
	/** The function's result around these tensors. */
	readonly rebuild: Rebuild;
}

/** The programs of a compiled function hold up to so many bytes together. */
const MOST_BYTES = 2 ** 28;
const MOST_THREADS = 64;

/**
 * The same function, run as a program. At the first call with arguments of a form (their structure,
 * shapes and dtypes) the function runs once on tensors without values, which records the program;
 * from then on the program runs in its place. Derivatives taken inside are part of the program, so
 * a whole training step compiles.
 *
 * Arguments are nested plain objects and arrays of tensors, and so is the result. A number, boolean
 * or string among them belongs to the form: the function may branch on it, and each new one costs a
 * new program, so pass what changes from call to call as a tensor. What the function closes over is
 * taken as it is at the first call. Inside of a transform, of another compiled function or of
 * `debug` the function itself runs, so that derivatives are right.
 *
 * @throws DomainError for what is no function, options that are none of their kind, and a backend
 * that does not work here
 * @throws TraceError when the function asks for a value while it is recorded, or an argument is of
 * another kind; what the function throws at the first call and its ops throw later passes through
 */
export function compile<Args extends unknown[], R>(
	f: (...args: Args) => R,
	options: CompileOptions = {},
): Compiled<Args, R> {
	checkFunction("compile", f);
	const kinds = { threads: kind.anything, reproducible: kind.flag, backend: kind.anything };
	const { threads = 1, reproducible = false } = checkOptions("compile", options, kinds);
	if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
		throw expected(`threads to be a whole number from 1 to ${MOST_THREADS}`, threads);
	}
	const choice = backendsFor(options);
	const programs = new ProgramCache<Prepared>(MOST_BYTES);
	/** The program for arguments of this form; null where the function has to run itself. */
	const preparedFor = ({ tensors, key }: Parts, args: Args): Prepared | null => {
		const known = programs.get(key);
		if (known !== undefined) return known;
		const prepared = prepare(tensors, calling(f, args), choice, { threads, reproducible });
		if (prepared !== null) programs.set(key, prepared);
		return prepared;
	};
	const compiled = (...args: Args): R => {
		const parts = argumentParts(args);
		if (debugState.inspect !== null || parts.tensors.some(isRecorded)) return f(...args);
		const prepared = preparedFor(parts, args);
		return prepared === null ? f(...args) : (prepared.rebuild(prepared.run(parts.tensors)) as R);
	};
	const explain = (...args: Args): Explanation => {
		const prepared = preparedFor(argumentParts(args), args);
		if (prepared !== null) return noting(prepared.explain(), droppedNote(programs.dropped));
		throw new TraceError(
			"compile: the function uses tensors that are being differentiated or traced, so it runs as it is",
		);
	};
	return Object.assign(compiled, { explain });
}

/** Says that programs have made room, if they have. */
function droppedNote(dropped: number): string[] {
	if (dropped === 0) return [];
	const programs = dropped === 1 ? "1 program was" : `${dropped} programs were`;
	return [
		`${programs} dropped, since those of a function hold at most ${MOST_BYTES / 2 ** 20} MB, and will be compiled again when needed; use fewer shapes, or compile the function once for each`,
	];
}

function noting(explanation: Explanation, notes: readonly string[]): Explanation {
	return explained({ ...explanation, notes: [...explanation.notes, ...notes] });
}

/** The function called with arguments like these around other tensors. */
function calling<Args extends unknown[]>(f: (...args: Args) => unknown, args: Args) {
	const rebuild = rebuildingOf(args);
	return (leaves: readonly Tensor[]) => f(...(rebuild(leaves) as Args));
}

/**
 * Records a function of tensors; null where it uses tensors that an open tape watches, which a
 * program would hide from it.
 */
function prepare(
	tensors: readonly Tensor[],
	f: (leaves: readonly Tensor[]) => unknown,
	choice: readonly Backend[],
	options: BackendOptions,
): Prepared | null {
	let rebuild!: Rebuild;
	const recorded = (leaves: readonly Tensor[]) => {
		const result = f(leaves);
		const results = tensorsOf(result);
		rebuild = rebuildingOf(result);
		return results;
	};
	const { program } = trace(tensors, recorded, { caller: "compile" });
	if (constantsOf(program).some(isRecorded)) return null;
	return { ...executableOf(program, choice, options), rebuild };
}

/**
 * The backends to try, one after the other.
 * @throws DomainError for one that does not work here
 */
function backendsFor({ backend }: CompileOptions): readonly Backend[] {
	if (backend === undefined) return [wasmBackend, interpreter];
	if (typeof backend?.supports !== "function" || typeof backend.compile !== "function") {
		throw expected("backend to be wasmBackend or javascriptBackend of adjoint/compile", backend);
	}
	const objection = backend.supports();
	if (objection !== null) throw refused(backend, objection);
	return [backend];
}

/** What runs a program: the first of the backends that can. */
function executableOf(
	program: Program,
	choice: readonly Backend[],
	options: BackendOptions,
): Executable {
	const simple = simpleProgram(program);
	const notes: string[] = [];
	const said = program.instructions.flatMap(({ op, params }) => op.traits?.note?.(params) ?? []);
	for (const backend of choice) {
		const objection = backend.supports();
		if (objection !== null) {
			notes.push(objection);
			continue;
		}
		try {
			const executable = backend.compile(simple, options);
			const before = notes.map((note) => `the ${backend.name} runs the program: ${note}`);
			const all = [...before, ...new Set(said)];
			return { ...executable, explain: () => noting(executable.explain(), all) };
		} catch (error) {
			if (!(error instanceof Unsupported)) throw error;
			notes.push(error.message);
		}
	}
	throw refused(choice.at(-1)!, notes.join("; "));
}

function refused({ name }: Backend, objection: string): DomainError {
	return new DomainError(
		`compile: the ${name} backend does not run this: ${objection}; leave backend out`,
	);
}

function expected(what: string, got: unknown): DomainError {
	return new DomainError(`compile: expected ${what}, got ${describe(got)}`);
}

function constantsOf({ instructions, outputs }: Program): Tensor[] {
	const values = [...outputs, ...instructions.flatMap(({ inputs }) => inputs)];
	return values.flatMap((value) => (value.kind === "constant" ? [value.tensor] : []));
}

/** Whether an open tape watches the tensor. */
function isRecorded({ node }: Tensor): boolean {
	return node?.tape.open === true;
}
