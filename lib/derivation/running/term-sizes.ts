import { fractionsFrom } from "../../check/sampling.ts";
import type { Op } from "../../core/op.ts";
import type { Tensor } from "../../core/tensor.ts";
import { interpret } from "../../program/interpret.ts";
import { type Instruction, type Program, type Value, withBodies } from "../../program/program.ts";
import { asItIs, rewrite } from "../../program/rewrite.ts";
import { type Elements, elementsOf, tensorOf } from "./values.ts";
import { withWrittenLoops } from "./written-loops.ts";

/**
 * How large the terms are that make a value. Where they cancel, as in x − mean(x) of equal numbers,
 * the value is small but not its rounding, which is that of the terms.
 */
export interface TermSizes<K = string> {
	/** The terms of a line alone: what it reads is as it should be. */
	readonly line: (key: K) => number;
	/** The terms of all that leads to it. */
	readonly whole: (key: K) => number;
}

/** The values of a program that variables, or other keys, stand for. */
export interface NamedValues<K = string> {
	readonly program: Program;
	readonly named: ReadonlyMap<K, Value>;
}

/**
 * By how much of itself each number is moved. The first is usual; by less where a program cannot
 * run, as a matrix that loses its root.
 */
const PARTS = [2 ** -8, 2 ** -16, 2 ** -24];

/**
 * The sizes of terms at a point, found when somebody asks: each number that a program computes is
 * moved by a random small part of itself. How far a value is moved by all of these, divided by that
 * part, is the size of its terms.
 * @param lines the values of the lines
 * @param recorded what the engine computed of them
 */
export function termSizesAt<K>(
	leaves: readonly Tensor[],
	lines: NamedValues<K>,
	recorded: NamedValues<K>,
): TermSizes<K> {
	let own: NamedValues<K> | null = null;
	const written = () => (own ??= asWritten(lines));
	let alone: ReadonlyMap<K, number> | null = null;
	let all: readonly ReadonlyMap<K, number>[] | null = null;
	return {
		line: (key) => {
			alone ??= movedIn(leaves, written(), true);
			return alone.get(key) ?? 0;
		},
		whole: (key) => {
			all ??= [written(), recorded].map((each) => movedIn(leaves, each, false));
			return Math.max(...all.map((sizes) => sizes.get(key) ?? 0));
		},
	};
}

/** The same where loops take the steps that are written. */
function asWritten<K>({ program, named }: NamedValues<K>): NamedValues<K> {
	const values = [...named].filter(([, { kind }]) => kind === "instruction");
	const own = withWrittenLoops({ ...program, outputs: values.map(([, value]) => value) });
	return {
		program: own.program,
		named: new Map(values.map(([key, value]) => [key, own.after(value)])),
	};
}

/** @param isAlone whether each named value goes on as it should be, whatever was moved before */
function movedIn<K>(
	leaves: readonly Tensor[],
	{ program, named }: NamedValues<K>,
	isAlone: boolean,
): ReadonlyMap<K, number> {
	const isNamed = new Set([...named.values()].filter((value) => value.kind === "instruction"));
	let pass: Pass = (_, x) => x;
	const outputs = [...isNamed];
	const watched = watchedProgram({ ...program, outputs }, (step, x) => pass(step, x));
	const expected = new Map<Instruction, Tensor[]>();
	pass = (step, x) => {
		const own = expected.get(step) ?? [];
		if (isNamed.has(step) || isJump(step)) expected.set(step, own);
		own.push(x);
		return x;
	};
	interpret(watched, leaves);
	for (const part of PARTS) {
		const sizes = new Map<Value, number>();
		try {
			for (const seed of [1, 2]) {
				const numbers = fractionsFrom(seed);
				const places = new Map<Instruction, number>();
				const right = (step: Instruction) => {
					const place = places.get(step) ?? 0;
					places.set(step, place + 1);
					return expected.get(step)![place]!;
				};
				pass = (step, moved) => {
					if (isJump(step)) return right(step);
					if (!isNamed.has(step)) return movedBy(part, moved, numbers);
					const x = right(step);
					const size = greatestDifference(elementsOf(moved), elementsOf(x)) / part;
					sizes.set(step, Math.max(size, sizes.get(step) ?? 0));
					return movedBy(part, isAlone ? x : moved, numbers);
				};
				interpret(
					watched,
					leaves.map((leaf) => movedBy(part, leaf, numbers)),
				);
			}
		} catch {
			// There is no value so far from the given one.
			continue;
		}
		return new Map([...named].map(([key, value]) => [key, sizes.get(value) ?? 0]));
	}
	return new Map();
}

/** A jump, as of a mask, is no rounding. */
function isJump({ op: { differential, traits } }: Instruction): boolean {
	return differential === null && traits?.view !== true;
}

/** Is told each value as an instruction gives it, and gives what goes on in its place. */
type Pass = (step: Instruction, x: Tensor) => Tensor;

/** A program in which each value passes through `pass`, as do those inside of its loops. */
function watchedProgram(program: Program, pass: Pass): Program {
	const apply = (step: Instruction, inputs: readonly Value[]): Instruction => {
		const op = withBodies(step.op, (body) => watchedProgram(body, pass));
		const evaluate: Op["evaluate"] = (...given) => pass(step, op.evaluate(...given));
		return { ...step, op: { ...op, evaluate }, inputs };
	};
	return rewrite(program, { ...asItIs, apply }).program;
}

/** Each number moved by a random part of itself. */
function movedBy(part: number, x: Tensor, numbers: () => number): Tensor {
	if (x.dtype !== "float64" && x.dtype !== "float32") return x;
	const { values, ...type } = elementsOf(x);
	const by = () => part * (numbers() < 0.5 ? -1 : 1) * (0.5 + numbers() / 2);
	return tensorOf({ ...type, values: values.map((each) => each * (1 + by())) });
}

function greatestDifference(a: Elements, b: Elements): number {
	let most = 0;
	for (const [i, x] of a.values.entries()) {
		const off = Math.abs(x - b.values[i]!);
		if (Number.isFinite(off)) most = Math.max(most, off);
	}
	return most;
}
