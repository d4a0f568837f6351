import { sizeOf } from "../core/shape.ts";
import type { Instruction, Program, Value } from "../program/program.ts";
import { asItIs, rewrite } from "../program/rewrite.ts";
import { inOrder } from "../scalar/scalar.ts";
import { type Fused, fuse } from "./fuse.ts";
import type { Group } from "./group.ts";
import { loweredAs } from "./lower.ts";
import { readsIn } from "./reads.ts";
import { type Reads, type View, viewsOf } from "./view.ts";

/** A program, and what of it runs as one. */
export interface Fusion extends Fused {
	readonly program: Program;
	readonly viewOf: (value: Value) => View;
	readonly readsOf: Reads;
}

/**
 * What is computed again takes no more primitives than this: about as long as a processor takes to
 * store an element and to load it again.
 */
const MOST_PRIMITIVES = 12;

/** Fewer elements than this stay in a cache on the way. */
const LEAST_ELEMENTS = 2 ** 15;

/**
 * What of a program runs as one. What a group would store for others is computed again in each of
 * those that read it, if that takes few primitives, goes over memory fewer times, and begins with
 * what is there until then in any case, so that it takes less memory too. The bits are the same,
 * since the formula is.
 */
export function fusionOf(program: Program): Fusion {
	const stored = fused(program);
	const chains = worthRecomputing(stored);
	while (chains.size > 0) {
		const { program: other, copies } = withCopies(stored, chains);
		const fusion = fused(other, copies);
		const alone = [...copies.keys()].filter((copy) => isStored(copy, fusion));
		// Where copies keep others from running as one, more is lost.
		if (alone.length === 0) return fusion.groups.length > stored.groups.length ? stored : fusion;
		// A copy that its reader does not take in would be stored itself.
		for (const copy of alone) chains.delete(copies.get(copy)!);
	}
	return stored;
}

function fused(program: Program, copies?: ReadonlyMap<Instruction, Value>): Fusion {
	const viewOf = viewsOf(program);
	const readsOf = readsIn(viewOf);
	return { program, viewOf, readsOf, ...fuse(program, viewOf, readsOf, copies) };
}

/** Whether others than the group that computes a value read it. */
function isStored(step: Instruction, { groupOf, usesOf }: Fusion): boolean {
	const own = groupOf(step);
	return usesOf(step).some(({ reader }) => reader === null || groupOf(reader) !== own);
}

/** For each value that is computed again, what of its group that takes, itself last. */
type Chains = Map<Value, readonly Instruction[]>;

function worthRecomputing(fusion: Fusion): Chains {
	const chains: Chains = new Map();
	for (const step of fusion.groups.flatMap(({ members }) => members)) {
		const readers = readersOf(step, fusion);
		const chain = readers.size === 0 ? null : chainOf(step, fusion, chains);
		if (chain === null) continue;
		const sources = sourcesOf(chain, fusion);
		if (sources.some((source) => chains.has(source))) continue;
		const added = [...readers].map((reader) => passesAdded(sources, step, reader, fusion));
		if (added.reduce((sum, passes) => sum + passes, 0) < 1 + readers.size) chains.set(step, chain);
	}
	return chains;
}

/**
 * The other groups that read a value, and where; none where it is small, or has to be stored: as a
 * result, or since what reads it is more than elementwise.
 */
function readersOf(step: Instruction, { groupOf, usesOf }: Fusion): Map<Group, number> {
	const none = new Map<Group, number>();
	if (sizeOf(step.type.shape) < LEAST_ELEMENTS) return none;
	const readers = new Map<Group, number>();
	for (const { reader, direct, at } of usesOf(step)) {
		if (reader === null) return none;
		const group = groupOf(reader)!;
		if (group === groupOf(step)) continue;
		if (!direct || !isElementwise(reader)) return none;
		readers.set(group, at);
	}
	return readers;
}

function isElementwise(step: Instruction): boolean {
	return loweredAs(step).joins === "elements";
}

/**
 * How often more a group goes over memory that computes a value again; endless where a source would
 * be kept for that, and where a product would have to take in more than it does.
 */
function passesAdded(
	sources: readonly Value[],
	{ type }: Instruction,
	[{ lead, members }, at]: readonly [Group, number],
	{ readsOf, usesOf }: Fusion,
): number {
	const read = new Set(members.flatMap((x) => readsOf(x).map(({ base }) => base)));
	let passes = 0;
	for (const source of sources) {
		if (read.has(source) || source.kind === "constant") continue;
		const isThere = source.kind === "input" || usesOf(source).some((use) => use.at >= at);
		if (!isThere || !isElementwise(lead)) return Number.POSITIVE_INFINITY;
		if (sizeOf(source.type.shape) >= sizeOf(type.shape)) passes++;
	}
	return passes;
}

/** A value after what it is computed of in its group; null where that is too much. */
function chainOf(step: Instruction, fusion: Fusion, chains: Chains): Instruction[] | null {
	const group = fusion.groupOf(step);
	const chain = new Set<Instruction>();
	let primitives = 0;
	const visit = (x: Instruction): void => {
		primitives += primitivesOf(x);
		if (primitives > MOST_PRIMITIVES) return;
		for (const { base } of fusion.readsOf(x)) {
			if (base.kind !== "instruction" || fusion.groupOf(base) !== group || chain.has(base))
				continue;
			if (chains.has(base) || !isStored(base, fusion)) visit(base);
		}
		chain.add(x);
	};
	visit(step);
	return primitives > MOST_PRIMITIVES ? null : [...chain];
}

/** How many primitives an op's formula has; endless where it has none or calls a function. */
function primitivesOf({ op }: Instruction): number {
	if (op.formula === undefined) return Number.POSITIVE_INFINITY;
	const parts = inOrder(op.formula());
	if (parts.some(({ kind }) => kind === "call")) return Number.POSITIVE_INFINITY;
	return parts.filter(({ kind }) => kind === "apply").length;
}

/** What a chain reads from outside. */
function sourcesOf(chain: readonly Instruction[], { readsOf }: Fusion): Value[] {
	const read = new Set(chain.flatMap((x) => readsOf(x).map(({ base }) => base)));
	for (const x of chain) read.delete(x);
	return [...read];
}

/**
 * The program in which each group that reads one of these values computes it itself, and of which
 * value each copy is.
 */
function withCopies({ program, viewOf, groupOf }: Fusion, chains: Chains) {
	const made = new Map<Value, Value>();
	const copies = new Map<Instruction, Instruction>();
	const copiesIn = new Map<Group, Map<Value, Instruction>>();
	const copyOf = (value: Value, group: Group): Instruction => {
		const known = copiesIn.get(group) ?? new Map<Value, Instruction>();
		copiesIn.set(group, known);
		for (const part of chains.get(value)!) {
			if (known.has(part)) continue;
			const inputs = part.inputs.map((x) => known.get(viewOf(x).base) ?? made.get(x) ?? x);
			const copy = { ...part, inputs };
			known.set(part, copy);
			copies.set(copy, value as Instruction);
		}
		return known.get(value)!;
	};
	const { program: other } = rewrite(program, {
		...asItIs,
		apply: (step, inputs) => {
			const group = groupOf(step);
			const given = step.inputs.map((x, i) => {
				const { base } = viewOf(x);
				const isElsewhere = group !== undefined && groupOf(base as Instruction) !== group;
				return isElsewhere && chains.has(base) ? copyOf(base, group) : inputs[i]!;
			});
			const after = given.every((x, i) => x === step.inputs[i]) ? step : { ...step, inputs: given };
			made.set(step, after);
			return after;
		},
	});
	return { program: other, copies };
}
