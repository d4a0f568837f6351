import { isFloat } from "../../core/dtype.ts";
import { marksIn } from "../printers/by-hand.ts";
import {
	directionForAll,
	elementDirections,
	judged,
	type Precision,
	precisionOf,
	stepsOf,
} from "./differences.ts";
import type { Executor, Move, Outcome } from "./executor.ts";
import type { ProgramText } from "./program.ts";
import type { Reference } from "./reference.ts";
import type { Elements } from "./values.ts";

/** Where a random direction meets a kink, so many elements are moved by themselves. */
const MOST_ELEMENTS = 32;

/** What differences say of a gradient. */
export interface SaidByDifferences {
	readonly text: string;
	readonly ok: boolean;
}

/** A gradient and the variables by which differences judge it. */
interface Asked {
	readonly variable: string;
	readonly gradient: Elements;
	readonly of: Elements;
	/** The size of the terms of the gradient. */
	readonly termSize: () => number;
	readonly probe: Omit<Move, "direction" | "steps">;
}

/**
 * What differences say of each gradient. Its variable is moved, and the lines after it run again,
 * up to those whose own gradients the program says: each of these counts by its gradient. So a
 * gradient is judged by those that it is made from, and each by itself.
 */
export function differencesOf(
	program: ProgramText,
	executor: Executor,
	reference: Reference,
	outcomes: ReadonlyMap<string, Outcome>,
	wrong: ReadonlySet<string>,
): ReadonlyMap<string, SaidByDifferences> {
	const marks = marksIn(program.body);
	// A forward line that is wrong is named by itself; its differences would say it of others too.
	const last = program.parts.findIndex(({ writes }) => writes.includes(reference.result));
	const forward = program.parts.slice(0, last + 1).flatMap(({ writes }) => writes);
	const misleading = forward.find((name) => wrong.has(name));
	const found = new Map<string, SaidByDifferences>();
	const asked: Asked[] = [];
	const gradients = gradientsIn(reference, outcomes);
	const isStopped = (name: string) => marks.get(name) === "stopped";
	const reading = readingOf(program, reference.result, gradients);
	for (const [variable, of] of gradients) {
		const outcome = outcomes.get(variable);
		const at = knownValue(of, reference, outcomes);
		if (outcome?.kind !== "value" || at === null || !isFloat(at.dtype)) continue;
		if (marks.get(variable) === "taken") {
			found.set(variable, { text: "given by customGradient, not derived", ok: true });
			continue;
		}
		const gradient = outcome.value;
		if (gradient.values.length !== at.values.length) {
			const text = `it has ${gradient.values.length} elements, ${of} ${at.values.length}`;
			found.set(variable, { text, ok: false });
			continue;
		}
		const probe = followed(of, reading, reference, outcomes, isStopped);
		if (probe === null) continue;
		const termSize = () => reference.terms.line(variable);
		if (misleading === undefined) asked.push({ variable, gradient, of: at, termSize, probe });
		else found.set(variable, { text: `no differences: ${misleading} is wrong`, ok: true });
	}
	const dtypes = [...reference.lines.values(), ...reference.given.values()].map((x) => x.dtype);
	const precision = program.form === "plain" ? "float64" : precisionOf(dtypes);
	for (const [variable, said] of inRounds(asked, executor, precision)) found.set(variable, said);
	return found;
}

/** Each gradient and what it is the gradient of: as known, or `grad_h` of an `h` that is not. */
function gradientsIn(
	{ gradientOf, given, lines, inLoops }: Reference,
	outcomes: ReadonlyMap<string, Outcome>,
): ReadonlyMap<string, string> {
	const all = new Map(gradientOf);
	for (const name of outcomes.keys()) {
		const of = /^grad_(.+)$/.exec(name)?.[1];
		if (of === undefined || all.has(name) || lines.has(name) || inLoops.has(name)) continue;
		if (outcomes.has(of) || given.has(of)) all.set(name, of);
	}
	return all;
}

function knownValue(
	name: string,
	{ lines, given }: Reference,
	outcomes: ReadonlyMap<string, Outcome>,
): Elements | null {
	const known = lines.get(name) ?? given.get(name);
	if (known !== undefined) return known;
	const outcome = outcomes.get(name);
	return outcome?.kind === "value" ? outcome.value : null;
}

/** A program as it is followed from each of its variables. */
interface Reading {
	readonly parts: ProgramText["parts"];
	/** The part that makes each variable first. */
	readonly makers: ReadonlyMap<string, number>;
	/** The parts that read each variable. */
	readonly readers: ReadonlyMap<string, readonly number[]>;
	/** The gradient of each variable. */
	readonly gradientBy: ReadonlyMap<string, string>;
	/** The part that makes the result. */
	readonly last: number;
	/** Parts with lines inside whose derivatives were fixed by hand, which cannot be kept there. */
	readonly opaque: ReadonlySet<number>;
}

