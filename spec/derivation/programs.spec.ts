import * as assert from "uvu/assert";
import { elements } from "../../lib/core/strided.ts";
import { type Derivation, derive } from "../../lib/derivation/index.ts";
import { arange, eye, logDet, roll, solve, Tensor, tensor, valueAndGrad } from "../../lib/index.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";
import { derivationOf, type Net, nets } from "./nets.ts";
import { runPrinted } from "./run-printed.ts";

/** The tensors of nested objects, by their keys. */
function leaves(tree: unknown, name: string): [string, Tensor][] {
	if (tree instanceof Tensor) return [[name, tree]];
	return Object.entries(tree as object).flatMap(([key, each]) => leaves(each, key));
}

/** The result and the gradients of the leaves, by the names that printed programs give them. */
function expected({ f, args }: Net, derivation: Derivation): Map<string, Tensor> {
	const both = valueAndGrad(f as never)(...(Object.values(args) as [never]));
	const [value, gradient] = both as unknown as [Tensor, unknown];
	return new Map([
		[derivation.forward.at(-1)!.variable, value],
		...leaves(gradient, "").map(([name, g]): [string, Tensor] => [`grad_${name}`, g]),
	]);
}

suite("derivation/programs", (test) => {
	for (const [name, net] of Object.entries(nets)) {
		const derivation = derivationOf(net);
		const given = new Map(Object.entries(net.args).flatMap(([key, each]) => leaves(each, key)));

		test(`${name}: the program against adjoint gives the value and the gradients`, () => {
			const found = runPrinted(derivation.print("ts"), given);
			const wanted = expected(net, derivation);
			assert.equal(Object.keys(found).sort(), [...wanted.keys()].sort());
			for (const [variable, value] of wanted) near(found[variable] as Tensor, value);
		});
	}

	for (const name of ["twoLayers", "classifier", "attention"] as const) {
		const net = nets[name]!;
		const derivation = derivationOf(net);
		test(`${name}: the program of plain loops gives the value and the gradients`, () => {
			const given = new Map<string, unknown>(
				Object.entries(net.args)
					.flatMap(([key, each]) => leaves(each, key))
					.map(([key, x]) => [key, x.rank === 0 ? x.item() : elements(x)]),
			);
			const { sizes, variables } = derivation.sizes;
			for (const [label, variable] of variables) given.set(variable, sizes.get(label)!);
			const found = runPrinted(derivation.print("plain"), given);
			for (const [variable, value] of expected(net, derivation)) {
				near(
					[found[variable]].flatMap((x) =>
						typeof x === "number" ? [x] : [...(x as Float64Array)],
					),
					[...elements(value)],
				);
			}
		});
	}

	test("elements and indices stand in brackets where plain loops need them, and nowhere else", () => {
		const x = arange(6, { dtype: "float64" }).reshape([2, 3]);
		const w = arange(3, { dtype: "float64" }).reshape([3, 1]);
		const product = (x: Tensor, w: Tensor) => x.add(1).dot(w.sub(2)).sum();
		assert.match(derive(product, { x, w }).print("plain"), " += (x[i * 3 + j] + 1) * (w[j] - 2);");
		const moved = (x: Tensor) =>
			roll(x.neg().slice(null, [0, null, 2]), 1, 1)
				.flip(0)
				.sum();
		assert.match(derive(moved, { x }).print("plain"), " += -x[(1 - i) * 3 + (j + 1) % 2 * 2];");
	});

	test("a mask that is moved chooses in plain loops as it does in the engine", () => {
		const [x, y] = [tensor([[1, -1, 2]]), tensor([[3], [4], [5]])];
		const f = (y: Tensor, x: Tensor) => x.greater(0).T.where(y, 1).sum();
		const text = derive(f, { y, x }).print("plain");
		const found = runPrinted(text, new Map(Object.entries({ y: elements(y), x: elements(x) })));
		assert.is(found.loss, 9);
		near([...(found.grad_y as Float64Array)], [1, 0, 1]);
	});

	test("functions that plain loops define give way to the variables of the program", () => {
		const factorize = tensor([
			[4, 1],
			[2, 3],
		]);
		const f = (factorize: Tensor) => factorize.inverse().as("inverse").sum().as("solve");
		const text = derive(f, { factorize }).print("plain");
		const found = runPrinted(text, new Map([["factorize", elements(factorize)]]));
		near(found.solve as number, f(factorize).item());
		const [, g] = valueAndGrad(f)(factorize);
		near([...(found.grad_factorize as Float64Array)], [...elements(g)]);
	});

	test("plain loops over named axes hold for other sizes, functions of matrices too", () => {
		const draw = (n: number) => {
			const K = arange(n * n)
				.reshape([n, n])
				.mul(0.1)
				.add(eye(n).mul(3));
			return { K, y: arange(n).add(1) };
		};
		const f = ({ K, y }: { K: Tensor; y: Tensor }) => logDet(K).add(y.dot(solve(K, y)));
		const named = { K: ["N", "N"], y: ["N"] };
		const text = derive(f, { x: draw(3) }, { axes: named }).print("plain");
		for (const n of [2, 5]) {
			const at = draw(n);
			const given = new Map<string, unknown>([
				["K", elements(at.K)],
				["y", elements(at.y)],
			]);
			const found = runPrinted(text, given.set("N", n));
			const [value, gradient] = valueAndGrad(f)(at);
			near(found.loss as number, value.item());
			near([...(found.grad_K as Float64Array)], [...elements(gradient.K)]);
			near([...(found.grad_y as Float64Array)], [...elements(gradient.y)]);
		}
	});

	test("the program against adjoint reads like the function", () => {
		assert.is(
			derivationOf(nets.twoLayers!).print("ts"),
			[
				'import { type Tensor, mul } from "adjoint";',
				"",
				"export function gradients(",
				"  w1: Tensor, // D_in×H",
				"  w2: Tensor, // H×D_out",
				"  x: Tensor, // N×D_in",
				"  y: Tensor, // N×D_out",
				") {",
				"  // Forward",
				"  const h = x.dot(w1); // N×H",
				"  const h_relu = h.maximum(0); // N×H",
				"  const y_pred = h_relu.dot(w2); // N×D_out",
				"  const loss = y_pred.sub(y).square().sum();",
				"",
				"  // Backward",
				"  const grad_y_pred = mul(2, y_pred.sub(y)); // N×D_out",
				"  const grad_w2 = h_relu.T.dot(grad_y_pred); // H×D_out",
				"  const grad_h_relu = grad_y_pred.dot(w2.T); // N×H",
				"  const grad_h = h.greaterEqual(0).where(grad_h_relu, 0); // N×H",
				"  const grad_w1 = x.T.dot(grad_h); // D_in×H",
				"  return { loss, grad_w2, grad_w1 };",
				"}",
				"",
			].join("\n"),
		);
	});
});
