import * as assert from "uvu/assert";
import { Arena } from "../../../lib/backends/wasm/arena.ts";
import { mul, tensor } from "../../../lib/index.ts";
import { trace } from "../../../lib/program/trace.ts";
import { scheduleOf } from "../../../lib/schedule/schedule.ts";
import { suite } from "../../suite.ts";

/** An arena for n tensors that come in and n of the same type that go out. */
function arenaOf(n: number): { arena: Arena; plan: ReturnType<typeof scheduleOf> } {
	const types = Array.from({ length: n }, () => tensor([1, 2, 3]));
	const plan = scheduleOf(trace(types, (xs) => xs.map((x) => mul(x, x))).program);
	return { arena: new Arena(plan, 0, 1), plan };
}

suite("compile/arena", (test) => {
	test("a run looks at each region a few times, however many there are", () => {
		const n = 200;
		const { arena, plan } = arenaOf(n);
		let looks = 0;
		for (const region of arena.regions) {
			let last = region.run;
			Object.defineProperty(region, "run", {
				get: () => {
					looks++;
					return last;
				},
				set: (run: number) => {
					last = run;
				},
			});
		}
		// Each run is given what the one before it gave.
		let given = plan.inputs.map((buffer) => arena.claim(buffer, 1));
		for (let run = 1; run <= 5; run++) {
			for (const region of given) region.run = run;
			given = plan.outputs.map((buffer) => arena.claim(buffer, run));
			assert.is(new Set(given).size, n);
		}
		assert.ok(looks <= 5 * 2 * (2 * n), `${looks} looks at ${2 * n} regions in 5 runs`);
	});

	test("a region that this run uses is not claimed, and of the others the one claimed longest ago is", () => {
		const { arena, plan } = arenaOf(2);
		const [buffer] = plan.inputs;
		const regions = [1, 1, 1, 1].map((run) => arena.claim(buffer!, run));
		assert.is(new Set(regions).size, 4);
		regions[0]!.run = 2;
		regions[2]!.run = 2;
		assert.is(arena.claim(buffer!, 2), regions[1]);
		assert.is(arena.claim(buffer!, 2), regions[3]);
		assert.is(arena.claim(buffer!, 3), regions[0]);
	});
});
