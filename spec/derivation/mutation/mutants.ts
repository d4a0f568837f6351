import { fractionsFrom } from "../../../lib/check/sampling.ts";
import { loopsOf, statementsIn } from "../../../lib/derivation/draft/blocks.ts";
import type { DeriveOptions } from "../../../lib/derivation/index.ts";
import {
	checkText,
	type Derivation,
	derive,
	type ProgramForm,
} from "../../../lib/derivation/index.ts";
import type { Outcome } from "../../../lib/derivation/running/executor.ts";
import { JavaScriptExecutor } from "../../../lib/derivation/running/javascript.ts";
import { readProgramText } from "../../../lib/derivation/running/program.ts";
import { PythonExecutor, type PythonRunner } from "../../../lib/derivation/running/python.ts";
import {
	type Elements,
	elementsOf,
	relativeDistance,
} from "../../../lib/derivation/running/values.ts";
import * as adjoint from "../../../lib/index.ts";
import { slipsIn } from "./slips.ts";

/** A function whose derivation is put to the test; the first argument is differentiated. */
export interface Example {
	readonly name: string;
	readonly f: (...args: never[]) => unknown;
	readonly args: Readonly<Record<string, unknown>>;
	readonly options?: DeriveOptions;
}

/** A printed program with one line changed. */
export interface Mutant {
	readonly example: string;
	readonly form: ProgramForm;
	/** The variable of the changed line. */
	readonly variable: string;
	readonly slip: string;
	readonly text: string;
	/** The changed line, where it stands in a loop: it is told with its text. */
	readonly inLoop: string | null;
}

/** The derivation of an example. */
export function derived({ f, args, options }: Example): Derivation {
	return derive(f as never, args, options ?? {});
}

