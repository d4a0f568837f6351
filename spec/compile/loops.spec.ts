import * as assert from "uvu/assert";
import { engine } from "../../lib/asm/engine.ts";
import { Arena } from "../../lib/backends/wasm/arena.ts";
import { compiled, workspaceBytes } from "../../lib/backends/wasm/module.ts";
import { compile, javascriptBackend, wasmBackend } from "../../lib/compile/index.ts";
import type { Tensor } from "../../lib/index.ts";
import * as a from "../../lib/index.ts";
import { draw, type ListFunction, transforms } from "../control/loops.ts";
import { near, same } from "../near.ts";
import { planned } from "../schedule/schedules.ts";
import { suite } from "../suite.ts";

const backends = [wasmBackend, javascriptBackend];

/** The kinds of all steps, those inside of loops included. */
type Explained = ReturnType<ReturnType<typeof compile>["explain"]>["steps"];
const kindsIn = (steps: Explained): string[] =>
	steps.flatMap(({ runs, body }) => [runs, ...kindsIn(body ?? [])]);

/** A compiled function gives what it gives as it is, and runs no op outside of the code. */
function agrees(f: ListFunction, x: readonly Tensor[], bound: number): void {
	const expected = f(x);
	for (const backend of backends) {
		const run = compile(f, { backend });
		const explanation = run.explain(x);
		assert.not(kindsIn(explanation.steps).includes("evaluation"), String(explanation));
		// Twice: the second call finds what the first one left.
		for (const results of [run(x), run(x)]) {
			for (const [i, y] of results.entries()) {
				assert.is(y.dtype, expected[i]!.dtype);
				near(y, expected[i]!, bound);
			}
		}
	}
}

const layer: ListFunction = ([h, xs, w]) => {
	const step = (h: Tensor, x: Tensor) => {
		const next = h.dot(w!).add(x).tanh();
		return [next, next.square().sum(-1)] as const;
	};
	return [...a.scan(step, h!, xs!)];
};

