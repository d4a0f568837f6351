import { debugState } from "../../lib/core/debug-state.ts";
import { gather, type Tensor, take, zeros } from "../../lib/index.ts";

/** How many elements the ops that a function applies write; views write none. */
export function elementsWritten(f: () => unknown): number {
	let elements = 0;
	const before = debugState.inspect;
	debugState.inspect = (_, inputs, __, out) => {
		if (!inputs.some((x) => x.storage === out.storage)) elements += out.size;
	};
	try {
		f();
	} finally {
		debugState.inspect = before;
	}
	return elements;
}

/** A state that goes over what it is given at each place. */
export const over = (parts: readonly Tensor[]): Tensor => {
	const { shape, dtype } = parts[0]!;
	let h = zeros(shape, { dtype });
	for (const part of parts) h = h.mul(0.5).add(part.mul(part));
	return h.square().sum();
};

const along = (x: Tensor, f: (t: number) => Tensor) =>
	over(Array.from({ length: x.shape[0]! }, (_, t) => f(t)));

/** x without its first row, and so on, as one goes through a list. */
function heads(x: Tensor): Tensor[] {
	const found: Tensor[] = [];
	for (let rest = x; rest.shape[0]! > 0; rest = rest.slice([1, null])) found.push(rest.slice(0));
	return found;
}

/** Walks over the rows of a tensor (time×4); the value of each costs a constant times the rows. */
export const walks: Readonly<Record<string, (x: Tensor) => Tensor>> = {
	slice: (x) => along(x, (t) => x.slice(t)),
	unstack: (x) => over(x.unstack()),
	"split, then squeeze": (x) => over(x.split(x.shape[0]!).map((part) => part.squeeze(0))),
	"narrow, two rows at a time": (x) => along(x, (t) => x.slice([Math.max(0, t - 1), t + 1]).sum(0)),
	"take and gather in turn": (x) => along(x, (t) => take(x, t, 0).mul(gather(x, [t]))),
	"slice and take in turn": (x) => along(x, (t) => x.slice(t).mul(take(x, t, 0))),
	"transpose, then take": (x) => along(x, (t) => x.T.take(t, 1)),
	"flip, then take a list of one": (x) => along(x, (t) => take(x.flip(0), [-1 - t], 0)),
	"reshape, then take": (x) => along(x, (t) => take(x.reshape([-1, 2, 2]), t, 0)),
	"reshape, then gather": (x) => along(x, (t) => gather(x.reshape([2, -1, 4]), [t % 2, t >> 1])),
	"views, then take and slice in turn": (x) =>
		along(x, (t) => x.T.take(t, 1).mul(x.flip(0).slice(t))),
	"flip, then slice": (x) => along(x, (t) => x.flip(0).slice(t)),
	"reverse, then slice": (x) => along(x, (t) => x.slice([null, null, -1]).slice(t)),
	"transpose, then slice": (x) => along(x, (t) => x.T.slice(null, t)),
	"transpose, then slice backwards": (x) => along(x, (t) => x.T.slice([null, null, -2], t)),
	"reshape, then slice": (x) => along(x, (t) => x.reshape([-1, 2, 2]).slice(t)),
	"ravel, then slice": (x) => along(x, (t) => x.ravel().slice([4 * t, 4 * t + 4])),
	"a new axis, then slice": (x) => along(x, (t) => x.expandDims([0, 2]).slice(0, t)),
	"several views, then slice": (x) =>
		along(x, (t) => x.T.flip(1).reshape([2, 2, -1]).slice(null, 1, t)),
	"diagonal of a view, then slice": (x) =>
		along(x, (t) =>
			x
				.reshape([-1, 2, 2])
				.diagonal({ axes: [1, 2] })
				.slice(t),
		),
	"first, then the rest": (x) => over(heads(x)),
	"rows, then columns": (x) =>
		over(x.unstack().flatMap((row) => [0, 1, 2, 3].map((j) => row.slice(j)))),
	"columns, then rows": (x) => over(x.unstack(1).flatMap((column) => column.unstack())),
	"blocks, then rows": (x) => over(x.split(x.shape[0]! / 10).flatMap((block) => block.unstack())),
	"half of it": (x) => over(Array.from({ length: x.shape[0]! / 2 }, (_, t) => x.slice(2 * t))),
};
