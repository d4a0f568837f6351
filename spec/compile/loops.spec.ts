import * as assert from "uvu/assert";
import { engine } from "../../lib/asm/engine.ts";
import { Arena } from "../../lib/backends/wasm/arena.ts";
import { compiled, workspaceBytes } from "../../lib/backends/wasm/module.ts";
import { compile } from "../../lib/compile/index.ts";
import type { Tensor } from "../../lib/index.ts";
import * as a from "../../lib/index.ts";
import { draw, type ListFunction, transforms } from "../control/loops.ts";
import { near, same } from "../near.ts";
import { planned } from "../schedule/schedules.ts";
import { suite } from "../suite.ts";
import { agrees, backends } from "./agrees.ts";

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

	test("entries without elements may lie anywhere, so a view of nothing can be read step by step", () => {
		const nothing: ListFunction = ([h, x]) => {
			const entries = x!.sin().permute([1, 0, 2]);
			return [...a.scan((h: Tensor, x: Tensor) => [h.mul(2), x.mul(3)] as const, h!, entries)];
		};
		const given = [draw(1, 1), a.zeros([0, 2, 9])];
		for (const backend of backends) {
			const [last, all] = compile(nothing, { backend })(given) as Tensor[];
			same(last!, given[0]!.mul(4));
			assert.equal(all!.shape, [2, 0, 9]);
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
			assert.match(
				String(explanation),
				/^repeat ×7 +scan .*\n {2}product +dot add .*\n {2}loop +tanh/m,
			);
		}
	});

	test("an op without code runs by its own evaluation inside of a loop, and the loop in the module", () => {
		const step = (h: Tensor, _: null, t: Tensor) => {
			const next = h.sort().cos().add(t.astype("float64"));
			return [next, h.argsort()] as const;
		};
		const f: ListFunction = ([h]) => [...a.scan(step, h!, null, { length: 5 })];
		// In a branch in a loop with a test in a loop, on all that moves or takes turns.
		const deep: ListFunction = ([h, m]) => [
			...a.scan(
				(h: Tensor, m: Tensor) => {
					const next = a.whileLoop(
						(c) => c.sum().less(40),
						(c) =>
							a.cond(
								c.sum().less(9),
								(c) => m.inverse().dot(c.sort()).abs().add(1),
								(c) => m.dot(c).abs().add(h),
								c,
							),
						h,
					);
					return [next.sort().div(40), next] as const;
				},
				h!,
				m!,
			),
		];
		const noise: ListFunction = ([key]) => [
			a.scan(
				(key: Tensor) => {
					const [next, here] = a.random.split(key, 2);
					return [next!, a.random.normal(here!, [3])];
				},
				key!,
				null,
				{ length: 4 },
			)[1],
		];
		const m = draw(2, 3, 4, 4).add(a.eye(4));
		const cases: [ListFunction, Tensor[]][] = [
			[f, [draw(1, 4)]],
			[deep, [draw(1, 4), m]],
			[noise, [a.random.key(1)]],
		];
		for (const backend of backends) {
			for (const [f, x] of cases) {
				const run = compile(f, { backend });
				const { steps } = run.explain(x);
				assert.ok(steps.every(({ runs }) => runs !== "evaluation"));
				assert.match(String(run.explain(x)), /^ +evaluation /m);
				for (const results of [run(x), run(x)]) {
					for (const [i, y] of f(x).entries()) near(results[i]!, y, 1e-12);
				}
			}
		}
	});

	test("what a choice is by has to be a bool or an int32, or else explain says so", () => {
		const f: ListFunction = ([i]) => [a.switchCase(i!, [() => a.ones([]), () => a.zeros([])])];
		const text = String(compile(f).explain([a.tensor(1)]));
		assert.match(
			text,
			/note: switchCase runs as it is, op by op, for what it chooses by is float64/,
		);
		same(compile(f)([a.tensor(1)])[0]!, 0);
	});

	test("an evaluation in a loop that throws leaves the program as it was", () => {
		const f: ListFunction = ([h, m]) => [
			a.scan((h: Tensor, m: Tensor) => [m.inverse().dot(h), null], h!, m!)[0],
		];
		const good = [draw(1, 2), draw(2, 3, 2, 2)];
		const bad = [draw(1, 2), a.zeros([3, 2, 2])];
		for (const backend of backends) {
			const run = compile(f, { backend });
			for (let i = 0; i < 2; i++) {
				near(run(good)[0]!, f(good)[0]!, 1e-12);
				assert.throws(() => run(bad), /inverse: expected .* singular/);
			}
		}
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
			const arena = new Arena(schedule, workspaceBytes(schedule, tiles, 1), 1);
			return compiled(schedule, arena, 1, tiles).bytes.length;
		});
		// Larger addresses have more digits.
		assert.ok(Math.abs(many! - few!) < 0.02 * few!, `${few} and ${many} bytes`);
	});
});