suite("compile/loops", (test) => {
	test("a loop of any length gives what it gives eagerly, with all its derivatives", () => {
		for (const length of [1, 2, 5]) {
			const x = [draw(1, 2, 3), draw(2, length, 2, 3), draw(3, 3, 3)];
			for (const f of Object.values(transforms(layer))) agrees(f, x, 1e-12);
		}
		agrees(layer, [draw(1, 2, 3), a.zeros([0, 2, 3]), draw(3, 3, 3)], 0);
	});

	test("in float32, too, and backwards", () => {
		const single = (shape: number[], seed: number) => draw(seed, ...shape).astype("float32");
		const x = [single([2, 3], 1), single([4, 2, 3], 2), single([3, 3], 3)];
		agrees(layer, x, 1e-6);
		const back: ListFunction = ([h, xs]) => {
			return [...a.scan((h: Tensor, x: Tensor) => [h.mul(x), h], h!, xs!, { reverse: true })];
		};
		agrees(back, x, 0);
		agrees(transforms(back).gradient!, [draw(1, 2), draw(2, 3, 2)], 1e-12);
	});

	test("the carry may have several dtypes, and numbers of steps even and odd", () => {
		for (const length of [0, 1, 2, 3]) {
			const f: ListFunction = ([x, n, ok]) => {
				const carry = { x: x!, n: n!, ok: ok! };
				const [last, ys] = a.scan(
					({ x, n, ok }: typeof carry, _: null, t: Tensor) => {
						const next = {
							x: x.mul(1.5).add(n.astype("float32")),
							n: n.add(t).mul(2),
							ok: ok.equal(false),
						};
						return [next, [n, x, ok]] as const;
					},
					carry,
					null,
					{ length },
				);
				return [last.x, last.n, last.ok, ...ys];
			};
			const x = draw(4, 3).astype("float32");
			const n = a.tensor([1, 2, 3], { dtype: "int32" });
			agrees(f, [x, n, n.greater(1)], 0);
		}
	});

	test("what is carried can change places, and be handed on as it is", () => {
		const f: ListFunction = ([x, y, z]) => {
			type Three = [Tensor, Tensor, Tensor];
			const step = ([x, y, z]: Three): [Three, Tensor[]] => [
				[y, x.add(1), z],
				[z, x],
			];
			const [last, ys] = a.scan(step, [x!, y!, z!] as Three, null, { length: 5 });
			return [...last, ...ys];
		};
		agrees(f, [draw(1, 2), draw(2, 2), draw(3, 2, 2)], 0);
	});

	test("the next carry lies where the last one was only if nothing reads that any more", () => {
		// The new h is stored before the old one is read.
		const f: ListFunction = ([h, w]) => {
			const step = (h: Tensor) => {
				const next = h.mul(2).sub(1);
				return [next, w!.dot(next).add(h.flip(0))] as const;
			};
			return [...a.scan(step, h!, null, { length: 3 })];
		};
		agrees(f, [draw(1, 4), draw(2, 4, 4)], 1e-12);
	});

	test("loops in loops, over what lies transposed or is one for all", () => {
		const f: ListFunction = ([h, xs, w]) => {
			const outer = (h: Tensor, rows: Tensor) =>
				a.scan((h: Tensor, x: Tensor) => [h.mul(x).add(w!.T.dot(h)), h.sum()], h, rows.T);
			const [last, ys] = a.scan(outer, h!, xs!);
			const [more] = a.scan(
				(h: Tensor, x: Tensor) => [h.add(x), null],
				last,
				h!.broadcastTo([3, 2]),
			);
			return [last, ys, more];
		};
		const x = [draw(1, 2), draw(2, 3, 2, 4), draw(3, 2, 2)];
		agrees(f, x, 1e-12);
		agrees(transforms(f).gradient!, x, 1e-12);
		agrees(transforms(f)["gradient of the gradient"]!, x, 1e-11);
	});

	test("of several branches the chosen one runs, by itself and in a loop, with derivatives", () => {
		const choice: ListFunction = ([x, w, i]) => {
			const branches = [
				(x: Tensor, w: Tensor) => [w.dot(x), x.sum()],
				(x: Tensor) => [x.mul(2), a.ones([])],
				(x: Tensor, w: Tensor) => [x.exp(), w.sum()],
			];
			return a.switchCase(i!, branches, x!, w!);
		};
		const inLoop: ListFunction = ([h, w, i]) => {
			const step = (h: Tensor, _: null, t: Tensor) => {
				const [next, y] = choice([h, w!, t.add(i!).mod(3)]);
				return [
					a.cond(
						next!.sum().greater(y!),
						(x) => x.mul(0.5),
						(x) => x.sin(),
						next!,
					),
					y,
				] as const;
			};
			const [last, ys] = a.scan(step, h!, null, { length: 5 });
			return [last, ys!];
		};
		for (const i of [0, 1, 2]) {
			const x = [draw(1, 3), draw(2, 3, 3), a.tensor(i, { dtype: "int32" })];
			for (const f of [choice, inLoop]) {
				agrees(f, x, 1e-12);
				const single: ListFunction = ([x, w]) => f([x!, w!, a.tensor(i, { dtype: "int32" })]);
				agrees(transforms(single).gradient!, x.slice(0, 2), 1e-12);
				const total = ([x, w, i]: readonly Tensor[]) => f([x!, w!, i!])[0]!.square().sum();
				const gradient: ListFunction = ([x, w, i]) => [
					...a.grad((two: readonly Tensor[]) => total([...two, i!]))([x!, w!]),
				];
				agrees(gradient, x, 1e-12);
			}
		}
		for (const backend of backends) {
			const run = compile(choice, { backend });
			const wrong = [draw(1, 3), draw(2, 3, 3), a.tensor(3, { dtype: "int32" })];
			assert.throws(() => run(wrong), /switchCase: expected an index from 0 to 2, got 3/);
		}
	});

	test("explain shows how often a loop runs, and its steps", () => {
		const x = [draw(1, 2, 3), draw(2, 7, 2, 3), draw(3, 3, 3)];
		for (const backend of backends) {
			const explanation = compile(layer, { backend }).explain(x);
			const loop = explanation.steps.find(({ runs }) => runs === "repeat")!;
			assert.is(loop.rounds, 7);
			assert.ok(loop.body!.some(({ runs }) => runs === "product"));
			assert.is(loop.flops, 7 * loop.body!.reduce((sum, { flops }) => sum + flops!, 0));
			assert.match(String(explanation), /^repeat ×7 +scan .*\n {2}product +dot add tanh/m);
		}
	});

	test("a loop whose step has no code runs as it is, and explain says why", () => {
		const f: ListFunction = ([h]) => [
			a.scan((h: Tensor) => [h.sort().cos(), null], h!, null, { length: 3 })[0],
		];
		for (const backend of backends) {
			const run = compile(f, { backend });
			const x = [draw(1, 4)];
			assert.match(
				String(run.explain(x)),
				/note: scan runs its body as it is, op by op, since a part of that has no code here: argsort/,
			);
			same(run(x)[0]!, f(x)[0]!);
		}
		const until: ListFunction = ([x]) => [
			a.whileLoop(
				(x) => x.less(9),
				(x) => x.mul(2),
				x!,
			),
		];
		const x = [a.tensor(1)];
		assert.match(String(compile(until).explain(x)), /note: whileLoop runs its bodies as they are/);
		same(compile(until)(x)[0]!, 16);
	});

	test("a step that goes wrong throws what its op throws", () => {
		const f: ListFunction = ([x, places]) => [
			a.scan((h: Tensor, i: Tensor) => [h.add(x!.take(i, 0)), null], a.zeros([]), places!)[0],
		];
		const x = a.tensor([1, 2, 3]);
		for (const backend of backends) {
			const run = compile(f, { backend });
			same(run([x, a.tensor([0, 2], { dtype: "int32" })])[0]!, 4);
			assert.throws(() => run([x, a.tensor([0, 3], { dtype: "int32" })]), /take/);
			same(run([x, a.tensor([1, 1], { dtype: "int32" })])[0]!, 4);
		}
	});

	test("threads share the steps of a loop, with the same results to the last bit", () => {
		const gradient = transforms(layer).gradient!;
		const x = [draw(1, 64, 64), draw(2, 5, 64, 64), draw(3, 64, 64)];
		const [one, two] = [1, 3].map((threads) => compile(gradient, { threads }));
		const shared = two!.explain(x).steps.filter(({ runs }) => runs === "repeat");
		assert.ok(shared.every(({ threads, body }) => threads === 3 && body!.length > 0));
		const results = one!(x);
		for (let i = 0; i < 3; i++) for (const [j, y] of two!(x).entries()) same(y, results[j]!);
	});

	test("the module has no more code for more steps", () => {
		const gradient = transforms(layer).gradient!;
		const [few, many] = [10, 1000].map((length) => {
			const schedule = planned(gradient, [draw(1, 2, 3), a.zeros([length, 2, 3]), draw(3, 3, 3)]);
			const { tiles } = engine()!;
			const arena = new Arena(schedule, workspaceBytes(schedule, tiles), 1);
			return compiled(schedule, arena, 1, tiles).bytes.length;
		});
		// Larger addresses have more digits.
		assert.ok(Math.abs(many! - few!) < 0.02 * few!, `${few} and ${many} bytes`);
	});
});
