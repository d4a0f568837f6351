import { structure } from "../core/argument-kinds.ts";
import { checkArgument } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { add } from "../ops/arithmetic.ts";
import {
	type AnyLayer,
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
	return composite("sequential", layers, (params, state, x, context) => {
		const next: Each[] = [];
		let y = x;
		for (const [i, layer] of layers.entries()) {
			[y, next[i]] = applyLayer(layer, params[i], state[i], y, contextOf(context, i));
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
	const layers = { body: body as AnyLayer, shortcut: shortcut ?? ((x: Tensor) => x) };
	return composite("residual", layers, (params, state, x, context) => {
		const [long, first] = applyLayer(body, params.body, state.body, x, contextOf(context, 0));
		const [short, second] = applyLayer(
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

/** The layer whose parts are these layers, with a state if one of them has one. */
function composite(
	op: string,
	layers: readonly AnyLayer[] | Readonly<Record<string, AnyLayer>>,
	run: (params: Each, state: Each, x: Tensor, context: Context) => [Tensor, Each],
): Layer<Each> | StatefulLayer<Each, Each> {
	for (const layer of Object.values(layers)) checkLayer(op, layer);
	const checked: typeof run = (params, state, x, context) => {
		checkParameters(op, params);
		checkArgument(op, "the state", state, structure);
		return run(params, state, x, context);
	};
	const draw = (key: Tensor, options?: InitOptions): Each => init(layers, key, options);
	const none: Each = initialState(layers);
	const stateless: Layer<Each> = {
		init: draw,
		apply: (params, x, context = {}) => checked(params, none, x, context)[0],
	};
	const stateful: StatefulLayer<Each, Each> = {
		init: draw,
		initialState: (options): Each => initialState(layers, options),
		apply: (params, state, x, context = {}) => checked(params, state, x, context),
	};
	return Object.values(layers).some(isStateful) ? stateful : stateless;
}

/** Applies a layer of either sort. */
function applyLayer(
	layer: AnyLayer,
	params: Each,
	state: Each,
	x: Tensor,
	context: Context,
): [Tensor, Each] {
	if (typeof layer === "function") return [layer(x), state];
	if (isStateful(layer)) return layer.apply(params, state, x, context);
	return [layer.apply(params, x, context), state];
}
