import * as assert from "uvu/assert";
import { type Compiled, compile, javascriptBackend, wasmBackend } from "../../lib/compile/index.ts";
import { apply, type Op, random, type Tensor } from "../../lib/index.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";

/** An op that runs by its own evaluation, which may do anything. */
function opOf(evaluate: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
	const op: Op<string, null> = {
		name: "asked",
		infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
		evaluate: ([x]) => evaluate(x!),
		differential: null,
		print: ([x]) => `asked(${x})`,
	};
	return (x) => apply(op, [x], null);
}

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

suite("compile/reentry", (test) => {
	for (const backend of [wasmBackend, javascriptBackend]) {
		test(`${backend.name}: an op may call the program that it is part of`, () => {
			for (const size of [3, 1000]) {
				let depth = 0;
				const body = (again: (x: Tensor) => Tensor) => {
					const asked = opOf((x) => {
						if (depth >= 3) return x.mul(2);
						depth++;
						const inner = again(x.mul(0.5).add(1));
						depth--;
						return inner;
					});
					return (x: Tensor) => asked(x.sin().mul(3)).add(x.exp()).mul(x);
				};
				const plain: (x: Tensor) => Tensor = body((x) => plain(x));
				const f: Compiled<[Tensor], Tensor> = compile(
					body((x) => f(x)),
					{ backend },
				);
				const x = normal(size, [size]);
				near(f(x), plain(x), 1e-14);
				// And goes on as before.
				near(f(x.neg()), plain(x.neg()), 1e-14);
				assert.is(depth, 0);
			}
		});

		test(`${backend.name}: an op may read a result of an earlier call, which has to be computed again`, () => {
			let earlier!: Tensor;
			const asked = opOf((x) => (x.array[x.offset]! > 100 ? x.add(earlier) : x));
			const body = (x: Tensor) => asked(x.mul(2)).mul(x.add(1));
			const f = compile(body, { backend });
			const [x, y] = [normal(1, [1000]), normal(2, [1000])];
			const large = normal(3, [1000]).add(100);
			earlier = f(x);
			const unread = f(y);
			// The result of the first call lies where this one writes.
			const third = f(large);
			near(third, body(large), 1e-14);
			near(earlier, body(x), 1e-14);
			near(unread, body(y), 1e-14);
			near(f(large), body(large), 1e-14);
		});

		test(`${backend.name}: what is computed again meanwhile may be a view, or one number repeated`, () => {
			let earlier!: readonly Tensor[];
			const asked = opOf((x) => {
				return x.array[x.offset]! > 100 ? x.add(earlier[1]!).add(earlier[2]!) : x;
			});
			const body = (x: Tensor) => {
				const y = asked(x.mul(2));
				const repeated = x.slice([0, 1], [0, 1]).broadcastTo(x.shape);
				return [y, y.T, repeated.add(1)];
			};
			const f = compile(body, { backend });
			const [x, y] = [normal(1, [32, 32]), normal(2, [32, 32])];
			const large = normal(3, [32, 32]).add(100);
			earlier = f(x);
			f(y);
			const third = f(large);
			const meant = [body(large), body(x)];
			for (const [i, results] of [third, earlier].entries()) {
				for (const [k, result] of results.entries()) near(result, meant[i]![k]!, 1e-14);
			}
		});

		test(`${backend.name}: after an op has failed the program runs as before`, () => {
			let fails = true;
			const asked = opOf((x) => {
				if (fails) throw new Error("not now");
				return x;
			});
			const f = compile((x: Tensor) => asked(x.mul(2)).sum(), { backend });
			const x = normal(3, [1000]);
			assert.throws(() => f(x), "not now");
			fails = false;
			near(f(x), x.mul(2).sum());
		});
	}
});
