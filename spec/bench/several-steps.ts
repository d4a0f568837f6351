import { compile } from "../../lib/compile/index.ts";
import { random, relu, type Tensor, tensor } from "../../lib/index.ts";
import {
	type Cache,
	decode,
	linear,
	sequential,
	startCache,
	transformerBlock,
} from "../../lib/nn/index.ts";
import { adam } from "../../lib/optim/index.ts";
import { descent, train } from "../../lib/train/index.ts";
import { measure } from "./measure.ts";

/** Sequences made place by place, with a cache and by a whole forward pass for each place. */
export function generation(rounds: number): void {
	const rows = [16, 128].map((places) => {
		const block = () => transformerBlock(32, 2, { causal: true, rotary: true });
		const model = sequential(block(), block());
		const params = model.init(random.key(0));
		const first = random.normal(random.key(1), [1, 1, 32]);
		const step = compile((x: Tensor, cache: Cache, at: Tensor) =>
			decode(model, params, x, cache, at),
		);
		const whole = compile((x: Tensor) => model.apply(params, x));
		const padded = random.normal(random.key(1), [1, places, 32]);
		const cached = () => {
			let cache = startCache(model, 1, places);
			let x = first;
			for (let t = 0; t < places; t++) {
				[x, cache] = step(x, cache, tensor(t, { dtype: "int32" }));
			}
			return x.data;
		};
		const again = () => {
			for (let t = 0; t < places; t++) whole(padded).data;
		};
		const [withCache, without] = measure(
			[
				{ name: "with a cache", run: cached },
				{ name: "without", run: again },
			],
			Math.min(rounds, 10),
		);
		const perSecond = (best: number) => ((1e3 * places) / best).toFixed(0);
		return {
			what: `two transformer blocks of 32 units, ${places} places, places a second`,
			"with a cache": perSecond(withCache!.best),
			"whole passes": perSecond(without!.best),
		};
	});
	console.table(rows);
}

/** Training of a small net, by the number of steps in a call; the numbers take turns. */
export async function stepsInACall(rounds: number): Promise<void> {
	const model = sequential(linear(32, 16), relu, linear(16, 1));
	const loss = (p: ReturnType<typeof model.init>, { x, y }: { x: Tensor; y: Tensor }) =>
		model.apply(p, x).sub(y).square().mean();
	const { begin, step } = descent(loss, adam({ learningRate: 0.01 }));
	const x = random.normal(random.key(2), [16, 32]);
	const batches = Array.from({ length: 640 }, () => ({ x, y: x.slice(null, [0, 1]) }));
	const state = begin(model.init(random.key(0)));
	const microseconds = async (stepsPerCall: number) => {
		let start = 0;
		// The first epoch compiles; the clock starts with the second.
		const data = (epoch: number) => {
			if (epoch === 1) start = performance.now();
			return batches;
		};
		await train({ state, step, data, epochs: 4, stepsPerCall, compile, output: null });
		return (1e3 * (performance.now() - start)) / (3 * batches.length);
	};
	const times = new Map([1, 8, 32].map((stepsPerCall) => [stepsPerCall, [] as number[]]));
	for (let i = 0; i < Math.min(rounds, 9); i++) {
		for (const [stepsPerCall, list] of times) list.push(await microseconds(stepsPerCall));
	}
	console.table(
		[...times].map(([stepsPerCall, list]) => ({
			what: "a step of a net of 32-16-1 units with Adam, batch 16, µs",
			"steps in a call": stepsPerCall,
			best: Math.min(...list).toFixed(0),
			median: list.sort((a, b) => a - b)[list.length >> 1]!.toFixed(0),
		})),
	);
}
