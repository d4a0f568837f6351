import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { flatten } from "../../lib/core/tree.ts";
import { derive } from "../../lib/derivation/index.ts";
import { random, relu, type Tensor, tensor, treeLeaves, valueAndGrad } from "../../lib/index.ts";
import { decodeState, encodeState, type Saveable } from "../../lib/io/index.ts";
import * as nn from "../../lib/nn/index.ts";
import { accumulate, adamW, clipByGlobalNorm, schedules } from "../../lib/optim/index.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";

// A model of most of what there is: rows of tokens, some of them padding, to two classes.
const layers = {
	embed: nn.embedding(5, 4),
	block: nn.transformerBlock(4, 2, { hidden: 6, dropout: 0.1, rotary: true }),
	recurrent: nn.gru(4, 4),
	// No bias before batch norm: its gradient is 0 but for rounding, which Adam divides by its own
	// size.
	head: nn.sequential(
		nn.linear(4, 12, { bias: false }),
		nn.batchNorm(12),
		relu,
		nn.dropout(0.1),
		nn.linear(12, 2),
	),
};
type Params = nn.ParamsOf<typeof layers>;
type State = nn.StateOf<typeof layers.head>;

function model(params: Params, state: State, tokens: Tensor, context: nn.Context) {
	const x = layers.embed.apply(params.embed, tokens);
	const y = layers.block.apply(params.block, x, context);
	const { hidden } = layers.recurrent.scan(params.recurrent, y, context);
	return layers.head.apply(params.head, state, hidden.h, context);
}

const learningRate = schedules.warmUp(5, schedules.cosine({ initial: 0.05, steps: 45 }));
const optimizer = accumulate(adamW({ learningRate, decays: (_, x) => x.rank > 1 }), 2);

const loss = (params: Params, state: State, tokens: Tensor, labels: Tensor, key: Tensor) => {
	const mask = tokens.greater(0);
	const [logits, next] = model(params, state, tokens, { train: true, key, mask });
	return [nn.crossEntropy(logits, labels), next] as const;
};

interface Run {
	readonly params: Params;
	readonly state: State;
	readonly memory: ReturnType<typeof optimizer.init<Params>>;
}

function step(run: Run, tokens: Tensor, labels: Tensor, key: Tensor): [Tensor, Run] {
	const [[value, state], gradient] = valueAndGrad(loss)(run.params, run.state, tokens, labels, key);
	const [params, memory] = optimizer.update(clipByGlobalNorm(gradient, 1), run.memory, run.params);
	return [value, { params, state, memory }];
}

function start(dtype: "float64" | "float32"): Run {
	const params = nn.init(layers, random.key(0), { dtype });
	const state = layers.head.initialState({ dtype });
	return { params, state, memory: optimizer.init(params) };
}

const tokens = random.randint(random.key(1), [16, 5], 0, 5);
// Whether the first token is one of the upper two.
const labels = tokens.slice(null, 0).greater(2).astype("int32");

function train(take: typeof step, from: Run, first: number, last: number) {
	let run = from;
	const values: number[] = [];
	for (let i = first; i < last; i++) {
		const [value, next] = take(run, tokens, labels, random.foldIn(random.key(2), i));
		values.push(value.item());
		run = next;
	}
	return { run, values };
}

suite("nn/training", (test) => {
	test("a model of most layers learns, and evaluates what it has learned", () => {
		const { run, values } = train(compile(step), start("float64"), 0, 100);
		const context = { train: false, mask: tokens.greater(0) };
		const [logits] = model(run.params, run.state, tokens, context);
		const after = nn.crossEntropy(logits, labels).item();
		assert.ok(values[0]! > 0.5 && after < 0.1, `${values[0]} to ${after}`);
		same(logits.argmax(-1), labels);
	});

	test("a compiled step, with dropout, batch norm, schedule and accumulation, is the eager step", () => {
		for (const dtype of ["float64", "float32"] as const) {
			const eager = train(step, start(dtype), 0, 3).run;
			const compiled = train(compile(step), start(dtype), 0, 3).run;
			const all = treeLeaves([compiled.params, compiled.state, compiled.memory]);
			const expected = treeLeaves([eager.params, eager.state, eager.memory]);
			for (const [i, x] of all.entries()) {
				assert.is(x.dtype, expected[i]!.dtype);
				// Compiled products may add in another order.
				near(
					x.astype("float64"),
					expected[i]!.astype("float64"),
					dtype === "float64" ? 1e-11 : 1e-5,
				);
			}
		}
	});

	test("the whole loss can be derived: the gradient of each parameter has a line", () => {
		const { params, state } = start("float64");
		const few = tokens.slice([0, 2]);
		const value = (p: Params, x: Tensor) =>
			loss(p, state, x, labels.slice([0, 2]), random.key(3))[0];
		const derived = derive(value, { params, x: few });
		const text = String(derived);
		const { paths } = flatten("spec", params, "params");
		for (const path of paths) {
			const name = `grad_${path.slice(1).replaceAll(/\W+/g, "_")}`;
			assert.ok(text.includes(`\n${name} = `), `${name} is not derived`);
		}
	});

	test("parameters and states, saved and read again, go on as if they had not been", () => {
		const half = train(step, start("float32"), 0, 3).run;
		const saved: Saveable = { ...half };
		const read = decodeState(encodeState(saved)) as unknown as Run;
		const [a, b] = [half, read].map((run) => train(step, run, 3, 5).run);
		same(a!.params.block.expand.w, b!.params.block.expand.w);
		same(a!.state[1].variance, b!.state[1].variance);
		same(a!.memory.step, tensor(5));
	});
});
