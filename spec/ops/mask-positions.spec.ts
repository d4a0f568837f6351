import { compile } from "../../lib/compile/index.ts";
import { at, DomainError, grad, type Tensor, TraceError, tensor, vmap } from "../../lib/index.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const m = tensor([
	[1, 2, 3],
	[4, 5, 6],
]);

suite("ops/mask-positions", (test) => {
	test("a mask takes what is true; where it is traced, a size and a fill say how much", () => {
		const f = (x: Tensor) => at(x, x.greater(2)).get({ size: 3, fill: -1 });
		same(f(tensor([1, 5, 3])), [5, 3, -1]);
		same(compile(f)(tensor([1, 5, 3])), [5, 3, -1]);
		same(compile(f)(tensor([4, 5, 3, 9])), [4, 5, 3]);
		same(
			vmap(f)(
				tensor([
					[1, 5, 3],
					[0, 0, 0],
				]),
			),
			[
				[5, 3, -1],
				[-1, -1, -1],
			],
		);
		same(compile(grad((x: Tensor) => f(x).square().sum()))(tensor([1, 5, 3])), [0, 10, 6]);
		same(at(m, m.greater(1)).get({ size: 2 }), [2, 3]);
		same(at(m, null, tensor([true, false, true])).get({ size: 3, fill: 9 }), [
			[1, 3, 9],
			[4, 6, 9],
		]);
		for (const traced of [compile, vmap, (g: (x: Tensor) => Tensor) => vmap(compile(g))]) {
			const run = (g: (x: Tensor) => Tensor) => () => traced(g)(m);
			refuses(
				run((x) => at(x, x.greater(2)).get()),
				TraceError,
				"at: how many elements a mask takes",
			);
		}
		const zeroed = (x: Tensor) => at(x, x.greater(2)).set(0);
		same(compile(zeroed)(m), [
			[1, 2, 0],
			[0, 0, 0],
		]);
		refuses(
			() => compile((x: Tensor) => at(x, x.greater(2)).set(tensor([1, 2, 3, 4])))(m),
			TraceError,
			"at: ",
		);
		refuses(() => at(m, 0).get({ size: 2 }), DomainError, "at: expected a mask");
	});

	test("of what has no elements a mask takes none, and a size is all fill", () => {
		const none = tensor([], { shape: [0] });
		same(at(none, none.greater(0)).get(), none);
		same(at(none, none.greater(0)).get({ size: 2, fill: 7 }), [7, 7]);
		same(at(m, m.greater(1)).get({ size: 0 }), none);
	});
});
