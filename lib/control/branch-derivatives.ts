import { pack, packedType, unpack } from "../autodiff/packing.ts";
import { orZeros } from "../autodiff/run.ts";
import { isFloat } from "../core/dtype.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Program } from "../program/program.ts";
import {
	cotangentProgram,
	type JointDerivative,
	marked,
	spread,
	tangentProgram,
} from "./derivatives.ts";
import { varyingOutputs } from "./varying.ts";

/** The functions that choose between branches. */
export type BranchName = "cond" | "switchCase";

/** Runs the branch with an index; as `applyBranch`, which those who use this are part of. */
export type Choose = (
	name: BranchName,
	branches: readonly Program[],
	index: Tensor,
	args: readonly Tensor[],
) => Tensor[];

/** The derivative by these of the arguments: a choice between those of the branches. */
export function choiceDerivative(
	name: BranchName,
	branches: readonly Program[],
	choose: Choose,
	[index, ...args]: readonly Tensor[],
	[, ...given]: readonly boolean[],
): JointDerivative {
	const types = branches[0]!.outputs.map(({ type }) => type);
	const { dtype } = packedType(types);
	const varies = args.map((x, i) => given[i]! && isFloat(x.dtype));
	return {
		varies: [false, ...varies],
		push: ([, ...tangents]) => {
			const moving = tangents.map((x) => x !== null);
			const outputs = varyingIn(branches, moving);
			const moved = branches.map((branch) =>
				derivativesIn(branch, tangentProgram(branch, moving, outputs)),
			);
			const all = [...args, ...tangents.filter((x) => x !== null)];
			const made = spread(choose(name, moved, index!, all), outputs);
			return pack(orZeros(made, types), dtype);
		},
		pull: (g) => {
			const outputs = varyingIn(branches, varies);
			const back = branches.map((branch) =>
				derivativesIn(branch, cotangentProgram(branch, varies, outputs)),
			);
			const all = [...args, ...marked(unpack(g, types), outputs)];
			return [null, ...spread(choose(name, back, index!, all), varies)];
		},
	};
}

/** Which results vary in one of the branches. */
function varyingIn(branches: readonly Program[], varies: readonly boolean[]): boolean[] {
	return anyOf(branches.map((branch) => varyingOutputs(branch, varies)));
}

/** What any of these lists marks. */
export function anyOf(marks: readonly (readonly boolean[])[]): boolean[] {
	return marks[0]!.map((_, i) => marks.some((each) => each[i]!));
}

/** Of a program and its derivative as one, the derivative. */
function derivativesIn({ outputs }: Program, both: Program): Program {
	return { ...both, outputs: both.outputs.slice(outputs.length) };
}
