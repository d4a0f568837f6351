import * as assert from "uvu/assert";
import { apply } from "../../../lib/core/op.ts";
import { elements } from "../../../lib/core/strided.ts";
import { derive, type Form } from "../../../lib/derivation/index.ts";
import { helperNames, helpersFor } from "../../../lib/derivation/printers/numpy-helpers.ts";
import {
	DerivationError,
	elementwise,
	ones,
	random,
	type Scalar,
	sub,
	type Tensor,
	tensor,
	tril,
	valueAndGrad,
} from "../../../lib/index.ts";
import { slice } from "../../../lib/ops/sections.ts";
import * as s from "../../../lib/scalar/index.ts";
import { near, refuses } from "../../near.ts";
import { sampled } from "../../runs.ts";
import { suite } from "../../suite.ts";
import { asArray, hasNumPy, runPython } from "../python.ts";
import { runPrinted } from "../run-printed.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
const FORMS: readonly Form[] = ["numpy", "ts", "plain", "latex", "markdown", "html"];

const isThere = hasNumPy();
if (!isThere)
	console.log("derivation/draft/names: no python3 with NumPy here, so NumPy is not run");

/** Names that helpers, imports, languages and what they bring along have already. */
const TAKEN = [
	...["sigmoid", "softmax", "norm", "scaled", "sub", "mul", "tensor", "full", "Tensor", "np"],
	...["float", "len", "range", "max", "Math", "Number", "Float64Array", "Infinity", "lambda"],
	...["new", "eval", "arguments", "implements", "undefined", "constructor", "toString"],
	...["__proto__", "i", "t", "total", "gradients", "loss", "c1", "term1", "grad_x"],
];

/**
 * Uses helpers of NumPy's form, imports of TypeScript's, and loops of the plain one, with values of
 * these names.
 */
const netOf = (first: string, second: string) => (x: Tensor, w: Tensor) => {
	const h = x.dot(w).sigmoid().as(first);
	const s = h.softmax(1).as(second);
	const log = x.greater(0).where(x.log().as("l"), 0);
	return s
		.sub(tensor([1, 2, 3]))
		.square()
		.sum()
		.add(sub(1, h).sum())
		.add(log.sum());
};

