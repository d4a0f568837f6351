import { orZeros } from "../autodiff/run.ts";
import { isFloat } from "../core/dtype.ts";
import { DomainError } from "../core/error.ts";
import { apply, type Op } from "../core/op.ts";
import { Tensor } from "../core/tensor.ts";
import { interpret } from "../program/interpret.ts";
import { type Program, valuesRead } from "../program/program.ts";
import { cotangentProgram, jointly, marked, spread, tangentProgram } from "./derivatives.ts";
import { pack, packedType, unpack } from "./pack.ts";
import { varyingOutputs } from "./varying.ts";

/** The functions that choose between branches. */
export type BranchName = "cond" | "switchCase";

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
		differential: jointly(name, ([index, ...args], out) => {
			const [, ...given] = remembered.get(out) ?? [false, ...args.map(() => true)];
			const varies = args.map(({ dtype }, i) => given[i]! && isFloat(dtype));
			return {
				varies: [false, ...varies],
				push: ([, ...tangents]) => {
					const moving = tangents.map((x) => x !== null);
					const outputs = varyingIn(branches, moving);
					const moved = branches.map((branch) =>
						derivativesOf(branch, tangentProgram(branch, moving, outputs)),
					);
					const all = [...args, ...tangents.filter((x) => x !== null)];
					const made = spread(applyBranch(name, moved, index!, all), outputs);
					return pack(orZeros(made, types), out.dtype);
				},
				pull: (g) => {
					const outputs = varyingIn(branches, varies);
					const back = branches.map((branch) =>
						derivativesOf(branch, cotangentProgram(branch, varies, outputs)),
					);
					const all = [...args, ...marked(unpack(g, types), outputs)];
					return [null, ...spread(applyBranch(name, back, index!, all), varies)];
				},
			};
		}),
		lowering: "choice",
		print: (args) => `${name}(${args.join(", ")})`,
	};
	return op;
}

/** Which results vary in one of the branches. */
function varyingIn(branches: readonly Program[], varies: readonly boolean[]): boolean[] {
	const marks = branches.map((branch) => varyingOutputs(branch, varies));
	return marks[0]!.map((_, i) => marks.some((each) => each[i]!));
}

/** Of a program and its derivative as one, the derivative. */
function derivativesOf({ outputs }: Program, both: Program): Program {
	return { ...both, outputs: both.outputs.slice(outputs.length) };
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
