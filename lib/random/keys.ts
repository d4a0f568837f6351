import { DomainError, DTypeError, ShapeError } from "../core/error.ts";
import { broadcastNumber } from "../core/lift.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { checkShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { checkKey, showGiven } from "./arguments.ts";
import { type DrawParams, randomOp } from "./draws.ts";
import { block, threefry } from "./threefry.ts";

// A key is an int32 tensor of two words. Word for word, what a key gives is Threefry of a counter:
// element i of a draw comes from (i, 0), child i of `split` from (i, SPLIT), `foldIn` from (data,
// FOLD), so none of them meet.
const SPLIT = 1;
const FOLD = 2;

/**
 * The key of a seed, any whole number up to 2⁵³ in size: an int32 tensor of shape (2) that says
 * which random numbers a draw gives. The same key always gives the same numbers, on every machine;
 * so use each key for one draw, and make further ones with `split` or `foldIn`.
 * @throws DomainError when the seed is not a safe integer
 */
export function key(seed: number): Tensor {
	if (!Number.isSafeInteger(seed)) {
		throw new DomainError(`key: expected a seed that is a safe integer, got ${String(seed)}`);
	}
	return new Tensor(Int32Array.of(Math.floor(seed / 2 ** 32), seed), "int32", [2]);
}

/** An array of N tensors; as a tuple, so that it can be taken apart, where N is known and small. */
type Keys<N extends number, Found extends Tensor[] = []> = number extends N
	? Tensor[]
	: Found["length"] extends N
		? Found
		: Found["length"] extends 16
			? Tensor[]
			: Keys<N, [...Found, Tensor]>;

/**
 * `count` keys that are independent of each other and of what the given key draws:
 * `const [first, second] = random.split(key)`. Of more keys the first ones are the same.
 * @throws ShapeError when `count` is not a whole number of at least 0
 */
export function split<const N extends number = 2>(key: Tensor, count?: N): Keys<N> {
	const from = checkKey("split", key);
	const size: number = count ?? 2;
	checkShape("split", [size]);
	const child = (_: unknown, i: number) =>
		apply(foldIn.op, [from, broadcastNumber("split", i, "int32", [])], {
			shape: [2],
			stream: SPLIT,
		});
	return Array.from({ length: size }, child) as Keys<N>;
}

/**
 * A key made of a key and an int32, say the number of a training step: each number gives another
 * key, independent of the others and of what `split` gives.
 * @throws DTypeError when `data` is not an int32
 * @throws ShapeError when `data` is not a scalar
 */
export const foldIn: OpFunction<"foldIn", (key: Tensor, data: Tensor | number) => Tensor> =
	defineOp(
		randomOp<"foldIn", DrawParams & { stream: number }>({
			name: "foldIn",
			lowering: "random key",
			dtype: () => "int32",
			fill: (out, key0, key1, { stream }, [data]) => {
				threefry(key0, key1, data![0]!, stream);
				out.set(block);
			},
			print: (rng, _, [data]) => `${rng}.spawn(${data} + 1)[-1]`,
			jax: (key, { stream }, [data]) => `fold_in(${key}, ${data}, ${stream})`,
			sample: (draw) => ({
				params: { shape: [2], stream: draw.pick([SPLIT, FOLD]) },
				rest: [broadcastNumber("foldIn", draw.integer(-9, 9), "int32", [])],
			}),
		}),
		(key: Tensor, data: Tensor | number): Tensor => {
			const number = typeof data === "number" ? broadcastNumber("foldIn", data, "int32", []) : data;
			if (!(number instanceof Tensor) || number.dtype !== "int32") {
				throw new DTypeError(`foldIn: expected an int32 to fold in, got ${showGiven(data)}`);
			}
			if (number.rank !== 0) {
				throw new ShapeError(`foldIn: expected a scalar to fold in, got ${showGiven(data)}`);
			}
			return apply(foldIn.op, [checkKey("foldIn", key), number], { shape: [2], stream: FOLD });
		},
	);
