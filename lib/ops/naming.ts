import { alike } from "../core/lead.ts";
import { asTensor } from "../core/lift.ts";
import { identity } from "../core/linear-map.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { call } from "../notation/call.ts";

/**
 * The same tensor under a name: `h = x.dot(w1).as("h")`. Nothing is computed; whoever reads the
 * recorded graph can call the value, and the gradient that arrives there, by its name. Of any shape
 * and dtype.
 */
export const as: OpFunction<"as", (x: TensorLike, name: string) => Tensor> = defineOp(
	{
		name: "as",
		lead: alike,
		lowering: "view",
		infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
		evaluate: ([x]) => x!,
		differential: () => identity,
		typescript: (args, { name }) => call("as", args, name),
		latex: ([x]) => x!,
		loops: { kind: "order" },
		print: ([x]) => x!,
		traits: { view: true, idle: () => true, label: ({ name }) => name },
		sample: (draw) => ({ inputs: [draw.tensor(draw.shape())], params: { name: "x" } }),
	},
	(x: TensorLike, name: string): Tensor => apply(as.op, [asTensor("as", x)], { name }),
);
