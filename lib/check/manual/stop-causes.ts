import { type AdjointError, ShapeError } from "../../core/error.ts";
import { showShape } from "../../core/shape.ts";
import { intendedProduct } from "../verdicts/products.ts";
import type { NamedGradient } from "./named-gradients.ts";

/** Two matrix shapes that do not multiply, as errors show them. */
const TWO_MATRICES = /\((\d+)×(\d+)\)·\((\d+)×(\d+)\)/;
/** Two shapes that do not broadcast together. */
const TWO_SHAPES = /got \(([\d×]+)\) and \(([\d×]+)\)/;

/** Why the program itself stops: mostly at a product that lacks a transpose. */
export function causeOfStop(
	error: AdjointError,
	derived: readonly NamedGradient[],
	bounds: ReadonlyMap<string, number>,
): string | null {
	if (!(error instanceof ShapeError)) return null;
	const matrices = TWO_MATRICES.exec(error.message);
	if (matrices !== null) {
		const [a, b, c, d] = matrices.slice(1).map(Number) as [number, number, number, number];
		const shapes = [
			[a, b],
			[c, d],
		] as const;
		const found = derived.flatMap(({ name, meetings }) => {
			const product = intendedProduct(meetings(), shapes, bounds.get(name)!);
			return product === null ? [] : [{ name, ...product }];
		});
		const least = Math.min(...found.map(({ distance }) => distance));
		// Sizes that are the same, as in each step of a loop, leave it open which product was meant.
		const nearest = found.filter(({ distance }) => distance === least).slice(0, 2);
		if (nearest.length === 0) return null;
		return nearest.map(({ what, name, text }) => `${what}: grad_${name} is ${text}`).join(", or ");
	}
	const shapes = TWO_SHAPES.exec(error.message)?.slice(1);
	if (shapes === undefined) return null;
	const [a, b] = shapes.map((text) => text.split("×").map(Number)) as [number[], number[]];
	if (String([...a].reverse()) === String(b)) return "one of the two is transposed";
	return lostAxis(a, b) ?? lostAxis(b, a);
}

/** Where one shape is the other without an axis, along which something was summed. */
function lostAxis(whole: readonly number[], summed: readonly number[]): string | null {
	for (const axis of whole.keys()) {
		if (String(whole.filter((_, i) => i !== axis)) !== String(summed)) continue;
		const kept = whole.map((size, i) => (i === axis ? 1 : size));
		return `{ keepDims: true } is missing, which makes ${showShape(kept)} of ${showShape(summed)}`;
	}
	return null;
}
