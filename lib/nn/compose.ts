import { structure } from "../core/argument-kinds.ts";
import { checkArgument } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { add } from "../ops/arithmetic.ts";
import { decodeLayer, startLayer } from "./decoding.ts";
import {
	type AnyLayer,
	type Cache,
	type Context,
	checkLayer,
	checkParameters,
	contextOf,
	type InitOptions,
	init,
	initialState,
	isStateful,
	type Layer,
	type ParamsOf,
	type StatefulLayer,
	type StateOf,
} from "./layer.ts";
import { placewise } from "./placewise.ts";

/**
 * What layers make together: it has a state if one of them, all of which are in `Member`, has one.
 */
export type Composite<Layers, Member> =
	// biome-ignore lint/suspicious/noExplicitAny: whatever the parameters and the state are
	Extract<Member, StatefulLayer<any, any>> extends never
		? Layer<ParamsOf<Layers>>
		: StatefulLayer<ParamsOf<Layers>, StateOf<Layers>>;

/**
 * Layers one after the other. The parameters are an array, with an empty object where a layer has
 * none, and the keys of training are split among them; `sequential(linear(784, 128), relu,
 * linear(128, 10))` has the parameters `[{ w, b }, {}, { w, b }]`. With a layer that has a state,
 * such as `batchNorm`, the whole has one.
 */
export function sequential<Layers extends AnyLayer[]>(
	...layers: Layers
): Composite<Layers, Layers[number]> {
	return composite("sequential", layers, (params, state, x, context, run) => {
		const next: Each[] = [];
		let y = x;
		for (const [i, layer] of layers.entries()) {
			[y, next[i]] = run(layer, params[i], state[i], y, contextOf(context, i));
		}
		return [y, next];
	}) as Composite<Layers, Layers[number]>;
}

/**
 * shortcut(x) + body(x): the body learns what has to be added. The shortcut is x itself unless a
 * layer is given, for where shapes change. The parameters are `{ body, shortcut }`.
 */
export function residual<Body extends AnyLayer, Shortcut extends AnyLayer = (x: Tensor) => Tensor>(
	body: Body,
	shortcut?: Shortcut,
): Composite<{ body: Body; shortcut: Shortcut }, Body | Shortcut> {
	const layers = { body: body as AnyLayer, shortcut: shortcut ?? placewise((x: Tensor) => x) };
	return composite("residual", layers, (params, state, x, context, run) => {
		const [long, first] = run(body, params.body, state.body, x, contextOf(context, 0));
		const [short, second] = run(
			layers.shortcut,
			params.shortcut,
			state.shortcut,
			x,
			contextOf(context, 1),
		);
		return [add(short, long), { body: first, shortcut: second }];
	}) as Composite<{ body: Body; shortcut: Shortcut }, Body | Shortcut>;
}

/** One thing for each of some layers, of a type that the composition does not know. */
// biome-ignore lint/suspicious/noExplicitAny: parameters and states are passed on without regard to their type
type Each = any;

/** The results of a function of each layer, in the same array or object. */
function mapValues(
	layers: readonly AnyLayer[] | Readonly<Record<string, AnyLayer>>,
	f: (layer: AnyLayer) => Cache,
): Cache {
	if (Array.isArray(layers)) return layers.map(f);
	return Object.fromEntries(Object.entries(layers).map(([name, layer]) => [name, f(layer)]));
}

/** The layer whose parts are these layers, with a state if one of them has one. */
function composite(
	op: string,
	layers: readonly AnyLayer[] | Readonly<Record<string, AnyLayer>>,
	run: (params: Each, state: Each, x: Tensor, context: Context, run: RunLayer) => [Tensor, Each],
): Layer<Each> | StatefulLayer<Each, Each> {
	for (const layer of Object.values(layers)) checkLayer(op, layer);
	const checked: typeof run = (params, state, x, context, each) => {
		checkParameters(op, params);
		checkArgument(op, "the state", state, structure);
		return run(params, state, x, context, each);
	};
	const draw = (key: Tensor, options?: InitOptions): Each => init(layers, key, options);
	const none: Each = initialState(layers);
	const stateless: Layer<Each> = {
		init: draw,
		apply: (params, x, context = {}) => checked(params, none, x, context, applyLayer)[0],
		decoding: {
			start: (...args) => mapValues(layers, (layer) => startLayer(layer, ...args)),
			step: (params, x, cache, position) => {
				const each: RunLayer = (layer, params, cache, x) =>
					decodeLayer(layer, params, x, cache, position);
				return checked(params, cache, x, {}, each);
			},
		},
	};
	const stateful: StatefulLayer<Each, Each> = {
		init: draw,
		initialState: (options): Each => initialState(layers, options),
		apply: (params, state, x, context = {}) => checked(params, state, x, context, applyLayer),
	};
	return Object.values(layers).some(isStateful) ? stateful : stateless;
}

/** How a composition runs one of its layers: with a state, or a cache, that it gives anew. */
type RunLayer = (
	layer: AnyLayer,
	params: Each,
	state: Each,
	x: Tensor,
	context: Context,
) => [Tensor, Each];

/** Applies a layer of either sort. */
const applyLayer: RunLayer = (layer, params, state, x, context) => {
	if (typeof layer === "function") return [layer(x), state];
	if (isStateful(layer)) return layer.apply(params, state, x, context);
	return [layer.apply(params, x, context), state];
};
