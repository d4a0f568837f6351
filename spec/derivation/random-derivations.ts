import * as fc from "fast-check";
import { programs } from "../../lib/check/programs.ts";
import type { RandomProgram } from "../../lib/check/random-program.ts";
import { apply } from "../../lib/core/op.ts";
import { type Derivation, derive } from "../../lib/derivation/index.ts";
import { arange, mul, sum, type Tensor, tensor } from "../../lib/index.ts";
import { as } from "../../lib/ops/naming.ts";
import { readProgram } from "../../lib/program/interpret.ts";

/**
 * Names that collide with what printed programs use themselves, with words of the languages, with
 * what every object has, and with each other.
 */
const NAMES = (
	"sigmoid sub mul np N T D constructor lambda grad_x x grad_grad_x loss softmax norm scaled internal scale tensor full eye " +
	"where keepWhere Tensor t t2 total c c1 i j k n term1 dot1 max Math Number gradients own__mul hasOwnProperty toString " +
	"__proto__ prototype arguments eval self print sum axis math json e x1 x_ greatest found erf add where_ naïve ü in is as of"
).split(" ");

/** A random function of named arguments, some of whose values have names too. */
export interface RandomDerivation {
	readonly program: RandomProgram;
	readonly argumentNames: readonly string[];
	/** For each instruction its name; null for none. */
	readonly valueNames: readonly (string | null)[];
	readonly simplify: boolean;
}

/** Random functions with names that were drawn to collide. */
export function randomDerivations(maxOps: number): fc.Arbitrary<RandomDerivation> {
	const name = fc.constantFrom(...NAMES);
	return fc
		.record({
			program: programs({ maxOps }),
			argumentNames: fc.uniqueArray(name, { minLength: 20, maxLength: 20 }),
			valueNames: fc.array(fc.option(name), { minLength: 60, maxLength: 60 }),
			simplify: fc.boolean(),
		})
		.filter(({ program }) => program.args.length > 0 && program.args.length <= 20);
}

/** The derivation of the sum of a function's results, each weighted unevenly. */
export function derivationOf({
	program: { program, args },
	argumentNames,
	valueNames,
	simplify,
}: RandomDerivation): Derivation {
	const f = (given: readonly Tensor[]) => {
		const read = readProgram<Tensor>(program, given, {
			constant: (constant) => constant.tensor,
			apply: (step, inputs) => {
				const value = apply(step.op, inputs, step.params);
				const name = valueNames[program.instructions.indexOf(step)] ?? null;
				return name === null ? value : as(value, name);
			},
		});
		return total(program.outputs.map(read));
	};
	const leaves = Object.fromEntries(args.map((x, i) => [`${argumentNames[i]}`, x]));
	return derive((x: Record<string, Tensor>) => f(Object.values(x)), { x: leaves }, { simplify });
}

function total(results: readonly Tensor[]): Tensor {
	return results
		.filter((x) => x.dtype === "float64")
		.map((x, i) => mul(sum(mul(x, arange(1, x.size + 1).reshape(x.shape))), i + 1))
		.reduce((all, x) => all.add(x), tensor(0));
}
