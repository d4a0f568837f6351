import * as assert from "uvu/assert";
import { elements } from "../../../lib/core/strided.ts";
import { derive } from "../../../lib/derivation/index.ts";
import { random, type Tensor, tensor, valueAndGrad } from "../../../lib/index.ts";
import { near } from "../../near.ts";
import { suite } from "../../suite.ts";
import { linesOf } from "../lines.ts";
import { asArray, hasNumPy, runPython } from "../python.ts";
import { runPrinted } from "../run-printed.ts";

type F = (x: Tensor, ...rest: Tensor[]) => Tensor;

const w = random.normal(random.key(1), [2, 3]);
const t = tensor([1, 3]);
const row = tensor([true, false]);
const kept = (f: (x: Tensor) => Tensor): F => {
	return (x) => x.greater(0).where(f(x), 0).sum();
};

/**
 * Functions that are cut off where a derivative is infinite or NaN, at such a point, with their
 * gradients there.
 */
const cases: Readonly<
	Record<string, { f: F; args: readonly [Tensor, ...Tensor[]]; gradient?: string }>
> = {
	log: {
		f: kept((x) => x.log()),
		args: [tensor([0, 2])],
		gradient: "np.where(greater1, 1 / x, 0)",
	},
	"log below its domain": { f: kept((x) => x.log().mul(x)), args: [tensor([-1, 2])] },
	sqrt: { f: (x, y) => kept(() => x.sqrt().mul(y))(x), args: [tensor([0, 2]), t] },
	"a quotient": {
		f: (x, y) => x.greater(0).where(y.div(x), x).square().sum(),
		args: [tensor([0, 2]), t],
	},
	"a power": {
		f: kept((x) => x.power(0.5)),
		args: [tensor([0, 2])],
		gradient: "np.where(greater1, x ** (-0.5), 0) / 2",
	},
	"a power with a tensor": {
		f: (x, y) => kept(() => x.power(y))(x),
		args: [tensor([0, 2]), t.div(6)],
	},
	"exp that overflows": {
		f: (x) => x.less(5).where(x.exp(), x).mul(3).sum(),
		args: [tensor([0, 2000])],
	},
	"a sum of two": { f: kept((x) => x.log().add(x.reciprocal())), args: [tensor([0, 2])] },
	"relu of a root": {
		f: (x, y) => x.sqrt().as("r").relu().sub(y).square().sum(),
		args: [tensor([0, 2]), t],
		gradient: "np.where(r > 0, (relu1 - y) / r, 0)",
	},
	"what is named": {
		f: (x) => x.greater(0).where(x.log().as("l"), 0).as("s").square().sum(),
		args: [tensor([0, 2])],
		gradient: "scaled(grad_l, 1 / x)",
	},
	"a slice": { f: (x, y) => x.log().slice([1, 3]).mul(y).sum(), args: [tensor([0, 2, 3]), t] },
	"what is not greatest": { f: (x) => x.neg().log().max(), args: [tensor([-0.5, -2, 0])] },
	"a row before a product of matrices": {
		f: (x, m) => m!.where(x.log().dot(w).square().sum(1), 0).sum(),
		args: [tensor([[1, 2], [0, 0]]), row], // biome-ignore format: a matrix
	},
	"a row's norm": {
		f: (x, m) => m!.where(x.dot(w).square().sum(1).sqrt(), 0).sum(),
		args: [tensor([[1, 2], [0, 0]]), row], // biome-ignore format: a matrix
	},
	"a factor that a sum takes out": {
		f: (x, m) =>
			m!
				.where(
					x
						.expandDims(1)
						.mul(tensor([1, 2]))
						.log()
						.sum(1),
					0,
				)
				.sum(),
		args: [tensor([2, 0]), row],
	},
};

const isThere = hasNumPy();
if (!isThere)
	console.log(
		"derivation/draft/absorbing-products: no python3 with NumPy here, so NumPy is not run",
	);

suite("derivation/draft/absorbing-products", (test) => {
	for (const [name, { f, args, gradient }] of Object.entries(cases)) {
		const names = ["x", args[1]?.dtype === "bool" ? "m" : "y"].slice(0, args.length);
		const given = new Map(args.map((x, i) => [names[i]!, x]));
		const derivationOf = (simplify: boolean) => derive(f, [...args], { names, simplify });
		const [, expected] = valueAndGrad(f)(...(args as readonly [Tensor, Tensor]));

		test(`${name}: where it is cut off, each printed program gives exactly 0, as the engine does`, () => {
			assert.ok([...elements(expected)].every(Number.isFinite));
			for (const simplify of [true, false]) {
				const derivation = derivationOf(simplify);
				derivation.verify();
				near(runPrinted(derivation.print("ts"), given).grad_x as Tensor, expected);
				if (name === "what is not greatest") continue;
				const arrays = new Map([...given].map(([key, x]) => [key, elements(x)]));
				const plain = runPrinted(derivation.print("plain"), arrays).grad_x as Float64Array;
				near([...plain], [...elements(expected)]);
			}
		});

		if (gradient !== undefined) {
			test(`${name}: the gradient reads as a person writes it`, () => {
				const last = linesOf(derivationOf(true).backward).at(-1);
				assert.is(last, `grad_x = ${gradient}`);
			});
		}

		if (!isThere) continue;
		test(`${name}: NumPy gives exactly 0 there too`, () => {
			for (const simplify of [true, false]) {
				const lines = [...given].map(([key, x]) => `${key} = ${asArray(x)}`);
				const program = [
					"import numpy as np",
					"np.seterr(all='ignore')",
					...lines,
					derivationOf(simplify).print("numpy"),
				];
				const found = runPython(program.join("\n"), ["grad_x"]).get("grad_x")!;
				near(tensor(found.elements).reshape(found.shape), expected);
			}
		});
	}

	test("products of what is finite, and quotients of what is not cut off, stay as they were", () => {
		const text = (f: F, ...args: [Tensor, ...Tensor[]]) =>
			linesOf(derive(f, [...args], { names: ["x", "y"] }).backward);
		assert.equal(
			text((x) => x.sin().sum(), t),
			["grad_x = np.cos(x)"],
		);
		assert.equal(
			text((x, y) => x.log().mul(y!).sum(), t, t),
			["grad_x = y / x"],
		);
		assert.equal(
			text((x, y) => x.sigmoid().as("p").log().relu().mul(y!).sum(), t, t),
			["grad_log1 = y.copy()", "grad_log1[log1 <= 0] = 0", "grad_x = grad_log1 * (1 - p)"],
		);
		const masked = text((x) => x.square().as("s").relu().as("r").square().sum(), t);
		assert.equal(masked.slice(-3), [
			"grad_s = grad_r.copy()",
			"grad_s[s <= 0] = 0",
			"grad_x = 2.0 * grad_s * x",
		]);
	});

	test("a mask that is NaN shows in the gradient of the plain loops, as in the engine's", () => {
		const derivation = derive(
			(x: Tensor) =>
				x
					.relu()
					.mul(tensor([2, 3]))
					.sum(),
			{
				x: tensor([Number.NaN, 1]),
			},
		);
		const given = new Map([["x", Float64Array.of(Number.NaN, 1)]]);
		const found = runPrinted(derivation.print("plain"), given).grad_x as Float64Array;
		near([...found], [Number.NaN, 3]);
	});
});
