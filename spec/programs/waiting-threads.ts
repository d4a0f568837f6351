// Uses two threads now and then, and ends with them waiting. Run by
// spec/backends/wasm/threads.spec.ts.
import { setTimeout } from "node:timers/promises";
import { compile } from "../../lib/compile/index.ts";
import { ones, type Tensor } from "../../lib/index.ts";

const f = compile((x: Tensor) => x.dot(x), { threads: 2 });
for (let i = 0; i < 20; i++) {
	f(ones([100, 100]));
	await setTimeout(5);
}
console.log(
	f(ones([100, 100]))
		.sum()
		.item(),
);
