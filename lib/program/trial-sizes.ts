import type { TensorType } from "../core/op.ts";
import { STRIDES } from "./sizes.ts";

/**
 * Four sizes for each label, none of them one that is there already, a prime the first. They
 * differ enough that no number is a size, or a sum of two, by chance, and do not all leave the same
 * rest by a stride: a rounded quotient is not taken for an exact one. Small: constants of these
 * shapes are computed. First sets that are not alike: in the second one the greatest comes first.
 * Then sets in which what is greater stays greater, for functions that need it: a filter is not
 * longer than its signal.
 */
export function trialSizes(
	sizes: ReadonlyMap<string, number>,
	types: readonly TensorType[],
): [mixed: Map<string, number>[], ordered: Map<string, number>[]] {
	const used = new Set(types.flatMap(({ shape }) => shape));
	const sets = (orders: readonly (readonly string[])[]) => {
		const found: Map<string, number>[] = [];
		let size = 7;
		for (const order of orders) {
			const next = new Map<string, number>();
			for (const [i, label] of order.entries()) {
				const before = [sizes.get(label)!, ...found.map((set) => set.get(label)!)];
				const isFree = () =>
					!used.has(size) && (found.length === 0 ? isPrime(size) : !isLike(...before, size));
				if (sizes.size <= FEW) size += (5 * i + 3 * found.length) % 7;
				do size++;
				while (!isFree());
				next.set(label, size);
			}
			found.push(next);
		}
		return found;
	};
	const labels = [...sizes.keys()];
	const rising = labels.toSorted((a, b) => sizes.get(a)! - sizes.get(b)!);
	return [
		sets([labels, labels.toReversed(), labels, labels]),
		sets([rising, rising, rising, rising]),
	];
}

/** With more labels than this, sums of two are not read, and sizes may lie close together. */
const FEW = 8;

/** Whether all sizes leave the same rest by a stride. */
function isLike(...[first, ...others]: number[]): boolean {
	return STRIDES.some((stride) => others.every((size) => (size - first!) % stride === 0));
}

function isPrime(n: number): boolean {
	for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
	return true;
}