function readingOf(
	{ parts }: ProgramText,
	result: string,
	gradients: ReadonlyMap<string, string>,
): Reading {
	const makers = new Map<string, number>();
	const readers = new Map<string, number[]>();
	for (const [i, { reads, writes }] of parts.entries()) {
		for (const name of writes) if (!makers.has(name)) makers.set(name, i);
		for (const name of reads) {
			const all = readers.get(name) ?? [];
			all.push(i);
			readers.set(name, all);
		}
	}
	const gradientBy = new Map([...gradients].map(([g, by]) => [by, g]));
	const opaque = new Set([...parts.keys()].filter((i) => isOpaque(parts[i]!)));
	return { parts, makers, readers, gradientBy, last: makers.get(result) ?? -1, opaque };
}

/** Whether a mark stands on a line inside of a part: in a loop or in a branch. */
function isOpaque({ text, writes }: ProgramText["parts"][number]): boolean {
	const isWhole = (name: string) => writes.length === 1 && writes[0] === name;
	return [...marksIn(text)].some(([name, mark]) => {
		return (mark === "stopped" || mark === "given") && !isWhole(name);
	});
}

/**
 * The parts that follow from a variable, up to those whose gradients are known; null where it
 * cannot be followed.
 */
function followed(
	of: string,
	{ parts, makers, readers, gradientBy, last, opaque }: Reading,
	reference: Reference,
	outcomes: ReadonlyMap<string, Outcome>,
	isStopped: (name: string) => boolean,
): Asked["probe"] | null {
	const { result } = reference;
	const held = new Set<string>();
	const own = makers.get(of) ?? -1;
	if (last < 0 || own > last) return null;
	const again: number[] = [];
	const weights = new Map<string, Float64Array>();
	if (of === result) weights.set(of, Float64Array.of(1));
	const waiting = new Set<number>();
	const moves = (name: string, after: number) => {
		for (const i of readers.get(name) ?? []) if (i > after && i <= last) waiting.add(i);
	};
	moves(of, own);
	for (let i = own + 1; waiting.size > 0; i++) {
		if (!waiting.delete(i)) continue;
		if (opaque.has(i)) return null;
		const { writes } = parts[i]!;
		const live = writes.filter((name) => !isStopped(name));
		for (const name of writes) if (isStopped(name)) held.add(name);
		if (live.length === 0) continue;
		again.push(i);
		for (const name of live) {
			const gradient = gradientBy.get(name);
			const value = gradient === undefined ? null : knownValue(gradient, reference, outcomes);
			if (name === result) weights.set(name, Float64Array.of(1));
			else if (value !== null) weights.set(name, value.values);
			else moves(name, i);
		}
	}
	return { of, parts: again, weights, held };
}

/** A random direction for all; smaller steps where that is unclear; then single elements. */
function inRounds(
	asked: readonly Asked[],
	executor: Executor,
	precision: Precision,
): ReadonlyMap<string, SaidByDifferences> {
	const found = new Map<string, SaidByDifferences>();
	const seeds = new Map(asked.map((each, i) => [each, 1 + i]));
	const inDirection = (all: readonly Asked[], steps: readonly number[]): Asked[] => {
		const directions = all.map((each) => directionForAll(each.of, seeds.get(each)!));
		const moved = executor.move(
			all.map(({ probe }, i) => ({ ...probe, direction: directions[i]!, steps })),
		);
		return all.filter((each, i) => {
			const { variable } = each;
			const { verdict, off } = along(each, directions[i]!, moved[i]!, precision);
			if (verdict === "agrees") found.set(variable, { text: "differences agree", ok: true });
			if (verdict === "differs") found.set(variable, { text: differText(off), ok: false });
			return verdict === "unclear";
		});
	};
	const curved = inDirection(asked, stepsOf(precision, 0, 1));
	const kinked = curved.length === 0 ? [] : inDirection(curved, stepsOf(precision));
	for (const each of kinked) found.set(each.variable, byElements(each, executor, precision));
	return found;
}

function byElements(asked: Asked, executor: Executor, precision: Precision): SaidByDifferences {
	const { of, probe } = asked;
	const steps = stepsOf(precision);
	const directions = elementDirections(of, MOST_ELEMENTS, 1);
	const moved = executor.move(directions.map((direction) => ({ ...probe, direction, steps })));
	const verdicts = directions.map((direction, i) => along(asked, direction, moved[i]!, precision));
	const worst = verdicts.find(({ verdict }) => verdict === "differs");
	if (worst !== undefined) return { text: differText(worst.off), ok: false };
	const agreeing = verdicts.filter(({ verdict }) => verdict === "agrees").length;
	if (agreeing === 0) return { text: "not judged by differences: a kink here", ok: true };
	const all = verdicts.length;
	const text = `differences agree at ${agreeing} of ${all} elements, the others have a kink here`;
	return { text: agreeing === all ? "differences agree" : text, ok: true };
}

function along(
	{ gradient: { values }, termSize }: Asked,
	direction: Float64Array,
	moved: Parameters<typeof judged>[3],
	precision: Precision,
): ReturnType<typeof judged> {
	let [sum, squares] = [0, 0];
	for (let i = 0; i < direction.length; i++) {
		const d = direction[i]!;
		if (d === 0) continue;
		sum += values[i]! * d;
		squares += (values[i]! * d) ** 2;
	}
	const terms = () => termSize() * direction.reduce((all, d) => all + Math.abs(d), 0);
	return judged(sum, Math.sqrt(squares), terms, moved, precision);
}

function differText(off: number): string {
	return `differences ± ${off.toExponential(1)}`;
}
