import { DomainError, ShapeError } from "../core/error.ts";
import { asTensor } from "../core/lift.ts";
import { checkFunction } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import { tracing } from "../core/tape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { type Flattened, flatten } from "../core/tree.ts";
import { isValueless } from "../core/valueless.ts";
import { recordBodies } from "./body.ts";
import { applyBranch, placeOf } from "./branch.ts";
import type { BranchName } from "./branch-derivatives.ts";
import { sameTypes } from "./carry.ts";

/**
 * The result of `yes` where the test is true, that of `no` where it is false; both take the
 * operands, nested as you like. The test has one element, and counts as true unless that is 0. Only
 * the branch that was chosen runs, and derivatives are its own: unlike `where`, which computes both
 * sides and takes elements of either.
 *
 * Where nothing is recorded this is a plain `if`. Where a function is recorded, as in `compile`,
 * both branches are, and have to give the same structure, shapes and dtypes. So it is under `vmap`
 * where the test is of each example: each branch runs for the examples that take it, and sees no
 * others.
 *
 * @throws ShapeError where the test has not one element, or types of results differ
 * @throws GradientError where structures of results differ
 */
export function cond<Operands extends unknown[], R>(
	test: TensorLike,
	yes: (...operands: NoInfer<Operands>) => R,
	no: (...operands: NoInfer<Operands>) => R,
	...operands: Operands
): R {
	checkFunction("cond", yes);
	checkFunction("cond", no);
	return choose("cond", test, [no, yes], operands);
}

/**
 * The result of the branch with this index, counted from 0, for the operands. Only the branch that
 * was chosen runs. See `cond` for how it is recorded.
 * @throws DomainError where there is no such branch
 * @throws ShapeError where the index has not one element, or types of results differ
 * @throws GradientError where structures of results differ
 */
export function switchCase<Operands extends unknown[], R>(
	index: TensorLike,
	branches: readonly ((...operands: NoInfer<Operands>) => R)[],
	...operands: Operands
): R {
	if (!Array.isArray(branches) || branches.length === 0) {
		throw new DomainError("switchCase: expected an array of at least one function as branches");
	}
	for (const branch of branches) checkFunction("switchCase", branch);
	return choose("switchCase", index, branches, operands);
}

function choose<Operands extends unknown[], R>(
	name: BranchName,
	given: TensorLike,
	branches: readonly ((...operands: NoInfer<Operands>) => R)[],
	operands: Operands,
): R {
	const index = asTensor(name, given);
	const role = name === "cond" ? "test" : "index";
	if (index.size !== 1) {
		throw new ShapeError(
			`${name}: expected the ${role} to have one element, got shape ${showShape(index.shape)}; ` +
				"where(test, x, y) chooses element by element",
		);
	}
	const isRecorded = given instanceof Tensor && (tracing.depth > 0 || isValueless(given));
	if (!isRecorded) {
		return branches[placeOf(name, index, branches.length)]!(...operands);
	}
	const args = flatten(name, operands, "operands");
	let like: Flattened<R> | null = null;
	const { programs, closed } = recordBodies(
		name,
		args.leaves,
		branches.map((branch, i) => (leaves) => {
			const result = branch(...args.rebuild(leaves)) ?? (null as R);
			like ??= flatten(name, result, "result");
			const role = `result of ${branchName(name, i)}`;
			return sameTypes(name, role, result, like, "in all branches");
		}),
		true,
	);
	const results = applyBranch(name, programs, index, [...closed, ...args.leaves]);
	return like!.rebuild(results);
}

function branchName(name: BranchName, i: number): string {
	return name === "cond" ? ["no", "yes"][i]! : `branch ${i}`;
}
