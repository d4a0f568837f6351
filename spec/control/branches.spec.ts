import * as assert from "uvu/assert";
import * as a from "../../lib/index.ts";
import { cond, grad, jvp, switchCase, type Tensor, tensor, whileLoop } from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { asProgram, type ListFunction } from "./loops.ts";

/** A function run as it is, and recorded. */
const ways: readonly ((f: ListFunction) => ListFunction)[] = [(f) => f, asProgram];

suite("cond and switchCase", (test) => {
	test("run the branch that was chosen, and no other", () => {
		// The branches that are not chosen would fail: there is no such matrix, and no such row.
		const f: ListFunction = ([x]) => [
			cond(
				x!.sum().less(0),
				() => x!.inverse(),
				() => x!.mul(2),
			),
			switchCase(x!.sum().astype("int32"), [
				() => x!.cholesky().sum(),
				() => x!.sum(),
				() => x!.inverse().sum(),
			]),
		];
		const x = tensor([
			[0.25, 0.25],
			[0.25, 0.25],
		]);
		for (const way of ways) {
			const [twice, sum] = way(f)([x]);
			same(twice!, [
				[0.5, 0.5],
				[0.5, 0.5],
			]);
			same(sum!, 1);
			const gradient: ListFunction = ([x]) => [grad((x: Tensor) => f([x])[1]!)(x!)];
			same(way(gradient)([x])[0]!, [
				[1, 1],
				[1, 1],
			]);
		}
	});

	test("take nested operands and give nested results", () => {
		for (const way of ways) {
			const [p, q] = way(([x]) => {
				const { p, q } = cond(
					x!.greater(1),
					({ u }, v) => ({ p: u, q: [u.add(v)] }),
					({ u }, v) => ({ p: v, q: [u.sub(v)] }),
					{ u: x! },
					x!.square(),
				);
				return [p, ...q];
			})([tensor(3)]);
			same(p!, 3);
			same(q!, 12);
		}
	});

	test("a number or boolean decides at once", () => {
		const f: ListFunction = ([x]) => [
			cond(
				true,
				() => x!.sin(),
				() => tensor([1, 2, 3]),
			),
			switchCase(1, [() => x!, () => x!.mul(3)]),
		];
		for (const way of ways) same(way(f)([tensor(0)])[1]!, 0);
	});

	test("an index without a branch is refused, eagerly and recorded", () => {
		const f: ListFunction = ([i, x]) => [switchCase(i!, [() => x!, () => x!.mul(3)])];
		for (const way of ways) {
			for (const index of [2, -1, 0.5]) {
				refuses(
					() => way(f)([tensor(index), tensor(1)]),
					a.DomainError,
					`switchCase: expected an index from 0 to 1, got ${index}`,
				);
			}
		}
		refuses(
			() => switchCase(0, []),
			a.DomainError,
			"switchCase: expected an array of at least one",
		);
		refuses(
			() =>
				cond(
					tensor([true, false]),
					() => tensor(1),
					() => tensor(2),
				),
			a.ShapeError,
			"cond: expected the test to have one element, got shape (2)",
		);
	});

	test("recorded branches have to give the same", () => {
		const record = (no: (x: Tensor) => Tensor) => () =>
			asProgram(([x]) => [cond(x!.sum().greater(0), (x) => x, no, x!)])([tensor([1, 2])]);
		refuses(
			record((x) => x.sum()),
			a.ShapeError,
			"cond: expected result of yes to be of one type in all branches, got float64 (2), and float64 () before",
		);
		refuses(
			record((x) => ({ x }) as unknown as Tensor),
			a.GradientError,
			"cond: expected the result of yes to be the structure {.x}, got one tensor",
		);
	});
});

suite("whileLoop", (test) => {
	const root: ListFunction = ([x]) => [
		whileLoop(
			({ y, last }) => y.sub(last).abs().greater(1e-12),
			({ y }) => ({ y: y.add(x!.div(y)).mul(0.5), last: y }),
			{ y: x!, last: tensor(0) },
		).y,
	];

	test("goes on as long as the test holds", () => {
		for (const way of ways) {
			near(way(root)([tensor(2)])[0]!, Math.SQRT2);
			const never: ListFunction = ([x]) => [
				whileLoop(
					(c) => c.less(0),
					(c) => c.mul(2),
					x!,
				),
			];
			same(way(never)([tensor(2)])[0]!, 2);
		}
	});

	test("has a derivative forward, of second order too, and says in reverse mode what to do", () => {
		const first: ListFunction = ([x]) => [jvp((x: Tensor) => root([x])[0]!, x!, tensor(1))[1]];
		const second: ListFunction = ([x]) => [jvp((x: Tensor) => first([x])[0]!, x!, tensor(1))[1]];
		for (const way of ways) {
			near(way(first)([tensor(2)])[0]!, 0.5 / Math.SQRT2);
			near(way(second)([tensor(2)])[0]!, -0.25 * 2 ** -1.5, 1e-9);
		}
		const back: ListFunction = ([x]) => [grad((x: Tensor) => root([x])[0]!)(x!)];
		near(back([tensor(2)])[0]!, 0.5 / Math.SQRT2);
		refuses(() => asProgram(back)([tensor(2)]), a.GradientError, "at most, { max: 100 }");
	});

	test("ends after max steps, whatever the test says", () => {
		const f: ListFunction = ([x]) => [
			whileLoop(
				(c) => c.less(100),
				(c) => c.mul(2),
				x!,
				{ max: 3 },
			),
		];
		const gradient: ListFunction = ([x]) => [grad((x: Tensor) => f([x])[0]!)(x!)];
		for (const way of ways) {
			same(way(f)([tensor(1)])[0]!, 8);
			same(way(f)([tensor(30)])[0]!, 120);
			same(way(gradient)([tensor(1)])[0]!, 8);
			same(way(gradient)([tensor(30)])[0]!, 4);
		}
		assert.equal(asProgram(f)([tensor(1)])[0]!.shape, []);
	});

	test("refuses a carry that changes, a test of several elements, and options that there are not", () => {
		for (const way of ways) {
			refuses(
				() =>
					way(([x]) => [
						whileLoop(
							(c) => c.sum().less(9),
							(c) => c.sum(),
							x!,
						),
					])([tensor([1])]),
				a.ShapeError,
				"whileLoop: expected carry to keep its type, float64 (1), got float64 ()",
			);
			refuses(
				() =>
					way(([x]) => [
						whileLoop(
							(c) => c.less(9),
							(c) => c,
							x!,
						),
					])([tensor([1, 2])]),
				a.ShapeError,
				"whileLoop: expected the test to give one element, got shape (2)",
			);
		}
		refuses(
			() =>
				whileLoop(
					(c) => c.less(9),
					(c) => c,
					tensor(1),
					{ max: -1 },
				),
			a.DomainError,
			"whileLoop: expected max to be a whole number from 0",
		);
	});
});
