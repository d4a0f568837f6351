import { sameShape } from "../core/shape.ts";
import type { Instruction, Program, Value } from "../program/program.ts";
import type { Group, Use } from "./group.ts";
import { isElementwise, isPerElement, movesOf, type Role, roleOf } from "./lower.ts";
import { canFinish } from "./products.ts";
import type { Reads } from "./reads.ts";
import { isDirect, type View } from "./view.ts";

/**
 * The groups of a program, in an order in which they can run, and who reads each value other than a
 * view.
 */
export interface Fused {
	readonly groups: readonly Group[];
	readonly usesOf: (value: Value) => readonly Use[];
}

/** More members would run out of registers. */
const MOST_MEMBERS = 48;

/**
 * Joins an elementwise op with the loops, the product and the normalization that it reads, if they
 * compute the same elements, a reduction with the loop that computes nothing but its argument, and
 * what puts elements in other places with what computes them.
 */
export function fuse(program: Program, viewOf: (value: Value) => View, readsOf: Reads): Fused {
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

	/** Whether `before` may run only when the instruction at `at` does, as one with its group. */
	const canJoin = (before: Group, group: Group, at: number): boolean => {
		if (before.members.length + group.members.length > MOST_MEMBERS) return false;
		const members = new Set<Instruction | null>([...before.members, ...group.members]);
		const role = jointRole(before, group);
		if (role === null) return false;
		// A reduction stores what its last member computes, and nothing else.
		const passing = role === "reduction" ? group.members.slice(0, -1) : [];
		// What a product multiplies has to be there before it: only what follows it may be computed on
		// the way.
		const inPassing = ({ reader, direct }: Use) =>
			direct && (reader === null || !isProduct(roleOf(reader)));
		const isInTime = (use: Use) =>
			members.has(use.reader) ? inPassing(use) : role !== "reduction" && use.at > at;
		const inTime = [...before.members, ...passing].every((step) => usesOf(step).every(isInTime));
		return inTime && (!isProduct(role) || canFinish(union(role, before, group), readsOf, usesOf));
	};

	for (const [at, step] of computing.entries()) {
		let group: Group = { role: roleOf(step), members: [step] };
		// A group that joined may have been what kept another one from joining.
		for (;;) {
			const { members } = group;
			const others = readBy(group).filter((other) => !members.includes(other.members[0]!));
			const before = others.find((other) => canJoin(other, group, at));
			if (before === undefined) break;
			group = union(jointRole(before, group)!, before, group);
		}
		for (const member of group.members) groupOf.set(member, group);
	}
	// A group runs where its last member stands, when everything that it reads is there.
	const groups = computing.filter((step) => groupOf.get(step)!.members.at(-1) === step);
	return { groups: groups.map((step) => groupOf.get(step)!), usesOf };
}

/** What two groups run as when the second one reads the first, if they can run as one. */
function jointRole(before: Group, group: Group): Role | null {
	const reader = group.members.at(-1)!;
	if (isPlaced(before)) return null;
	if (group.role === "reduction") return before.role === "loop" ? "reduction" : null;
	if (group.role === "placement") return canBePlaced(before, reader) ? before.role : null;
	if (!isElementwise(reader) && !isPlaced(group)) return null;
	if (!sameShape(before.members[0]!.type.shape, group.members[0]!.type.shape)) return null;
	const [other, ...more] = [before.role, group.role].filter((role) => role !== "loop");
	if (other === undefined) return "loop";
	const goesOn = isProduct(other) || before.members.some(isPerElement);
	return more.length === 0 && goesOn ? other : null;
}

/**
 * Whether what a group computes is put in other places: nothing can be computed there on the way.
 */
function isPlaced({ members }: Group): boolean {
	return roleOf(members.at(-1)!) === "placement";
}

/** Whether a group can put what it computes where a placement of nothing else has it. */
function canBePlaced(before: Group, reader: Instruction): boolean {
	if (reader.inputs.length > 1 || movesOf(reader) !== null) return false;
	return before.role === "loop" || before.members.some(isPerElement);
}

/** Whether what follows it can be computed on vectors of its sums. */
function isProduct(role: Role): boolean {
	return role === "product" || role === "convolution";
}

function union(role: Role, before: Group, group: Group): Group {
	return { role, members: [...before.members, ...group.members] };
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
