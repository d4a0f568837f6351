import * as kind from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import type { DType } from "../core/dtype.ts";
import { DomainError } from "../core/error.ts";
import { checkArgument, checkOptions, type OptionKinds } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { isPlainObject } from "../core/tree.ts";
import { checkKey } from "../random/arguments.ts";
import { foldIn } from "../random/keys.ts";

/** Options of `init` and `initialState`. */
export interface InitOptions {
	/** Of the parameters, and so of everything computed with them; left out: float64. */
	readonly dtype?: DType;
}

/** What they may be. */
export const INIT_OPTIONS: OptionKinds<InitOptions> = { dtype: kind.dtype };

/** What a layer may be told besides its parameters and its input. */
export interface Context {
	/**
	 * Whether this is training. The layers to which it matters (dropout, batch norm) refuse to guess.
	 */
	readonly train?: boolean;
	/** Where dropout takes its random numbers from. */
	readonly key?: Tensor;
	/**
	 * Which places of a sequence are there, bool (batch×time), false for padding; left out: all are.
	 * Attention looks at no other, recurrent layers pass over them, everything else takes no notice.
	 */
	readonly mask?: Tensor;
}

/** What a layer remembers of the places that it has decoded: nested tensors; null: nothing. */
export type Cache = null | Tensor | readonly Cache[] | { readonly [name: string]: Cache };

/** How a layer goes through sequences bit by bit, with what it remembers in a cache. */
export interface Decoding<Params> {
	/** The cache before the first place, for sequences of up to `capacity` places. */
	start(samples: number, capacity: number, options: InitOptions): Cache;
	/** The output at the places from `position` on, an int32 scalar, and the cache with them. */
	step(params: Params, x: Tensor, cache: Cache, position: Tensor): [y: Tensor, cache: Cache];
}

/**
 * A layer: how its parameters are drawn, and the function that they parametrize. It holds no
 * tensors itself.
 */
export interface Layer<Params> {
	/** What errors call it. */
	readonly name?: string;
	/** Parameters as a plain nested object of tensors; the same key gives the same ones. */
	init(key: Tensor, options?: InitOptions): Params;
	/** The output for an input. */
	apply(params: Params, x: Tensor, context?: Context): Tensor;
	/** How `decode` runs it: `placewise` says that it takes each place by itself; left out: not. */
	readonly decoding?: Decoding<Params>;
}

/**
 * A layer with a state besides its parameters, which is computed and not learned: it comes in and
 * goes out, and is never changed.
 */
export interface StatefulLayer<Params, State> {
	/** Parameters as a plain nested object of tensors; the same key gives the same ones. */
	init(key: Tensor, options?: InitOptions): Params;
	/** The state before any training, a plain nested object of tensors. */
	initialState(options?: InitOptions): State;
	/** The output for an input, and the state to go on with. */
	apply(params: Params, state: State, x: Tensor, context?: Context): [y: Tensor, state: State];
}

/** The parameters or state of what has none. */
export type Nothing = Record<string, never>;

/**
 * What can be composed: a layer of either sort, or any function of a tensor, which is a layer
 * without parameters.
 */
export type AnyLayer =
	// biome-ignore lint/suspicious/noExplicitAny: a composition passes parameters on without regard to their type
	Layer<any> | StatefulLayer<any, any> | (((x: Tensor) => Tensor) & { decoding?: Decoding<any> });

/** Layers in nested plain objects and arrays. */
export type LayerTree = AnyLayer | readonly LayerTree[] | { readonly [name: string]: LayerTree };

/** The parameters of a layer, or of each of the layers in a nested object or array. */
export type ParamsOf<L> = L extends { init(key: Tensor, options?: InitOptions): infer Params }
	? Params
	: L extends (x: Tensor) => Tensor
		? Nothing
		: { [K in keyof L]: ParamsOf<L[K]> };

/** The state of a layer, or of each of the layers in a nested object or array. */
export type StateOf<L> = L extends { initialState(options?: InitOptions): infer State }
	? State
	: L extends ((x: Tensor) => Tensor) | { apply(...args: never[]): unknown }
		? Nothing
		: { [K in keyof L]: StateOf<L[K]> };

