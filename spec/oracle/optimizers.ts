import { random, type Tensor } from "../../lib/index.ts";
import {
	adadelta,
	adafactor,
	adam,
	adamax,
	adamW,
	ema,
	lamb,
	lars,
	muon,
	nadam,
	type Optimizer,
	radam,
	rmsProp,
} from "../../lib/optim/index.ts";
import type { Family, Inputs, Row } from "./row.ts";

const UPDATES = 8;
const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
const inputs = {
	w: normal(1, [4, 3]),
	b: normal(2, [3]),
	gw: normal(3, [UPDATES, 4, 3]),
	gb: normal(4, [UPDATES, 3]),
};

/** The parameters after all updates by the same gradients. */
function updated(optimizer: Optimizer, { w, b, gw, gb }: Inputs): Tensor[] {
	let params = { w: w!, b: b! };
	let state = optimizer.init(params);
	for (let i = 0; i < UPDATES; i++) {
		const gradient = { w: gw!.slice(i), b: gb!.slice(i) };
		[params, state] = optimizer.update(gradient, state, params);
	}
	return [params.w, params.b];
}

const setup = `
import inspect

def by_torch(w, b, gw, gb, make):
    import torch.optim._muon as muon
    # Its iteration is in bfloat16: here in the precision of ours.
    wide = {"__name__": muon.__name__, "__package__": muon.__package__}
    exec(inspect.getsource(muon).replace("torch.bfloat16", "torch.float64"), wide)
    w, b = w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()
    # NAdam keeps a product in the dtype that stands where none is said.
    torch.set_default_dtype(torch.float64)
    optimizers = make(torch.optim, wide["Muon"], w, b)
    for i in range(${UPDATES}):
        w.grad, b.grad = gw[i].clone(), gb[i].clone()
        for optimizer in optimizers:
            optimizer.step()
    torch.set_default_dtype(torch.float32)
    return [w, b]

def by_optax(w, b, gw, gb, optimizer):
    params = {"w": w, "b": b}
    state = optimizer.init(params)
    for i in range(${UPDATES}):
        updates, state = optimizer.update({"w": gw[i], "b": gb[i]}, state, params)
        params = optax.apply_updates(params, updates)
    return [params["w"], params["b"]]

def averaged(w, b, gw, gb):
    average = optax.ema(0.9)
    state = average.init(w)
    for i in range(${UPDATES}):
        mean, state = average.update(gw[i], state)
    return mean
`;

/** A gradient of an optimizer says nothing here: it is that of its formulas, which are ops. */
const row = (name: string, optimizer: Optimizer, torch: string | null, optax?: string): Row => ({
	name,
	inputs,
	ours: (inputs) => updated(optimizer, inputs),
	...(torch !== null && {
		torch: `by_torch(w, b, gw, gb, lambda optim, Muon, w, b: [${torch}])`,
	}),
	...(optax !== undefined && { jax: `by_optax(w, b, gw, gb, optax.${optax})` }),
	gradient: false,
});

const learningRate = 0.1;

/** Parameters after a number of updates. */
export const family: Family = {
	setup,
	rows: [
		row("adam", adam({ learningRate }), "optim.Adam([w, b], lr=0.1)", "adam(0.1)"),
		row(
			"adam with weight decay and amsgrad",
			adam({ learningRate, weightDecay: 0.2, amsgrad: true, beta2: 0.9 }),
			"optim.Adam([w, b], lr=0.1, weight_decay=0.2, amsgrad=True, betas=(0.9, 0.9))",
		),
		row(
			"adamW with amsgrad",
			adamW({ learningRate, weightDecay: 0.2, amsgrad: true, beta2: 0.9 }),
			"optim.AdamW([w, b], lr=0.1, weight_decay=0.2, amsgrad=True, betas=(0.9, 0.9))",
		),
		row(
			"rmsProp with momentum",
			rmsProp({ learningRate, momentum: 0.9 }),
			"optim.RMSprop([w, b], lr=0.1, momentum=0.9)",
			"rmsprop(0.1, decay=0.99, momentum=0.9, eps_in_sqrt=False)",
		),
		row(
			"rmsProp, centered, with weight decay",
			rmsProp({ learningRate, centered: true, weightDecay: 0.2, decay: 0.8 }),
			"optim.RMSprop([w, b], lr=0.1, centered=True, weight_decay=0.2, alpha=0.8)",
		),
		row(
			"nadam",
			nadam({ learningRate, weightDecay: 0.2 }),
			"optim.NAdam([w, b], lr=0.1, weight_decay=0.2)",
		),
		row(
			"adadelta",
			adadelta({ learningRate }),
			"optim.Adadelta([w, b], lr=0.1, rho=0.9, eps=1e-6)",
			"adadelta(0.1, rho=0.9, eps=1e-6)",
		),
		row(
			"adamax with weight decay",
			adamax({ learningRate, weightDecay: 0.2, beta2: 0.8 }),
			"optim.Adamax([w, b], lr=0.1, weight_decay=0.2, betas=(0.9, 0.8))",
		),
		row("adamax", adamax({ learningRate }), "optim.Adamax([w, b], lr=0.1)", "adamax(0.1)"),
		row("lamb", lamb({ learningRate, weightDecay: 0.2 }), null, "lamb(0.1, weight_decay=0.2)"),
		row(
			"lars",
			lars({ learningRate, weightDecay: 0.2, trust: 0.01, momentum: 0.8 }),
			null,
			"lars(0.1, weight_decay=0.2, trust_coefficient=0.01, momentum=0.8)",
		),
		// Optax adds ε to √v̂, PyTorch to √v.
		row(
			"radam",
			radam({ learningRate, epsilon: 0 }),
			"optim.RAdam([w, b], lr=0.1, eps=0)",
			"radam(0.1, eps=0)",
		),
		row(
			"radam with weight decay, that soon divides",
			radam({ learningRate, beta2: 0.9, weightDecay: 0.2 }),
			"optim.RAdam([w, b], lr=0.1, betas=(0.9, 0.9), weight_decay=0.2)",
		),
		row("adafactor", adafactor({ learningRate }), "optim.Adafactor([w, b], lr=0.1)"),
		row(
			"adafactor at its greatest rate",
			adafactor({ learningRate: 1, clip: 1.25, leastScale: 0.5, decayExponent: -0.5 }),
			"optim.Adafactor([w, b], lr=1, d=1.25, eps=(None, 0.5), beta2_decay=-0.5)",
		),
		row(
			"muon",
			muon({ learningRate }),
			"Muon([w], lr=0.1, adjust_lr_fn='match_rms_adamw'), optim.AdamW([b], lr=0.1, weight_decay=0.1)",
		),
		row(
			"muon scaled by the shape",
			muon({ learningRate, scaling: "shape", nesterov: false, momentum: 0.8, weightDecay: 0.2 }),
			"Muon([w], lr=0.1, momentum=0.8, nesterov=False, weight_decay=0.2), optim.AdamW([b], lr=0.1, weight_decay=0.2)",
		),
		{
			name: "ema",
			inputs,
			ours: ({ gw }) => {
				const average = ema(0.9);
				let state = average.init(gw!.slice(0));
				let mean = gw!.slice(0);
				for (const x of gw!) [mean, state] = average.update(x, state);
				return mean;
			},
			jax: "averaged(w, b, gw, gb)",
			gradient: false,
		},
	],
};
