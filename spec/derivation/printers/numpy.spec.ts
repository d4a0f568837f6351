import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { programs, records } from "../../../lib/check/index.ts";
import { drawFrom, numbersFrom } from "../../../lib/check/sampling.ts";
import { apply, type Op } from "../../../lib/core/op.ts";
import type { Data } from "../../../lib/core/params.ts";
import { treeLeaves } from "../../../lib/core/tree.ts";
import { type Derivation, derive, type Statement } from "../../../lib/derivation/index.ts";
import { numpyStatement } from "../../../lib/derivation/printers/numpy.ts";
import { helpersFor } from "../../../lib/derivation/printers/numpy-helpers.ts";
import {
	adjugate,
	div,
	grad,
	internal,
	outer,
	random,
	type Tensor,
	tensor,
	valueAndGrad,
	zeros,
} from "../../../lib/index.ts";
import { constantOf, instructionOf } from "../../../lib/program/program.ts";
import { isAskedFor } from "../../asked-for.ts";
import { near } from "../../near.ts";
import { suite } from "../../suite.ts";
import { asArray, hasNumPy, python, runPython } from "../python.ts";

const isThere = hasNumPy();
if (!isThere)
	console.log(
		"derivation/printers/numpy: no python3 with NumPy here, so printed programs are not run",
	);

/** An op's statement of arguments `a0`, `a1`, …, as a derivation would print it. */
function statementOf(op: Op, variable: string, inputs: readonly Tensor[], params: Data): string {
	const values = inputs.map(constantOf);
	const value = instructionOf(op, values, params);
	const args = values.map((each, i) => ({ kind: "name", name: `a${i}`, value: each }) as const);
	const expression = { kind: "application", op, params, value, args } as const;
	const reason = { kind: "forward" } as const;
	const statement: Statement = { variable, expression, value, axes: [], gradientOf: null, reason };
	return numpyStatement(statement).join("\n");
}

/** A derivation's program, run in Python, gives its gradients. */
function checkInPython(
	derivation: Derivation,
	leaves: readonly Tensor[],
	expected: readonly Tensor[],
) {
	const given = derivation.arguments.map(({ name }, i) => `${name} = ${asArray(leaves[i]!)}`);
	const constants = derivation.constants.map(({ name, value }) =>
		value.kind === "constant" ? `${name} = ${asArray(value.tensor)}` : "",
	);
	const inputs = derivation.arguments.filter((argument) => argument.differentiated);
	const lines = inputs.map(({ name }) => derivation.backward.find((l) => l.gradientOf === name)!);
	const program = ["import numpy as np", ...given, ...constants, derivation.print("numpy")];
	const found = runPython(
		program.join("\n"),
		lines.map(({ variable }) => variable),
	);
	for (const [i, { variable }] of lines.entries()) {
		const { shape, elements } = found.get(variable)!;
		near(tensor(elements).reshape(shape), expected[i]!, 1e-9);
	}
}

