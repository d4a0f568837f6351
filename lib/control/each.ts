import { packedType } from "../autodiff/packing.ts";
import { isFloat } from "../core/dtype.ts";
import { broadcastNumber } from "../core/lift.ts";
import { apply, type BatchRun, type Op } from "../core/op.ts";
import { Tensor } from "../core/tensor.ts";
import { clip, floor } from "../ops/arithmetic.ts";
import { equal, logicalNot, notEqual, where } from "../ops/comparison.ts";
import { argmax } from "../ops/extremes.ts";
import { any } from "../ops/reductions.ts";
import { take } from "../ops/taking.ts";
import { decompose } from "../program/decompose.ts";
import { interpret } from "../program/interpret.ts";
import { constantNumber, type Program } from "../program/program.ts";
import { broadcastTo, sum } from "../structure/broadcasting.ts";
import { expandDims, reshape } from "../structure/layout.ts";
import { batchOfProgram, type Examples, packEach } from "./batches.ts";
import { type BranchName, type Choose, choiceDerivative } from "./branch-derivatives.ts";
import { jointly, marked, spread } from "./derivatives.ts";

/** What a choice for each example takes besides tensors. */
type EachParams = {
	/** Which arguments, after the indices, have the examples along a first axis. */
	readonly batched: readonly boolean[];
	readonly size: number;
};

/** Runs for each example the branch that its own index says; gives the packed results. */
export function applyEach(
	name: BranchName,
	branches: readonly Program[],
	choose: Choose,
	inputs: readonly Tensor[],
	batched: readonly boolean[],
	{ size, run }: Examples,
): Tensor {
	const { shape, dtype } = packedType(branches[0]!.outputs.map(({ type }) => type));
	if (size === 0) return broadcastNumber(name, 0, dtype, [0, ...shape]);
	return apply(eachOp(name, branches, choose, run), inputs, { batched, size });
}

