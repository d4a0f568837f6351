import { ShapeError } from "../core/error.ts";
import type { TensorType } from "../core/op.ts";
import type { Probe } from "./probe.ts";
import type { Value } from "./program.ts";
import { labelsOf, readSize, type SizeFactor } from "./sizes.ts";

/** Names of axes for each leaf that has them. */
export type AxisNames = readonly (readonly string[] | undefined)[];

/** An axis by the name that a person gives: `4·H` or `4*H` is four times as long as `H`. */
export function multipleOf(name: string | undefined): { label: string; times: number } | undefined {
	if (name === undefined) return undefined;
	const match = /^([1-9]\d*) ?[·*] ?(.+)$/su.exec(name);
	return match === null ? { label: name, times: 1 } : { label: match[2]!, times: Number(match[1]) };
}

/** No name that a person gives starts with it. */
export const UNNAMED = "\0";

/** Whether this is the label of axes without a name. */
export function isUnnamed(label: string): boolean {
	return label.startsWith(UNNAMED);
}

/**
 * The size of each name.
 * @throws ShapeError when names and shapes do not fit, or one name stands for two sizes
 */
export function namedSizes(types: readonly TensorType[], names: AxisNames): Map<string, number> {
	const sizes = new Map<string, number>();
	for (const [i, { shape }] of types.entries()) {
		const axes = names[i];
		if (axes === undefined) continue;
		if (axes.length !== shape.length) {
			throw new ShapeError(
				`derive: expected a name for each axis of a tensor of shape (${shape.join("×")}), got [${axes.join(", ")}]`,
			);
		}
		for (const [axis, name] of axes.entries()) {
			const { label, times } = multipleOf(name)!;
			const size = shape[axis]! / times;
			if (!Number.isInteger(size)) {
				throw new ShapeError(
					`derive: expected the axis called ${name} to have a multiple of ${times} as its size, got ${shape[axis]}`,
				);
			}
			const known = sizes.get(label) ?? size;
			if (known !== size) {
				throw new ShapeError(
					`derive: expected all axes called ${label} to have one size, got ${known} and ${size}`,
				);
			}
			sizes.set(label, size);
		}
	}
	return sizes;
}

/**
 * Each axis by the labels whose primes make up its size in the first probe, joined with a dot where
 * axes were merged.
 */
export function namesOf(
	value: Value,
	sizes: ReadonlyMap<string, number>,
	probes: readonly Probe[],
): string[] {
	const there = probes.map((probe) => probe.at(value)?.type.shape);
	const productAt = (labels: readonly string[], at: ReadonlyMap<string, number>) =>
		labels.reduce((product, label) => product * at.get(label)!, 1);
	return value.type.shape.map((size, axis) => {
		const labels: string[] = [];
		let rest = there[0]?.[axis] ?? 0;
		for (const [label, prime] of probes[0]!.sizes) {
			for (; rest % prime === 0 && rest > 0; rest /= prime) labels.push(label);
		}
		const isRead =
			productAt(labels, sizes) === size &&
			probes.every(({ sizes: at }, i) => productAt(labels, at) === there[i]?.[axis]);
		if (!isRead) return sumText([size, ...there.map((shape) => shape?.[axis] ?? 0)], sizes, probes);
		if (labels.every(isUnnamed)) return String(size);
		return labels.map((label) => (isUnnamed(label) ? sizes.get(label) : label)).join("·");
	});
}

/** A size that is made of others by a sum, `N·(L−K+1)`; the number itself where it is not. */
function sumText(
	numbers: readonly number[],
	sizes: ReadonlyMap<string, number>,
	probes: readonly Probe[],
): string {
	const points = [sizes, ...probes.map((probe) => probe.sizes)];
	const size = readSize(numbers, points, 0);
	const isText = (factor: SizeFactor) => factor.power === 1 && !labelsOf(factor).some(isUnnamed);
	if (size === null || !Number.isInteger(size.coefficient) || !size.factors.every(isText)) {
		return String(numbers[0]);
	}
	const signed = (x: string | number, isLess: boolean) => `${isLess ? "−" : "+"}${x}`;
	const one = ({ label, second, offset }: SizeFactor) => {
		const more = second === undefined ? "" : signed(second.label, second.sign < 0);
		const text = more + (offset === 0 ? "" : signed(Math.abs(offset), offset < 0));
		return text === "" ? label : `(${label}${text})`;
	};
	const texts = size.factors.map(one);
	return [...(size.coefficient === 1 && texts.length > 0 ? [] : [size.coefficient]), ...texts].join(
		"·",
	);
}