/** Every mutant of a printed program. */
export function mutantsOf(example: string, derivation: Derivation, form: ProgramForm): Mutant[] {
	const lines = derivation.print(form).split("\n");
	const variables = [...derivation.forward, ...derivation.backward];
	const known = new Map(
		[...derivation.arguments, ...derivation.constants].map(({ name, value }) => [name, value]),
	);
	const inLoops = new Set<unknown>(
		loopsOf(derivation).flatMap(({ starts, body }) => [...starts, ...statementsIn(body)]),
	);
	const mutants: Mutant[] = [];
	let at = -1;
	const start =
		form === "numpy" ? 0 : lines.findIndex((line) => line.startsWith("export function"));
	for (let i = start; i < lines.length; i++) {
		const next = variables[at + 1];
		if (next !== undefined && begins(lines[i]!, next.variable, form)) at++;
		const current = variables[at];
		if (current === undefined || /^\s*(\/\/|#|return|$)/.test(lines[i]!)) continue;
		if (ROOM.test(lines[i]!)) continue;
		const stacked = STACKED.exec(lines[i]!);
		const before = new Map([
			...known,
			...variables.slice(0, at).map(({ variable, value }) => [variable, value] as const),
		]);
		const others = (name: string) => {
			const shape = before.get(name)?.type.shape.join();
			const alike = [...before].filter(
				([other, { type }]) => other !== name && type.shape.join() === shape,
			);
			return alike.slice(-2).map(([other]) => other);
		};
		for (const { name, line } of slipsIn(lines[i]!, form, others)) {
			const text = lines.with(i, line).join("\n");
			mutants.push({
				example,
				form,
				variable: stacked?.[2] ?? current.variable,
				slip: `${line.trim()} (${name})`,
				text,
				inLoop: inLoops.has(current) && stacked?.[1] !== "  " ? line.trim() : null,
			});
		}
	}
	return mutants;
}

/** Room for what a loop stores. */
const ROOM = / = (?:np\.empty\(.*\)|\[\];)$/;
/** What a loop has stored, put together. */
const STACKED = /^(\s*)const (\w+) = stack\(\2_each\)/;

/** Whether the lines of a variable begin here. */
function begins(line: string, variable: string, form: ProgramForm): boolean {
	if (ROOM.test(line)) return false;
	const text = line.trim();
	if (form === "plain") return text.startsWith(`// ${variable} = `);
	const left = text.split(/ \+?= /)[0]!.replace(/^(?:const|let) /, "");
	return left === variable || left.replace(/(?:_each)?\[[^\]]*\]$/, "") === variable;
}

/** What came of a mutant. */
export type Verdict = "named" | "missed" | "equivalent";

/** Mathematically the same, as where softmax(z + 1) stands for softmax(z). */
const ROUNDING = 1e-13;

/**
 * Whether the mutant's line is named. A mutant that gives the same numbers for every variable at
 * random points, but for rounding, is equivalent.
 */
export function judgedMutant(
	{ form, variable, text, inLoop }: Mutant,
	derivation: Derivation,
	python?: PythonRunner,
): Verdict {
	const options = python === undefined ? {} : { python };
	const wrong = checkText(text, form, derivation, options).checks.filter(({ ok }) => !ok);
	const isNamed = wrong.some((check) => {
		return check.variable === variable && (inLoop === null || isTold(inLoop, check.problem));
	});
	if (isNamed) return "named";
	return isEquivalent(text, form, derivation, python) ? "equivalent" : "missed";
}

/** Whether what is said of a variable tells this line, whatever comment it has. */
function isTold(line: string, problem: string | null): boolean {
	return problem?.includes(line.split(/;? *(?:\/\/|# )/)[0]!) ?? false;
}

function isEquivalent(
	text: string,
	form: ProgramForm,
	derivation: Derivation,
	python?: PythonRunner,
): boolean {
	const original = derivation.print(form);
	return [1, 2, 3].every((seed) => {
		const given = pointNear(derivation, seed);
		const [a, b] = [original, text].map((each) => values(each, form, derivation, given, python));
		return [...a!].every(([name, outcome]) => isSame(outcome, b!.get(name)));
	});
}

function isSame(a: Outcome, b: Outcome | undefined): boolean {
	if (a.kind === "stopped" || b?.kind !== "value") return a.kind === b?.kind;
	return relativeDistance(b.value, a.value, ROUNDING) <= ROUNDING;
}

function values(
	text: string,
	form: ProgramForm,
	derivation: Derivation,
	given: ReadonlyMap<string, Elements>,
	python?: PythonRunner,
): ReadonlyMap<string, Outcome> {
	const program = readProgramText(text, form);
	const functions = { ...adjoint };
	const executor =
		form === "numpy"
			? new PythonExecutor(program, given, python!)
			: new JavaScriptExecutor(program, given, functions);
	const names = new Set([...derivation.forward, ...derivation.backward].map((x) => x.variable));
	return new Map([...executor.run(new Map())].filter(([name]) => names.has(name)));
}

/**
 * The arguments of a derivation, float ones moved a little at random. What adds up to 1 by a
 * promise goes on doing so; zeros stay at one of the points, since a function may not go below
 * them.
 */
function pointNear(derivation: Derivation, seed: number): Map<string, Elements> {
	const random = fractionsFrom(seed);
	const { flat, distributions } = derivation.origin;
	const given = new Map<string, Elements>();
	for (const [i, { name }] of derivation.arguments.entries()) {
		const { values: all, ...type } = elementsOf(flat.leaves[i]!);
		const isFloat = type.dtype === "float64" || type.dtype === "float32";
		const least = seed === 1 ? 0 : 0.5;
		const by = (x: number) => 0.05 * (2 * random() - 1) * Math.max(Math.abs(x), least);
		const along = distributions[i] ?? null;
		let values: Float64Array = all.map((x) =>
			isFloat ? x + (along === null ? by(x) : Math.abs(by(x))) : x,
		);
		if (along !== null) {
			const moved = adjoint.tensor([...values]).reshape([...type.shape!]);
			values = elementsOf(moved.div(moved.sum(along, { keepDims: true }))).values;
		}
		given.set(name, { ...type, values });
	}
	for (const { name, value } of derivation.constants) {
		if (value.kind === "constant") given.set(name, elementsOf(value.tensor));
	}
	for (const [label, variable] of derivation.sizes.variables) {
		const size = Float64Array.of(derivation.sizes.sizes.get(label)!);
		given.set(variable, { shape: [], values: size, dtype: "int32" });
	}
	return given;
}