suite("derivation/draft/names", (test) => {
	const [x, w] = [normal(1, [4, 3]), normal(2, [3, 3])];
	const tried = TAKEN.filter((_, i) => i % Math.round(TAKEN.length / sampled(TAKEN.length)) === 0);
	const cases = tried.flatMap((name) =>
		["x", name].map((argument) => {
			const f = netOf(name, name === "sigmoid" ? "sigmoid_" : "sigmoid");
			const derivation = derive(f, [x, w], { names: [argument, "w"] });
			const [own, other] = derivation.arguments.map((each) => each.name) as [string, string];
			const gradient = derivation.backward.find((line) => line.gradientOf === own)!.variable;
			const given = new Map([
				[own, x],
				[other, w],
			]);
			return { name, derivation, gradient, given, expected: valueAndGrad(f)(x, w)[1] };
		}),
	);

	for (const name of tried) {
		test(`a value or an argument may be called ${name}`, () => {
			for (const each of cases.filter((one) => one.name === name)) {
				const { derivation, gradient, given, expected } = each;
				near(runPrinted(derivation.print("ts"), given)[gradient] as Tensor, expected);
				const arrays = new Map([...given].map(([key, value]) => [key, elements(value)]));
				const plain = runPrinted(derivation.print("plain"), arrays)[gradient] as Float64Array;
				near([...plain], [...elements(expected)]);
				derivation.print("markdown");
			}
		});
	}

	if (isThere) {
		test("printed NumPy runs with such names, each a variable of its own", () => {
			const program = cases.map(({ derivation, gradient, given }, i) => {
				const lines = [...given].map(([key, each]) => `${key} = ${asArray(each)}`);
				const text = ["import numpy as np", ...lines, derivation.print("numpy")].join("\n");
				return `space = {}\nexec(${JSON.stringify(text)}, space)\nr${i} = space["${gradient}"]`;
			});
			const names = cases.map((_, i) => `r${i}`);
			const found = runPython(["import numpy as np", ...program].join("\n"), names);
			for (const [i, { expected }] of cases.entries()) {
				const { shape, elements: values } = found.get(`r${i}`)!;
				near(tensor(values).reshape(shape), expected);
			}
		});
	}

	test("a user's name stays, and the helper or import of that name gets an underscore", () => {
		const derivation = derive(netOf("sigmoid", "sub"), [x, w], { names: ["x", "w"] });
		assert.match(derivation.print("numpy"), "sigmoid = sigmoid_(x.dot(w))");
		assert.match(derivation.print("numpy"), "def sigmoid_(x):");
		assert.match(derivation.print("markdown"), "sigmoid = sigmoid_(x.dot(w))");
		assert.match(derivation.print("ts"), "sub as sub_");
		assert.match(derivation.print("ts"), "const sub = ");
	});

	const axisNames = [
		["softmax", "sub"],
		["sigmoid", "softmax_"],
		["i", "_"],
		["lambda", "np"],
		["a b", "a_b"],
		["x", "c1"],
		["#4", "\n"],
	];
	const f = (v: Tensor) =>
		sub(1, v.sigmoid().softmax(1))
			.mul(v.dot(tril(ones([v.shape[1]!, v.shape[1]!]))))
			.square()
			.mean();

	test("an axis may be called like a helper, an import, an index or an argument, and holds any size", () => {
		const other = normal(3, [5, 2]);
		const [, expected] = valueAndGrad(f)(other);
		const all = axisNames.map((names) => derive(f, { x }, { axes: { x: names } }));
		for (const derivation of all) {
			assert.not.match(derivation.print("numpy"), "Holds for these shapes only");
			near(runPrinted(derivation.print("ts"), new Map([["x", other]])).grad_x as Tensor, expected);
			const given = new Map<string, unknown>([["x", elements(other)]]);
			for (const [i, variable] of [...derivation.sizes.variables.values()].entries()) {
				given.set(variable, other.shape[i]);
			}
			const plain = runPrinted(derivation.print("plain"), given).grad_x as Float64Array;
			near([...plain], [...elements(expected)]);
			derivation.print("html");
		}
		if (!isThere) return;
		const programs = all.map((derivation, i) => {
			const text = `import numpy as np\nx = ${asArray(other)}\n${derivation.print("numpy")}`;
			return `space = {}\nexec(${JSON.stringify(text)}, space)\nr${i} = space["grad_x"]`;
		});
		const results = all.map((_, i) => `r${i}`);
		const found = runPython(["import numpy as np", ...programs].join("\n"), results);
		for (const { elements: values, shape } of found.values()) {
			near(tensor(values).reshape(shape), expected);
		}
	});

	test("the helper gives way to the size, also in the lines that Markdown and plain loops show", () => {
		const derivation = derive(f, { x }, { axes: { x: ["softmax", "sub"] } });
		for (const form of ["numpy", "markdown"] as const) {
			assert.match(derivation.print(form), "\nsoftmax = x.shape[0]\n");
		}
		for (const form of ["numpy", "markdown", "plain"] as const) {
			assert.match(derivation.print(form), "softmax1 = softmax_(sigmoid1, axis=1)");
		}
		assert.match(derivation.print("numpy"), "def softmax_(x, axis):");
		assert.match(derivation.print("numpy"), "c1 = np.tril(np.ones((sub, sub)))\n");
		assert.match(derivation.print("ts"), "sub as sub_");
	});

	test("digits in a name are no size", () => {
		const derivation = derive(
			(v: Tensor) => v.square().as("h001").mean(),
			{ x },
			{ axes: { x: ["N", "D"] } },
		);
		assert.match(derivation.print("latex"), "h_{001} &= x^{2}");
		assert.match(derivation.print("latex"), "\\frac{2\\,x}{N \\cdot D}");
	});

	test("helpers use no name of Python's that a user's value could take", () => {
		const text = helpersFor(helperNames.map((name) => `${name}(`).join(" ")).join("\n");
		const called = [...text.matchAll(/(?<![\w.]|def )([A-Za-z_]\w*)(?=\()/g)].map(
			([, one]) => one!,
		);
		const words = new Set([...called, "float", "np", "math"]);
		for (const word of words) {
			if (helperNames.includes(word)) continue;
			const derivation = derive((v: Tensor) => v.square().as(word).sum(), { x });
			assert.is(derivation.forward[0]!.variable, `${word}_`);
		}
	});

	test("an axis name stays in its comment, and is no markup and no command anywhere", () => {
		const odd =
			'a\nimport os\u2028b\r*/ # """ <script>alert(1)</script> $zz$ `y` | _z_ *w* \\frac {';
		for (const axis of [odd, "\n", "$", "<b>", "", "(", "\uE000"]) {
			const derivation = derive(
				(v: Tensor) => v.square().sum(),
				{ x },
				{ axes: { x: [axis, "D"] } },
			);
			for (const form of FORMS) {
				const text = derivation.print(form);
				if (form !== "html") assert.not.match(text, /^(import os|b|\*\/)/m);
				if (form === "latex" || form === "markdown") {
					assert.not.match(text, /<script|<b>|`y`|\||\$zz|\\frac \{/);
				} else if (form === "html") {
					assert.not.match(text, /<script>alert|<b>/);
				} else {
					const line = text.split("\n").find((one) => one.includes("script"));
					if (line !== undefined) assert.match(line, /^# |, \/\/ /);
				}
			}
		}
	});

	test("a shape without names is written as it is", () => {
		const derivation = derive((v: Tensor) => v.square().sum(), { x });
		assert.match(derivation.print("markdown"), "$x$ ($4 \\times 3$)");
	});

	test("numbers that are not finite are written in the words of each language", () => {
		const f = (v: Tensor) =>
			v.clip(Number.NEGATIVE_INFINITY, 1).add(v.minimum(Number.POSITIVE_INFINITY))
				.pad(1, { value: Number.NEGATIVE_INFINITY }).exp().sum(); // biome-ignore format: a chain
		const derivation = derive(f, { x });
		assert.match(derivation.print("numpy"), "np.clip(x, -np.inf, 1)");
		assert.match(derivation.print("numpy"), "np.minimum(x, np.inf)");
		assert.match(derivation.print("numpy"), "constant_values=-np.inf");
		assert.not.match(derivation.print("numpy"), /Infinity|NaN/);
		assert.match(derivation.print("latex"), "\\infty");
		const [, expected] = valueAndGrad(f)(x);
		near(runPrinted(derivation.print("ts"), new Map([["x", x]])).grad_x as Tensor, expected);
		if (!isThere) return;
		const program = `import numpy as np\nx = ${asArray(x)}\n${derivation.print("numpy")}`;
		const found = runPython(program, ["grad_x"]).get("grad_x")!;
		near(tensor(found.elements).reshape(found.shape), expected);
	});

	test("a scalar argument may be a float of Python's", () => {
		const f = (v: Tensor, lambda: Tensor) =>
			v
				.square()
				.sum()
				.mul(lambda)
				.add(
					lambda
						.reshape([1, 1])
						.dot(v.slice([0, 1]))
						.sum(),
				)
				.add(apply(slice.op, [lambda], { sections: [] }).square());
		const derivation = derive(f, { w: x, lambda: tensor(0.5) });
		assert.not.match(derivation.print("numpy"), "lambda_.reshape");
		assert.match(derivation.print("numpy"), "np.asarray(lambda_)[()]");
		if (!isThere) return;
		const program = `import numpy as np\nw = ${asArray(x)}\nlambda_ = 0.5\n${derivation.print("numpy")}`;
		const found = runPython(program, ["grad_w"]).get("grad_w")!;
		near(tensor(found.elements).reshape(found.shape), valueAndGrad(f)(x, tensor(0.5))[1]);
	});

	test("an option is looked up among its own names, and an unknown form is refused", () => {
		const derivation = derive((v: Tensor) => v.square().sum(), [x], {
			names: ["constructor"],
			axes: {},
			distributions: {},
		});
		assert.is(derivation.backward[0]!.variable, "grad_constructor");
		refuses(() => derivation.print("toString" as Form), DerivationError, "numpy, ts, plain");
	});

	test("an op of the user's is not taken for the one of the library that is called like it", () => {
		const rule = { formula: (v: Scalar) => s.mul(2, v), partials: [() => 2] as const };
		const print = (v: string) => `2 * ${v}`;
		const exp = elementwise(1, { name: "exp", ...rule, print });
		const smooth = elementwise(1, { name: "smooth", ...rule, print });
		const text = derive((v: Tensor) => smooth(exp(v)).add(v.exp()).sum(), [x]).print("ts");
		assert.match(text, 'import { exp as own__exp } from "./ops.ts";');
		assert.match(text, 'import { smooth } from "./ops.ts";');
		assert.match(text, "smooth(own__exp(");
		assert.match(text, ".exp()");
	});
});