suite("derivation/printers/numpy", (test) => {
	test("helpers come with those that they use, and only those", () => {
		const names = (text: string) =>
			helpersFor(text).map((part) => /def (\w+)/.exec(part)?.[1] ?? part);
		assert.equal(names("y = convolve_input(g, w)"), ["convolve_input", "add_windows"]);
		assert.equal(names("y = 1 - erf(x)"), ["import math", "erf"]);
		assert.equal(names("y = np.cumsum(x, axis=0)"), []);
	});

	test("a masked gradient is a copy and an assignment, but for a mask of more than a comparison", () => {
		const relu = derive((x: Tensor) => x.mul(x).as("h").relu().sum(), { x: tensor([1, -2]) });
		assert.ok(String(relu).includes("grad_h = np.where(h > 0, 1, 0)"), String(relu));
		const masked = derive((x: Tensor) => x.mul(x).as("h").relu().as("r").square().sum(), {
			x: tensor([1, -2]),
		});
		assert.ok(String(masked).includes("grad_h[h <= 0] = 0"), String(masked));
		const clipped = derive((x: Tensor) => x.mul(2).as("h").clip(-1, 1).square().sum(), {
			x: tensor([1, -2]),
		});
		assert.ok(String(clipped).includes("np.where((h >= -1) * (1 >= h), "), String(clipped));
	});

	test("the headings are in the language that is asked for", () => {
		const derivation = derive((x: Tensor) => x.square().sum(), { x: tensor([1, 2]) });
		assert.is(
			derivation.print("numpy", { lang: "zh" }),
			"import numpy as np\n\n# 已知: x (2)\n\n# 前向传播\nloss = np.square(x).sum()\n\n# 反向传播\ngrad_x = 2.0 * x\n",
		);
	});

	test("a mask that broadcasts is no index, and no copy is made of what is computed on the spot", () => {
		const norm = derive((x: Tensor) => x.norm(), { x: tensor([[1, -2]]) });
		assert.ok(String(norm).includes("grad_x = np.where(loss > 0, "), String(norm));
	});

	if (!isThere) return;

	test("derivatives of the incomplete gamma function by its parameter are of any order", () => {
		const [a, x] = [tensor([0.7, 3]), tensor([1.1, 2.5])];
		const orders = [1, 2, 3, 4];
		const lines = orders.map(
			(order) => `r${order} = gammainc(${asArray(a)}, ${asArray(x)}, ${order})`,
		);
		const text = lines.join("\n");
		const program = ["import numpy as np", ...helpersFor(text), text].join("\n");
		const found = runPython(
			program,
			orders.map((order) => `r${order}`),
		);
		for (const order of orders) {
			near(tensor(found.get(`r${order}`)!.elements), internal.gammaincSlope(a, x, order), 1e-9);
		}
	});

	test("every op's notation computes in NumPy what the op computes", () => {
		const lines: string[] = [];
		const cases: { name: string; op: Op; expected: Tensor }[] = [];
		for (const op of records) {
			for (let seed = 0; seed < 5 && op.sample !== undefined; seed++) {
				const { inputs, params } = op.sample(drawFrom(numbersFrom(seed)));
				if (!isAskedFor(op, params)) continue;
				const name = `r${cases.length}`;
				lines.push(...inputs.map((x, i) => `a${i} = ${asArray(x)}`));
				lines.push(statementOf(op, name, inputs, params));
				cases.push({ name, op, expected: apply(op, inputs, params) });
			}
		}
		const text = lines.join("\n");
		const found = runPython(
			["import numpy as np", ...helpersFor(text), text].join("\n"),
			cases.map(({ name }) => name),
		);
		for (const { name, op, expected } of cases) {
			const { shape, elements } = found.get(name)!;
			assert.is(`${op.name} ${shape}`, `${op.name} ${expected.shape}`);
			near(tensor(elements).reshape(shape), expected.astype("float64"), 1e-9);
		}
	});

	test("the printed programs of models run, and give the engine's gradients", () => {
		const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
		const params = { w: normal(1, [3, 2, 2, 2]), v: normal(2, [12, 4]), b: normal(3, [4]) };
		const x = normal(4, [5, 2, 3, 3]);
		const labels = tensor([0, 3, 1, 1, 2], { dtype: "int32" });
		const loss = ({ w, v, b }: typeof params, input: Tensor, target: Tensor) => {
			const h = input.conv2d(w).relu().reshape([5, 12]).as("h");
			const log_p = h.dot(v).add(b).logSoftmax(1);
			return log_p.takeAlongAxis(target.expandDims(1), 1).mean().neg();
		};
		const derivation = derive(loss, { params, x, labels });
		derivation.verify();
		const [, gradient] = valueAndGrad(loss)(params, x, labels);
		checkInPython(derivation, [params.w, params.v, params.b, x, labels], treeLeaves(gradient));
	});

	test("the printed gradient of a product whose parts leave the range is the engine's", () => {
		const x = tensor(Array.from({ length: 4800 }, (_, i) => (i < 2400 ? 0.5 : 2)));
		for (const axes of [
			[0, 2],
			[0, 1, 2],
		]) {
			const f = (v: Tensor) => v.prod(axes).sum();
			const wide = axes.length === 3 ? x.reshape([60, 2, 40]) : x.reshape([60, 1, 80]);
			checkInPython(derive(f, { x: wide }), [wide], [grad(f)(wide)]);
			near(grad(f)(wide), div(1, wide));
		}
	});

	test("more derivatives of an adjugate than its elements have factors are 0, not what rounding leaves", () => {
		const [x, along, weights] = [1, 2, 3].map((k) => random.normal(random.key(k), [2, 2]));
		const f = (a: Tensor, h: Tensor) => adjugate(a, h).mul(weights!).sum();
		const derivation = derive(f, { x: x!, along: along! }, { simplify: false });
		derivation.verify({ forms: ["numpy"], python });
	});

	test("a constant without elements keeps its shape", () => {
		const f = (x: Tensor, y: Tensor) =>
			outer(x, y)
				.mul(zeros([0, 0]))
				.sum();
		const derivation = derive(f, { x: zeros([0]), y: zeros([0]) }, { simplify: false });
		assert.match(derivation.print("numpy"), "np.zeros((0, 0))");
		derivation.verify({ forms: ["numpy"], python });
	});

	test("the printed programs of random functions run, and give the engine's gradients", () => {
		const property = fc.property(programs({ maxOps: 8 }), ({ run, args }) => {
			const f = (leaves: readonly Tensor[]) =>
				run(leaves)
					.map((out) => out.tanh().sum())
					.reduce((sum, out) => sum.add(out));
			const derivation = derive(f, { x: [...args] });
			checkInPython(derivation, args, grad(f)([...args]));
		});
		fc.assert(property, { numRuns: 8 });
	});
});
