import { sameShape } from "../core/shape.ts";
import type { Instruction, Program, Value } from "../program/program.ts";
import { canFinish } from "./epilogue.ts";
import type { Group, Use } from "./group.ts";
import { loweredAs } from "./lower.ts";
import type { ProductAxes } from "./planner.ts";
import { isDirect, type Reads, type View } from "./view.ts";

/**
 * The groups of a program, in an order in which they can run, and who reads each value other than a
 * view.
 */
export interface Fused {
	readonly groups: readonly Group[];
	/** The group of an instruction; none for a view. */
	readonly groupOf: (step: Instruction) => Group | undefined;
	readonly usesOf: (value: Value) => readonly Use[];
}

/** More members would run out of registers. */
const MOST_MEMBERS = 48;

/**
 * Joins an elementwise op with the loops, the product and the normalization that it reads, if they
 * compute the same elements, a reduction with the loop that computes nothing but its argument, and
 * what puts elements in other places with what computes them.
 * @param copies what is computed again where it is read, and not where it is computed first
 */
export function fuse(
	program: Program,
	viewOf: (value: Value) => View,
	readsOf: Reads,
	copies: { has: (step: Instruction) => boolean } = new Set(),
): Fused {
	const computing = program.instructions.filter((step) => viewOf(step).base === step);
	const usesOf = readers(computing, program.outputs, viewOf, readsOf);
	const groupOf = new Map<Value, Group>();

	/** The groups whose results some members read one for one. */
	const readBy = ({ members }: Group): Group[] =>
		members.flatMap((step) =>
			readsOf(step).flatMap((view) => {
				const group = groupOf.get(view.base);
				return group !== undefined && isDirect(view) ? [group] : [];
			}),
		);

	const isCopied = ({ members }: Group) => members.every((step) => copies.has(step));

	/** Whether `before` may run only when the instruction at `at` does, as one with its group. */
	const canJoin = (before: Group, group: Group, at: number): boolean => {
		if (before.members.length + group.members.length > MOST_MEMBERS) return false;
		if (isCopied(group) && !isCopied(before)) return false;
		const joint = union(before, group);
		if (joint === null) return false;
		const members = new Set<Instruction | null>(joint.members);
		// A reduction stores what its last member computes, and nothing else.
		const reduces = loweredAs(joint.lead).joins === "slices";
		const passing = reduces ? group.members.slice(0, -1) : [];
		// What a product multiplies has to be there before it: only what follows it may be computed on
		// the way.
		const inPassing = ({ reader, direct }: Use) =>
			direct && (reader === null || epilogueAxes(reader) === null);
		const isInTime = (use: Use) =>
			members.has(use.reader) ? inPassing(use) : !reduces && use.at > at;
		const inTime = [...before.members, ...passing].every((step) => usesOf(step).every(isInTime));
		const axes = epilogueAxes(joint.lead);
		return inTime && (axes === null || canFinish(joint, axes, readsOf, usesOf));
	};

	for (const [at, step] of computing.entries()) {
		let group: Group = { lead: step, members: [step] };
		// A group that joined may have been what kept another one from joining.
		for (;;) {
			const { members } = group;
			const others = readBy(group).filter((other) => !members.includes(other.members[0]!));
			const before = others.find((other) => canJoin(other, group, at));
			if (before === undefined) break;
			group = union(before, group)!;
		}
		for (const member of group.members) groupOf.set(member, group);
	}
	// A group runs where its last member stands, when everything that it reads is there.
	const groups = computing.filter((step) => groupOf.get(step)!.members.at(-1) === step);
	return {
		groups: groups.map((step) => groupOf.get(step)!),
		groupOf: (step) => groupOf.get(step),
		usesOf,
	};
}

/** Two groups as one, the second of which reads the first; null if they cannot run so. */
function union(before: Group, group: Group): Group | null {
	const lead = jointLead(before, group);
	return lead && { lead, members: [...before.members, ...group.members] };
}

/** Which instruction says what two groups become that run as one. */
function jointLead(before: Group, group: Group): Instruction | null {
	if (isPlaced(before)) return null;
	const [first, then] = [loweredAs(before.lead), loweredAs(group.lead)];
	if (then.joins === "slices") return isLoop(before) ? group.lead : null;
	if (then.joins === "places") return first.goesOn === "loop" ? before.lead : null;
	const computes = loweredAs(group.members.at(-1)!).joins === "elements";
	if (!computes && !isPlaced(group)) return null;
	if (!sameShape(before.members[0]!.type.shape, group.members[0]!.type.shape)) return null;
	if (isLoop(before)) return then.goesOn === undefined ? null : group.lead;
	return isLoop(group) && first.goesOn !== undefined ? before.lead : null;
}

function isLoop({ lead }: Group): boolean {
	return loweredAs(lead).joins === "elements";
}

/**
 * Whether what a group computes is put in other places: nothing can be computed there on the way.
 */
function isPlaced({ members }: Group): boolean {
	return loweredAs(members.at(-1)!).joins === "places";
}

/** The axes of what an instruction computes, if it ends in loops over vectors of that. */
function epilogueAxes(step: Instruction): ProductAxes | null {
	const { goesOn } = loweredAs(step);
	return typeof goesOn === "object" ? goesOn : null;
}

/** Who reads each value that is computed or given, directly or through views. */
function readers(
	computing: readonly Instruction[],
	outputs: readonly Value[],
	viewOf: (value: Value) => View,
	readsOf: Reads,
): (value: Value) => readonly Use[] {
	const uses = new Map<Value, Use[]>();
	const read = (view: View, at: number, reader: Instruction | null) => {
		const known = uses.get(view.base) ?? [];
		known.push({ at, reader, direct: isDirect(view) });
		uses.set(view.base, known);
	};
	for (const [at, step] of computing.entries()) {
		for (const view of readsOf(step)) read(view, at, step);
	}
	for (const output of outputs) read(viewOf(output), Number.POSITIVE_INFINITY, null);
	return (value) => uses.get(value) ?? [];
}
