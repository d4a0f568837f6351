import { DomainError } from "../core/error.ts";
import { checkArgument } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import type { OpTraits } from "../core/traits.ts";
import type { AnyLayer, Decoding, Layer, StatefulLayer } from "./layer.ts";

/** A function between layers of which `decode` knows how to run it. */
export type Placewise<Args extends unknown[]> = ((x: Tensor, ...options: Args) => Tensor) & {
	readonly decoding: Decoding<unknown>;
};

/**
 * Says to `decode` that a layer, or a function between layers, treats each place of a sequence by
 * itself: `sequential(block, placewise((x) => x.mul(2)))`. A layer or function of one's own that
 * does not say how it is decoded is refused there: one that mixes places would be wrong silently.
 */
export function placewise<Params>(layer: Layer<Params>): Layer<Params>;
/** The same of a function. */
export function placewise<Args extends unknown[]>(
	f: (x: Tensor, ...options: Args) => Tensor,
): Placewise<Args>;
/** The same of either. */
/* @__NO_SIDE_EFFECTS__ */
export function placewise(
	// biome-ignore lint/suspicious/noExplicitAny: whatever its parameters are
	layer: Layer<any> | ((x: Tensor, ...options: unknown[]) => Tensor),
): AnyLayer {
	if (typeof layer === "function") {
		const f = (x: Tensor, ...options: unknown[]) => layer(x, ...options);
		const decoding = byPlaces((_, x) => layer(x));
		return Object.defineProperty(Object.assign(f, { decoding }), "name", { value: layer.name });
	}
	checkArgument("placewise", "", layer, STATELESS);
	return {
		...layer,
		init: layer.init.bind(layer),
		apply: layer.apply.bind(layer),
		decoding: byPlaces((params, x) => layer.apply(params, x, { train: false })),
	};
}

const STATELESS = {
	expected: "a layer without a state, or a function of a tensor",
	holds: (x: unknown) =>
		typeof x === "object" && x !== null && "init" in x && "apply" in x && !("initialState" in x),
};

/** It remembers nothing, and runs on the new places alone, the first of which is `position`. */
export function byPlaces<Params>(
	apply: (params: Params, x: Tensor, position: Tensor) => Tensor,
): Decoding<Params> {
	return {
		start: () => null,
		step: (params, x, cache, position) => [apply(params, x, position), cache],
	};
}

/**
 * How a layer is decoded. An op that acts on each element says so by its traits.
 * @throws DomainError for a layer with a state, and for one that does not say how
 */
// biome-ignore lint/suspicious/noExplicitAny: parameters are passed on without regard to their type
export function decodingOf(caller: string, layer: AnyLayer): Decoding<any> {
	if ("initialState" in layer) {
		throw new DomainError(
			`${caller}: expected layers without a state; a model with one, such as batchNorm, has apply alone`,
		);
	}
	if (layer.decoding !== undefined) return layer.decoding;
	if (typeof layer === "function" && traitsOf(layer)?.elementwise === true) {
		return byPlaces((_, x) => layer(x));
	}
	throw new DomainError(
		`${caller}: ${nameOf(layer)} does not say how it is decoded; if it treats each place of a sequence by itself, write placewise(…) around it; ` +
			"what mixes places, such as a convolution or a mean over them, needs a decoding of its own",
	);
}

function traitsOf(f: object): OpTraits | undefined {
	return (f as { readonly op?: { readonly traits?: OpTraits } }).op?.traits;
}

/** What the user may know it by. */
function nameOf(layer: Exclude<AnyLayer, StatefulLayer<unknown, unknown>>): string {
	if (typeof layer !== "function") return layer.name ?? "a layer of your own";
	if (layer.name !== "") return `the function ${layer.name}`;
	const source = String(layer).replace(/\s+/g, " ");
	return `the function ${source.length > 60 ? `${source.slice(0, 60)}…` : source}`;
}