/**
 * The parameters of a model made of layers, in the same nested object or array: each layer is given
 * a key of its own. `const params = init({ embed: embedding(27, 64), head: linear(64, 27) }, key)`.
 */
export function init<L extends LayerTree>(
	layers: L,
	key: Tensor,
	options?: InitOptions,
): ParamsOf<L> {
	checkKey("init", key);
	checkOptions("init", options, INIT_OPTIONS);
	const visit = (node: LayerTree, key: Tensor): unknown => {
		if (typeof node === "function") return {};
		if (isLayer(node)) return node.init(key, options);
		return mapChildren("init", node, (child, i) => visit(child, foldIn(key, i)));
	};
	return visit(layers, key) as ParamsOf<L>;
}

/**
 * The state before training of a model made of layers, in the same nested object or array; empty
 * objects where a layer has none.
 */
export function initialState<L extends LayerTree>(layers: L, options?: InitOptions): StateOf<L> {
	checkOptions("initialState", options, INIT_OPTIONS);
	const visit = (node: LayerTree): unknown => {
		if (typeof node === "function") return {};
		if (isLayer(node)) return isStateful(node) ? node.initialState(options) : {};
		return mapChildren("initialState", node, visit);
	};
	return visit(layers) as StateOf<L>;
}

/**
 * A layer whose errors name it: of what it is given, and of what it is made of. Not for one that
 * runs what the user wrote.
 */
// biome-ignore lint/suspicious/noExplicitAny: whatever its parameters and its state are
export function layerOf<L extends Layer<any> | StatefulLayer<any, any>>(op: string, layer: L): L {
	const input = isStateful(layer) ? 2 : 1;
	const apply = layer.apply as (...args: unknown[]) => unknown;
	return {
		...layer,
		name: op,
		init: (key: Tensor, options?: InitOptions) => {
			checkKey(op, key);
			return layer.init(key, checkOptions(op, options, INIT_OPTIONS));
		},
		apply: (...args: unknown[]) => {
			checkParameters(op, args[0]);
			checkArgument(op, "the input", args[input], kind.aTensor);
			return calledAs(op, () => apply(...args));
		},
	};
}

/** @throws DomainError for what cannot be the parameters of a layer */
export function checkParameters(op: string, params: unknown): void {
	checkArgument(op, "the parameters", params, kind.structure);
}

type Children = readonly LayerTree[] | { readonly [name: string]: LayerTree };

function mapChildren(
	op: string,
	node: Children,
	f: (child: LayerTree, i: number) => unknown,
): unknown {
	checkArgument(op, "", node, { expected: "layers in plain objects and arrays", holds: isPlain });
	if (Array.isArray(node)) return node.map((child, i) => f(child, i));
	return Object.fromEntries(Object.entries(node).map(([name, child], i) => [name, f(child, i)]));
}

function isPlain(x: unknown): boolean {
	return Array.isArray(x) || isPlainObject(x);
}

function isLayer(node: unknown): node is Exclude<AnyLayer, (x: Tensor) => Tensor> {
	return (
		typeof node === "object" && node !== null && "init" in node && typeof node.init === "function"
	);
}

/** @throws DomainError for what can be no part of a composition */
export function checkLayer(op: string, x: unknown): void {
	const holds = (x: unknown) => typeof x === "function" || isLayer(x);
	checkArgument(op, "", x, { expected: "layers, or functions of a tensor", holds });
}

/** Whether a layer has a state. */
// biome-ignore lint/suspicious/noExplicitAny: whatever its parameters and its state are
export function isStateful(layer: AnyLayer): layer is StatefulLayer<any, any> {
	return "initialState" in layer;
}

/**
 * What part number i of a composition is told: it draws its random numbers from a key of its own.
 */
export function contextOf(context: Context, i: number): Context {
	return context.key === undefined ? context : { ...context, key: foldIn(context.key, i) };
}

/**
 * Whether this is training, for a layer that has to know.
 * @throws DomainError when the context does not say
 */
export function isTraining(op: string, { train }: Context): boolean {
	if (typeof train === "boolean") return train;
	throw new DomainError(
		`${op}: expected to be told whether this is training; pass { train: true, … } or { train: false } as the last argument of apply`,
	);
}
