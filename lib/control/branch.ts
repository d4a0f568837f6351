import { pack, packedType, unpack } from "../autodiff/packing.ts";
import { DomainError } from "../core/error.ts";
import { apply, type BatchRule, type Op } from "../core/op.ts";
import { Tensor } from "../core/tensor.ts";
import { interpret } from "../program/interpret.ts";
import { type Program, valuesRead } from "../program/program.ts";
import { batchOfProgram, forAll, packEach } from "./batches.ts";
import { anyOf, type BranchName, choiceDerivative } from "./branch-derivatives.ts";
import { rememberTest } from "./choice-origins.ts";
import { jointly, marked } from "./derivatives.ts";
import { applyEach } from "./each.ts";
import { reachedOutputs } from "./varying.ts";

/** Runs one of several programs as one op; all take the same arguments and give the same types. */
export function applyBranch(
	name: BranchName,
	branches: readonly Program[],
	index: Tensor,
	args: readonly Tensor[],
): Tensor[] {
	// Arguments that no branch reads are left out.
	const used = new Set(branches.flatMap((branch) => [...valuesRead(branch)]));
	const needed = args.map((_, i) => branches.some(({ inputs }) => used.has(inputs[i]!)));
	const kept = branches.map((branch) => ({ ...branch, inputs: marked(branch.inputs, needed) }));
	const types = branches[0]!.outputs.map(({ type }) => type);
	if (types.length === 0) return [];
	return unpack(apply(branchOp(name, kept), [index, ...marked(args, needed)], null), types);
}

/** The op that runs the branch that its first argument says. */
function branchOp(name: BranchName, branches: readonly Program[]): Op<BranchName, null> {
	const types = branches[0]!.outputs.map(({ type }) => type);
	const remembered = new WeakMap<Tensor, readonly boolean[]>();
	const op: Op<BranchName, null> = {
		name,
		bodies: { programs: branches, with: (programs) => branchOp(name, programs as Program[]) },
		infer: () => packedType(types),
		evaluate: ([index, ...args], _, { dtype }) => {
			const results = interpret(branches[placeOf(name, index!, branches.length)]!, args);
			const { storage, shape, strides, offset } = pack(results, dtype);
			// A tensor of its own, by which what varies is found again.
			return new Tensor(storage, dtype, shape, strides, offset);
		},
		linearized: (inputs, _, varies) => {
			const out = apply(op, inputs, null);
			remembered.set(out, varies);
			return out;
		},
		differential: jointly(name, (inputs, out) =>
			choiceDerivative(
				name,
				branches,
				applyBranch,
				inputs,
				remembered.get(out) ?? inputs.map(() => true),
			),
		),
		batch: batchOf(name, branches),
		lowering: "choice",
		print: (args) => `${name}(${args.join(", ")})`,
	};
	if (name === "cond") rememberTest(op);
	return op;
}

/**
 * For a batch: one choice between programs of a batch where it is the same for all examples, or
 * else one for each.
 */
function batchOf(name: BranchName, branches: readonly Program[]): BatchRule<null> {
	return ([index, ...args], _, [isEach, ...batched], size, run) => {
		const examples = { size, run };
		if (isEach) {
			return applyEach(name, branches, applyBranch, [index!, ...args], batched, examples);
		}
		const outputs = anyOf(branches.map((branch) => reachedOutputs(branch, batched)));
		const together = branches.map((branch) => batchOfProgram(branch, batched, outputs, examples));
		const made = applyBranch(name, together, index!, args);
		const { dtype } = packedType(branches[0]!.outputs.map(({ type }) => type));
		return packEach(
			made.map((x, i) => forAll(x, outputs[i]!, size)),
			dtype,
			examples,
		);
	};
}

/** @throws DomainError where there is no such branch */
export function placeOf(name: BranchName, index: Tensor, branches: number): number {
	const value = index.item();
	const place = name === "cond" ? Number(value !== 0) : value;
	if (Number.isInteger(place) && place >= 0 && place < branches) return place;
	throw new DomainError(
		`${name}: expected an index from 0 to ${branches - 1}, got ${place}; clip it, or add a branch for it`,
	);
}
