import type { Ordering } from "../core/traits.ts";
import { uniformNumber } from "./builder.ts";
import { replayed, traced } from "./inline.ts";
import { isLifted } from "./means.ts";
import type { Instruction, Value } from "./program.ts";
import type { Maker, RewriteRule } from "./rules.ts";

// Where a mask is 1, what it says holds: there the greater of two values is the one that the mask
// says is greater, and `where` has chosen. What stands under the mask is written so.

/** What is known of two values where a mask is 1: how the first may compare with the second. */
interface Fact {
	readonly pair: readonly [Value, Value];
	readonly possible: readonly Ordering[];
}

const ALL: readonly Ordering[] = ["<", "=", ">"];

/** A mask that keeps a value, which is 0 where it does not; null for other instructions. */
export function keeping({ op, inputs }: Instruction): { kept: Value; mask: Value } | null {
	const { branches, zeros } = op.traits ?? {};
	if (!zeros || branches?.length !== 1 || inputs.length !== 2) return null;
	return { kept: inputs[branches[0]!]!, mask: inputs[1 - branches[0]!]! };
}

/** What stands under a mask, or in the first branch of a choice, as it is where that counts. */
export const underMasks: RewriteRule = {
	name: "under a mask holds what it says",
	rewrite: (value, maker) => {
		const { branches } = value.op.traits ?? {};
		const at = branches?.[0];
		const condition = value.inputs.find((_, i) => !branches?.includes(i));
		if (at === undefined || condition === undefined) return null;
		const facts = factsOf(condition);
		if (facts.length === 0) return null;
		const before = value.inputs[at]!;
		const after = where(facts, before, maker);
		if (after === before) return null;
		const inputs = value.inputs.map((x, i) => (i === at ? after : x));
		return maker.apply(value.op, inputs, value.params);
	},
};

/** Whether a mask is 0 wherever this value is. */
export function excludesZero(mask: Value, value: Value): boolean {
	return factsOf(mask).some(({ pair: [x, y], possible }) => {
		const [other] = source(x) === source(value) ? [y] : source(y) === source(value) ? [x] : [];
		return other !== undefined && uniformNumber(other) === 0 && !possible.includes("=");
	});
}

function factsOf(mask: Value): readonly Fact[] {
	if (mask.kind !== "instruction") return [];
	const { algebra, stretch, holds } = mask.op.traits ?? {};
	if (stretch) return factsOf(mask.inputs[0]!);
	if (holds !== undefined) {
		return [{ pair: mask.inputs.map(source) as [Value, Value], possible: holds }];
	}
	const isProduct = algebra?.powers?.every((power) => power === 1);
	return isProduct ? mask.inputs.flatMap(factsOf) : [];
}

/** Elementwise ops below the mask; beyond so many of them nobody would look. */
const DEEPEST = 4;

/** The value where the facts hold. */
function where(facts: readonly Fact[], value: Value, maker: Maker, depth = 0): Value {
	if (value.kind !== "instruction" || depth > DEEPEST) return value;
	const { op, inputs, params } = value;
	const { elementwise, stretch, branches, picks } = op.traits ?? {};
	if (!elementwise && !stretch) return value;
	const below = (x: Value) => where(facts, x, maker, depth + 1);
	if (branches?.length === 2) {
		const truth = truthOf(facts, inputs.find((_, i) => !branches.includes(i))!);
		if (truth !== null) return below(inputs[branches[truth ? 0 : 1]!]!);
	}
	if (picks !== undefined) {
		const masks = traced(inputs, (xs) => picks(xs));
		const at = masks.outputs.findIndex(
			(_, i) => truthOf(facts, replayed(masks, inputs, maker, i)) === true,
		);
		if (at >= 0) return below(inputs[at]!);
	}
	const after = inputs.map(below);
	return after.every((x, i) => x === inputs[i]) ? value : maker.apply(op, after, params);
}

/** Whether a condition holds where the facts do; null where they do not say it. */
function truthOf(facts: readonly Fact[], condition: Value): boolean | null {
	const number = uniformNumber(condition);
	if (number !== null) return number !== 0;
	if (condition.kind !== "instruction") return null;
	const { algebra, stretch, holds } = condition.op.traits ?? {};
	if (stretch) return truthOf(facts, condition.inputs[0]!);
	if (holds !== undefined) {
		const possible = between(facts, condition.inputs.map(source) as [Value, Value]);
		if (possible.every((ordering) => holds.includes(ordering))) return true;
		return possible.some((ordering) => holds.includes(ordering)) ? null : false;
	}
	if (!algebra?.powers?.every((power) => power === 1)) return null;
	const truths = condition.inputs.map((x) => truthOf(facts, x));
	if (truths.includes(false)) return false;
	return truths.includes(null) ? null : true;
}

/** How two values may compare where the facts hold. */
function between(facts: readonly Fact[], [x, y]: readonly [Value, Value]): readonly Ordering[] {
	return facts.reduce((possible, { pair: [a, b], possible: stated }) => {
		const isFlipped = isSame(a, y) && isSame(b, x);
		if (!isFlipped && !(isSame(a, x) && isSame(b, y))) return possible;
		const here = isFlipped ? stated.map((each) => ALL[2 - ALL.indexOf(each)]!) : stated;
		return possible.filter((each) => here.includes(each));
	}, ALL);
}

function isSame(x: Value, y: Value): boolean {
	const number = uniformNumber(x);
	return x === y || (number !== null && number === uniformNumber(y));
}

/** What was stretched to a value by broadcasting. */
function source(value: Value): Value {
	if (value.kind !== "instruction") return value;
	return value.op.traits?.stretch || isLifted(value) ? source(value.inputs[0]!) : value;
}
