import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Derivation, derive } from "../../../lib/derivation/index.ts";
import { Tensor, treeLeaves, valueAndGrad } from "../../../lib/index.ts";
import { Draw, type Entry, type Sizes } from "./entry.ts";

/** Elements with their shape, as they travel to Python and back. */
export interface Numbers {
	readonly shape: readonly number[];
	readonly data: readonly number[];
}

/** The values of a run by name, the result's name being empty; or why there are none. */
export type Outcome = Readonly<Record<string, Numbers>> | { readonly error: string };

/** An entry at certain sizes: its arguments, and what the engine gives. */
export interface Run {
	readonly sizes: Sizes;
	/** The leaves of the arguments by the names that they have in print. */
	readonly given: ReadonlyMap<string, Tensor>;
	/** The result, under no name, and the gradients, under the names of the leaves. */
	readonly engine: ReadonlyMap<string, Tensor>;
}

/** The derivation of an entry, at the first of its sizes. */
export function derivationOf({ f, args, sizes, options }: Entry): Derivation {
	return derive(f as never, args(new Draw(), sizes[0]) as Record<string, unknown>, options);
}

/** An entry at each of its sizes. */
export function runsOf(entry: Entry, derivation: Derivation): Run[] {
	const names = derivation.arguments.map(({ name }) => name);
	return entry.sizes.map((sizes) => {
		const args = entry.args(new Draw(), sizes);
		const leaves = treeLeaves(args);
		const given = new Map(names.map((name, i) => [name, leaves[i]!]));
		const run = valueAndGrad(entry.f as never) as (...args: unknown[]) => [Tensor, unknown];
		const [value, gradient] = run(...Object.values(args));
		const gradients = treeLeaves(gradient);
		const engine = new Map([["", value], ...gradients.map((g, i) => [names[i]!, g] as const)]);
		return { sizes, given, engine };
	});
}

/** The variable of a printed program that holds the result, under no name, or a gradient. */
export function variableOf({ forward, backward }: Derivation, name: string): string {
	if (name === "") return forward.at(-1)!.variable;
	return backward.findLast((line) => line.gradientOf === name)!.variable;
}

/** The textbook's lines as a program. */
export function textbookProgram({ textbook }: Entry): string {
	return ["import numpy as np", ...textbook.forward, ...textbook.backward, ""].join("\n");
}

/** What Python is to run. */
export interface Job {
	readonly given: ReadonlyMap<string, Tensor>;
	/** Variables of the program, or arguments by which JAX differentiates. */
	readonly wanted: readonly string[];
	readonly program?: string;
	readonly jax?: readonly string[];
}

/** Runs jobs in one process of this Python. */
export function inPython(python: string, jobs: readonly Job[]): Outcome[] {
	const elements = (x: Tensor) => [...x.ravel().data].map(Number);
	const input = jobs.map(({ given, ...job }) => ({
		...job,
		given: Object.fromEntries(
			[...given].map(([name, x]) => [name, { dtype: x.dtype, shape: x.shape, data: elements(x) }]),
		),
	}));
	const output = execFileSync(python, [join(import.meta.dirname, "run.py")], {
		input: JSON.stringify(input),
		encoding: "utf8",
		stdio: ["pipe", "pipe", "inherit"],
		env: {
			...process.env,
			PYTHONDONTWRITEBYTECODE: "1",
			JAX_PLATFORMS: "cpu",
			OPENBLAS_NUM_THREADS: "1",
		},
		maxBuffer: 1 << 28,
	});
	return JSON.parse(output) as Outcome[];
}

/** The elements of a tensor, or of what Python gave. */
function numbersOf(x: Tensor | Numbers): Numbers {
	return x instanceof Tensor ? { shape: x.shape, data: [...x.ravel().data].map(Number) } : x;
}

/**
 * How far two are from each other, relative to the greatest expected element or 1; infinite where
 * their shapes differ or one is not finite.
 */
export function distance(actual: Tensor | Numbers, expected: Tensor | Numbers): number {
	const [a, e] = [numbersOf(actual), numbersOf(expected)];
	if (String(a.shape) !== String(e.shape)) return Number.POSITIVE_INFINITY;
	const size = Math.max(1, ...e.data.map(Math.abs));
	const off = Math.max(0, ...e.data.map((x, i) => Math.abs(x - a.data[i]!))) / size;
	return Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
}

/** An entry, its derivation and its runs. */
export interface DerivedEntry {
	readonly entry: Entry;
	readonly derivation: Derivation;
	readonly runs: readonly Run[];
}

/** Values that are further off, relative to the greatest or 1, are wrong. */
const TOLERANCE = 1e-10;

/** What is wrong with an outcome, if it should give these; each name stands under a variable. */
function faultsOf(
	what: string,
	outcome: Outcome,
	expected: ReadonlyMap<string, Tensor | Numbers>,
	variable: (name: string) => string,
): string[] {
	if (!isValues(outcome)) return [`${what}: ${outcome.error}`];
	return [...expected].flatMap(([name, x]) => {
		const off = distance(outcome[variable(name)]!, x);
		return off <= TOLERANCE ? [] : [`${what}: ${variable(name)} is ${off} off`];
	});
}

const isValues = (outcome: Outcome): outcome is Readonly<Record<string, Numbers>> =>
	typeof (outcome as { error: unknown }).error !== "string";

/** Runs what is printed, and the textbook's lines, in NumPy, and compares them with the engine. */
export function checkNumPy(python: string, all: readonly DerivedEntry[]): string[] {
	const checks = all.flatMap(({ entry, derivation, runs }) => {
		const programs = [
			{
				kind: "printed",
				program: derivation.print("numpy"),
				variable: variableOf.bind(null, derivation),
			},
			{ kind: "textbook", program: textbookProgram(entry), variable: textbookVariable },
		];
		return runs.flatMap(({ sizes, given, engine }) =>
			programs.map(({ kind, program, variable }) => ({
				what: `${entry.name}, ${kind}, at ${JSON.stringify(sizes)}`,
				job: { given, program, wanted: [...engine.keys()].map(variable) },
				engine,
				variable,
			})),
		);
	});
	const outcomes = inPython(
		python,
		checks.map(({ job }) => job),
	);
	return checks.flatMap(({ what, engine, variable }, i) =>
		faultsOf(what, outcomes[i]!, engine, variable),
	);
}

const textbookVariable = (name: string) => (name === "" ? "loss" : `grad_${name}`);

/** Runs what is printed in NumPy, and the same functions in JAX, and compares the two. */
export function checkJax(python: string, all: readonly DerivedEntry[]): string[] {
	const runs = all.flatMap(({ entry, derivation, runs }) =>
		runs.map((run) => ({ entry, derivation, ...run })),
	);
	const outcomes = inPython(
		python,
		runs.flatMap(({ entry, derivation, given, engine }) => [
			{ given, jax: entry.jax, wanted: [...engine.keys()].filter((name) => name !== "") },
			{
				given,
				program: derivation.print("numpy"),
				wanted: [...engine.keys()].map((name) => variableOf(derivation, name)),
			},
		]),
	);
	return runs.flatMap(({ entry, derivation, sizes }, i) => {
		const what = `${entry.name} at ${JSON.stringify(sizes)}`;
		const [jax, numpy] = [outcomes[2 * i]!, outcomes[2 * i + 1]!];
		if (!isValues(jax)) return [`${what}, JAX: ${jax.error}`];
		return faultsOf(what, numpy, new Map(Object.entries(jax)), (name) =>
			variableOf(derivation, name),
		);
	});
}
