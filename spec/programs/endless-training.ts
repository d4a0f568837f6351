// Trains until it is interrupted; the checkpoint's path is its argument.

import { type Tensor, tensor } from "adjoint";
import { batches } from "adjoint/data";
import { train } from "adjoint/train";

const result = await train({
	state: { w: tensor(0) },
	step: ({ w }, x: Tensor) => ({ state: { w: w.add(x.mean()) }, loss: w }),
	data: () => batches(tensor([1, 2, 3]), { batchSize: 1 }),
	epochs: Number.MAX_SAFE_INTEGER,
	checkpoint: process.argv[2]!,
});
if (result.stopped === "interrupted") console.log("left cleanly");