/** The op that does so. Its derivative is that of one choice, for each example. */
function eachOp(
	name: BranchName,
	branches: readonly Program[],
	choose: Choose,
	run: BatchRun,
): Op<BranchName, EachParams> {
	const types = branches[0]!.outputs.map(({ type }) => type);
	const { shape, dtype } = packedType(types);
	const remembered = new WeakMap<Tensor, readonly boolean[]>();
	const isIdle = branches.map(({ instructions }) => instructions.length === 0);
	const known = new Map<string, readonly Program[]>();
	/** The branches for all examples, made once. */
	const together = ({ batched, size }: EachParams): readonly Program[] => {
		const key = `${batched} ${size}`;
		const all = types.map(() => true);
		const made =
			known.get(key) ??
			branches.map((branch) => batchOfProgram(branch, batched, all, { size, run }));
		known.set(key, made);
		return made;
	};
	const chosen = (
		programs: readonly Program[],
		[index, ...args]: readonly Tensor[],
		{ batched, size }: EachParams,
	): Tensor => {
		const masks = masksOf(name, branches.length, reshape(index!, [size]), choose);
		const results = programs.map((branch, i) => {
			if (isIdle[i]) return interpret(branch, args);
			return whereChosen(branch, masks[i]!, args, batched, choose);
		});
		const made = results.reduce((others, own, i) =>
			own.map((x, k) => where(asColumn(masks[i]!, x), x, others[k]!)),
		);
		return packEach(made, dtype, { size, run });
	};
	const op: Op<BranchName, EachParams> = {
		name,
		bodies: {
			programs: branches,
			with: (programs) => eachOp(name, programs as Program[], choose, run),
		},
		infer: (_, { size }) => ({ shape: [size, ...shape], dtype }),
		evaluate: (inputs, params) => {
			const { storage, dtype, shape, strides, offset } = chosen(together(params), inputs, params);
			// A tensor of its own, by which what varies is found again.
			return new Tensor(storage, dtype, shape, strides, offset);
		},
		linearized: (inputs, params, varies) => {
			const out = apply(op, inputs, params);
			remembered.set(out, varies);
			return out;
		},
		differential: jointly(name, (inputs, out, { batched, size }) => {
			const n = inputs.length;
			const flags = [true, ...batched];
			const given = remembered.get(out) ?? inputs.map(() => true);
			const varies = inputs.map(({ dtype }, i) => i > 0 && given[i]! && isFloat(dtype));
			const alone = (one: readonly Tensor[]) =>
				choiceDerivative(name, branches, choose, one.slice(0, n), varies);
			return {
				varies,
				push: (tangents) => {
					const moving = tangents.map((x) => x !== null);
					const all = [...inputs, ...tangents.filter((x) => x !== null)];
					return run(size, all, [...flags, ...marked(flags, moving)], (one) => [
						alone(one).push(spread(one.slice(n), moving)),
					])[0]!;
				},
				pull: (g) => {
					const shares = run(size, [...inputs, g], [...flags, true], (one) =>
						alone(one)
							.pull(one[n]!)
							.filter((x) => x !== null),
					);
					return spread(shares, varies).map((x, i) => (x === null || flags[i] ? x : sum(x, 0)));
				},
			};
		}),
		// Batches in a batch are one of as many examples as all have together.
		batch: (inputs, { batched, size }, outer, count) => {
			const own = [true, ...batched];
			const all = inputs.map((x, i) => {
				if (!outer[i] && !own[i]) return x;
				const rest = x.shape.slice(Number(outer[i]) + Number(own[i]));
				const there = outer[i] && !own[i] ? expandDims(x, 1) : x;
				return reshape(broadcastTo(there, [count, size, ...rest]), [count * size, ...rest]);
			});
			const flags = batched.map((is, i) => is || outer[i + 1]!);
			const out = applyEach(name, branches, choose, all, flags, { size: count * size, run });
			return reshape(out, [count, size, ...shape]);
		},
		print: (args) => `${name}(${args.join(", ")})`,
		traits: {
			decompose: (inputs, params) => chosen(together(params).map(decompose), inputs, params),
		},
	};
	return op;
}

/** For each branch, which examples take it. */
function masksOf(name: BranchName, branches: number, index: Tensor, choose: Choose): Tensor[] {
	if (name === "cond") {
		const yes = notEqual(index, 0);
		return [logicalNot(yes), yes];
	}
	const isThere = equal(index, clip(floor(index), 0, branches - 1));
	// A choice by an index without a branch, if there is one, says what is wrong.
	const worst = take(index, argmax(logicalNot(isThere)), 0);
	const input = { kind: "input", type: { shape: index.shape, dtype: index.dtype } } as const;
	const same: Program = { inputs: [input], instructions: [], outputs: [input] };
	const [checked] = choose(name, new Array(branches).fill(same), worst, [index]);
	return Array.from({ length: branches }, (_, i) => equal(checked!, i));
}

/**
 * The results of a branch for those examples that take it; for the others anything. It only ever
 * sees arguments for which it was chosen: the first example that takes it stands in for all that do
 * not, and where none does, it does not run. So it neither fails nor gives NaN for another's sake.
 */
function whereChosen(
	branch: Program,
	mask: Tensor,
	args: readonly Tensor[],
	batched: readonly boolean[],
	choose: Choose,
): Tensor[] {
	const first = argmax(mask);
	const safe = args.map((x, i) => {
		return batched[i] ? where(asColumn(mask, x), x, take(x, first, 0)) : x;
	});
	const { inputs, outputs } = branch;
	const zeros = outputs.map(({ type }) => constantNumber(0, type));
	const none: Program = { inputs, instructions: [], outputs: zeros };
	return choose("cond", [none, branch], any(mask), safe);
}

/** A vector with axes of size 1 behind, as many as another tensor has. */
function asColumn(vector: Tensor, { rank }: Tensor): Tensor {
	return reshape(vector, [vector.size, ...new Array<number>(rank - 1).fill(1)]);
}
