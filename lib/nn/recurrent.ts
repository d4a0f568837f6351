import { aTensor } from "../core/argument-kinds.ts";
import { ones, zeros } from "../core/create.ts";
import { ShapeError } from "../core/error.ts";
import { labelled } from "../core/labelled.ts";
import { checkArgument, checkSizes } from "../core/options.ts";
import { showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { mapTree } from "../core/tree.ts";
import { add, mul, sub } from "../ops/arithmetic.ts";
import { split } from "../ops/arranging.ts";
import { where } from "../ops/comparison.ts";
import { sigmoid, tanh } from "../ops/exponential.ts";
import { concat } from "../ops/joining.ts";
import { dot } from "../ops/products.ts";
import { foldIn } from "../random/keys.ts";
import { expandDims } from "../structure/layout.ts";
import { glorotUniform, orthogonal } from "./initializers.ts";
import { type Cache, type InitOptions, type Layer, layerOf } from "./layer.ts";
import { overPlaces, timeFirst } from "./over-places.ts";

/**
 * What a recurrent layer carries from one place of a sequence to the next; `h`, (samples×width), is
 * also its output there.
 */
export type Hidden = { readonly h: Tensor };

/** What an `lstm` carries: its output, and the cell. */
export type LstmHidden = { readonly h: Tensor; readonly c: Tensor };

/** The weights of the input, of the hidden state, and the bias, of all gates side by side. */
export type RecurrentParams = {
	/** (inputs×gates·width) */
	readonly wx: Tensor;
	/** (width×gates·width) */
	readonly wh: Tensor;
	/** (gates·width) */
	readonly b: Tensor;
};

/** The parameters of a `gru`. */
export type GruParams = RecurrentParams & {
	/** The bias of what the reset gate lets through of the hidden state, (width). */
	readonly bh: Tensor;
};

/** Options of a recurrent layer's `scan`. */
export interface RecurrentOptions<H> {
	/** The hidden state to begin with; left out: zeros. */
	readonly hidden?: H;
	/** Which places are there, bool (samples×time); the others are passed over. Left out: all. */
	readonly mask?: Tensor;
	/** Whether to begin with the last place; outputs keep their places. Left out: no. */
	readonly reverse?: boolean;
}

/** What a recurrent layer gives for a sequence. */
export interface Passage<H> {
	/** (samples×time×width) */
	readonly outputs: Tensor;
	/** The hidden state after the last step. */
	readonly hidden: H;
}

/**
 * A layer that goes over sequences (samples×time×inputs) and gives (samples×time×width). Where the
 * mask of the context is false the hidden state stays as it was.
 */
export interface Recurrent<Params, H extends Hidden> extends Layer<Params> {
	/** The hidden state before the first place of so many sequences: zeros. */
	start(samples: number, options?: InitOptions): H;
	/** The hidden state after one more place, whose inputs are (samples×inputs). */
	step(params: Params, hidden: H, x: Tensor): H;
	/**
	 * The outputs at all places, and the hidden state after the last one, from which another sequence
	 * may go on. Where a function is recorded, as in `compile`, this is one loop of the program, of a
	 * size that does not depend on the number of places.
	 */
	scan(params: Params, x: Tensor, options?: RecurrentOptions<H>): Passage<H>;
}

/** What tells one recurrent layer from another. */
interface Cell<Params extends RecurrentParams, H extends Hidden> {
	readonly name: string;
	readonly gates: number;
	/** The parameters, from those that all have. */
	readonly complete: (shared: RecurrentParams, options: InitOptions) => Params;
	/** The hidden state, from the zeros of one of its parts. */
	readonly begin: (zero: Tensor) => H;
	/** The next hidden state; `input` is x·wx + b, (samples×gates·width). */
	readonly advance: (params: Params, hidden: H, input: Tensor) => H;
}

function recurrent<Params extends RecurrentParams, H extends Hidden>(
	inputs: number,
	width: number,
	{ name, gates, complete, begin, advance }: Cell<Params, H>,
): Recurrent<Params, H> {
	checkSizes(name, { inputs, width });
	const project = ({ wx, b }: Params, x: Tensor) => labelled(add(dot(x, wx), b), "a");
	const layer: Recurrent<Params, H> = {
		init: (key, options = {}) => {
			const { dtype } = options;
			const square = (gate: number) => orthogonal()(foldIn(key, gate), [width, width], { dtype });
			const shared = {
				wx: glorotUniform(foldIn(key, gates), [inputs, gates * width], {
					dtype,
					fans: { fanIn: inputs, fanOut: width },
				}),
				wh: concat(
					Array.from({ length: gates }, (_, gate) => square(gate)),
					1,
				),
				b: zeros([gates * width], options),
			};
			return complete(shared, options);
		},
		start: (samples, options) => begin(zeros([samples, width], options)),
		step: (params, hidden, x) => advance(params, hidden, project(params, x)),
		scan: (params, x, { hidden, mask, reverse = false } = {}) => {
			checkArgument(name, "the input", x, aTensor);
			const [samples, time] = x.shape;
			if (x.rank !== 3 || time === 0 || x.shape[2] !== inputs) {
				throw new ShapeError(
					`${name}: expected (samples×time×${inputs}) with at least one place, got ${showShape(x.shape)}`,
				);
			}
			// One product for the inputs of all places; only what depends on the place before is left to
			// the loop.
			const start = hidden ?? layer.start(samples!, { dtype: params.b.dtype });
			const step = (now: H, input: Tensor, there: Tensor | undefined) => {
				const next = advance(params, now, input);
				return there === undefined ? next : choose(there, next, now);
			};
			const inputsAt = project(params, timeFirst(x));
			const [last, outputs] = overPlaces(step, start, inputsAt, mask && timeFirst(mask), reverse);
			return { outputs: timeFirst(outputs), hidden: last };
		},
		apply: (params, x, { mask } = {}) => layer.scan(params, x, { mask }).outputs,
		decoding: {
			start: (samples, _, options) => layer.start(samples, options),
			step: (params, x, cache) => {
				const { outputs, hidden } = layer.scan(params, x, { hidden: cache as H });
				return [outputs, hidden as Cache];
			},
		},
	};
	return layerOf(name, layer);
}

/** For each sequence the one hidden state or the other. */
function choose<H extends Hidden>(mask: Tensor, yes: H, no: H): H {
	return mapTree((a, b) => where(expandDims(mask, -1), a, b), yes, no);
}

/**
 * The simple recurrent layer: h ← tanh(x·wx + b + h·wh) (J. L. Elman, "Finding structure in time",
 * 1990).
 */
export function rnn(inputs: number, width: number): Recurrent<RecurrentParams, Hidden> {
	return recurrent(inputs, width, {
		name: "rnn",
		gates: 1,
		complete: (shared) => shared,
		begin: (h) => ({ h }),
		advance: ({ wh }, { h }, input) => ({ h: labelled(tanh(add(input, dot(h, wh))), "h") }),
	});
}

/**
 * The gated recurrent unit, its gates in the order reset r, update z, candidate n: with a = x·wx +
 * b and e = h·wh, n = tanh(aₙ + r·(eₙ + bh)) and h ← (1 − z)·n + z·h (K. Cho and others, 2014, with
 * the reset gate behind the product, as in PyTorch).
 */
export function gru(inputs: number, width: number): Recurrent<GruParams, Hidden> {
	return recurrent(inputs, width, {
		name: "gru",
		gates: 3,
		complete: (shared, options) => ({ ...shared, bh: zeros([width], options) }),
		begin: (h) => ({ h }),
		advance: ({ wh, bh }, { h }, input) => {
			const [inputR, inputZ, inputN] = split(input, 3, -1) as [Tensor, Tensor, Tensor];
			const [hiddenR, hiddenZ, hiddenN] = split(dot(h, wh), 3, -1) as [Tensor, Tensor, Tensor];
			const reset = labelled(sigmoid(add(inputR, hiddenR)), "r");
			const update = labelled(sigmoid(add(inputZ, hiddenZ)), "z");
			const candidate = labelled(tanh(add(inputN, mul(reset, add(hiddenN, bh)))), "n");
			return { h: labelled(add(candidate, mul(update, sub(h, candidate))), "h") };
		},
	});
}

/**
 * Long short-term memory, its gates in the order input i, forget f, candidate g, output o: c ←
 * σ(f)·c + σ(i)·tanh(g) and h ← σ(o)·tanh(c) (S. Hochreiter and J. Schmidhuber, 1997; F. A. Gers
 * and others, 2000). The bias of the forget gate is 1 at first, so that the cell keeps what it
 * holds (R. Jozefowicz and others, 2015).
 */
export function lstm(inputs: number, width: number): Recurrent<RecurrentParams, LstmHidden> {
	return recurrent(inputs, width, {
		name: "lstm",
		gates: 4,
		complete: ({ wx, wh }, options) => {
			const zero = zeros([width], options);
			return { wx, wh, b: concat([zero, ones([width], options), zero, zero]) };
		},
		begin: (zero) => ({ h: zero, c: zero }),
		advance: ({ wh }, { h, c }, input) => {
			const gates = split(add(input, dot(h, wh)), 4, -1) as [Tensor, Tensor, Tensor, Tensor];
			const i = labelled(sigmoid(gates[0]), "i");
			const f = labelled(sigmoid(gates[1]), "f");
			const g = labelled(tanh(gates[2]), "g");
			const o = labelled(sigmoid(gates[3]), "o");
			const cell = labelled(add(mul(f, c), mul(i, g)), "c");
			return { h: labelled(mul(o, tanh(cell)), "h"), c: cell };
		},
	});
}
