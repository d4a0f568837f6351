import * as assert from "uvu/assert";
import { mapTree, norm, type Tensor } from "../../lib/index.ts";
import { lamb, lars, type Optimizer } from "../../lib/optim/index.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";
import { someGradient, start } from "./problem.ts";

const learningRate = 0.1;

suite("optim/trust", (test) => {
	test("a step of lamb and lars is as long as the parameter, unless one of them is zeros", () => {
		const length = (x: Tensor) => norm(x).item();
		const gradient = someGradient(1);
		const zeros = mapTree((x) => x.mul(0), start);
		const optimizers: readonly [Optimizer, number][] = [
			[lamb({ learningRate }), 1],
			[lars({ learningRate, trust: 0.5 }), 0.5],
		];
		for (const [optimizer, part] of optimizers) {
			const [{ w }] = optimizer.update(gradient, optimizer.init(start), start);
			near(length(start.w.sub(w)), learningRate * part * length(start.w), 1e-12);
			const [fromZeros] = optimizer.update(gradient, optimizer.init(zeros), zeros);
			assert.ok(fromZeros.w.isFinite().all().item() && length(fromZeros.w) > 0);
			const [{ w: still }] = optimizer.update(zeros, optimizer.init(zeros), zeros);
			same(still, zeros.w);
		}
		const spared = lamb({ learningRate, weightDecay: 0.5, decays: (path) => path !== ".w" });
		const [{ w, rest }] = spared.update(zeros, spared.init(start), start);
		same(w, start.w);
		near(rest[0]!.b, start.rest[0]!.b.mul(1 - learningRate), 1e-15);
	});
});
