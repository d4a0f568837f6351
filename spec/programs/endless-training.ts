// Trains until it is interrupted; the checkpoint's path is its argument. With --listen it listens
// to SIGTERM itself; with --twice it trains two nets at once.

import { type Tensor, tensor } from "adjoint";
import { batches } from "adjoint/data";
import { train } from "adjoint/train";

const [checkpoint, ...flags] = process.argv.slice(2);
if (flags.includes("--listen")) process.on("SIGTERM", () => {});

const run = (path: string) =>
	train({
		state: { w: tensor(0) },
		step: ({ w }, x: Tensor) => ({ state: { w: w.add(x.mean()) }, loss: w }),
		data: () => batches(tensor([1, 2, 3]), { batchSize: 1 }),
		epochs: Number.MAX_SAFE_INTEGER,
		checkpoint: path,
	});

const other = flags.includes("--twice") ? run(`${checkpoint}.2`) : null;
const result = await run(checkpoint!);
await other;
if (result.stopped === "interrupted") console.log("left cleanly");
