// An op of your own: one record states its value and its derivative, and the checker says whether
// both are right.
//
//   npx tsx examples/11-custom-op.ts [--quick]

import { abs, elementwise, type Scalar, type Tensor, tanh } from "adjoint";
import { checkOp } from "adjoint/check";
import * as s from "adjoint/scalar";

const runs = process.argv.includes("--quick") ? 20 : 100;

const record = {
	name: "logCosh",
	formula: (x: Scalar) => {
		const size = s.abs(x);
		return s.sub(s.add(size, s.log1p(s.exp(s.mul(-2, size)))), Math.LN2);
	},
	print: (x: string) => `np.log(np.cosh(${x}))`,
} as const;

/** log(cosh(x)): nearly x²/2 at 0 and |x| far away, so that outliers pull no harder than others. */
const logCosh = elementwise(1, { ...record, partials: [(x: Tensor) => tanh(x)] });

checkOp(logCosh, { runs });
console.log("logCosh obeys every law");

// The derivative written down wrongly, as easily happens: tanh(|x|).
const wrong = elementwise(1, { ...record, partials: [(x: Tensor) => tanh(abs(x))] });
try {
	checkOp(wrong, { runs, seed: 1 });
} catch (error) {
	console.log((error as Error).message.split("\n").slice(0, 2).join("\n"));
}
