import * as assert from "uvu/assert";
import { checkOp } from "../lib/check/check-op.ts";
import {
	apply,
	asTensor,
	type Binary,
	bilinear,
	DomainError,
	DTypeError,
	defineOp,
	elementwise,
	GradientError,
	grad,
	hvp,
	jvp,
	maps,
	mul,
	type Op,
	type OpFunction,
	type ReduceOptions,
	type Reduction,
	type ReductionRule,
	reduction,
	type Scalar,
	ShapeError,
	type Tensor,
	type TensorLike,
	tensor,
	vjp,
} from "../lib/index.ts";
import * as s from "../lib/scalar/index.ts";
import { near, refuses, same } from "./near.ts";
import { logMeanExp, standardized } from "./own-slices.ts";
import { LAW_RUNS } from "./runs.ts";
import { suite } from "./suite.ts";

// Ops from outside, by each of the ways there are.

/** √(x² + y²). */
const length: Binary<"length"> = elementwise(2, {
	name: "length",
	formula: (x, y) => s.sqrt(s.add(s.mul(x, x), s.mul(y, y))),
	partials: [(x, _, out) => x.div(out), (_, y, out) => y.div(out)],
	domain: [{ min: 0.25 }, {}],
	print: (x, y) => `np.sqrt(${x} ** 2 + ${y} ** 2)`,
});

/** Σ x³. */
const sumOfCubes: Reduction<"sumOfCubes"> = reduction({
	name: "sumOfCubes",
	formula: (x) => s.total(s.mul(x, s.mul(x, x))),
	weights: (x) => mul(3, x.square()),
	numpy: "sum_of_cubes",
});

/** Products of bools are int32. */
const productType = ([x]: readonly Tensor[]) => ({
	shape: x!.shape,
	dtype: x!.dtype === "bool" ? ("int32" as const) : x!.dtype,
});

/** A bilinear product, elementwise on equal shapes. */
const hadamard: OpFunction<"hadamard", (x: Tensor, w: Tensor) => Tensor> = defineOp(
	bilinear<"hadamard", null>({
		name: "hadamard",
		infer: productType,
		evaluate: ([x, w]) => x!.mul(w!),
		transposes: [(g, _, w) => hadamard(g, w), (g, x) => hadamard(g, x)],
		print: ([x, w]) => `${x} * ${w}`,
		sample: (draw) => {
			const shape = draw.shape();
			return { inputs: [draw.tensor(shape), draw.tensor(shape)], params: null };
		},
	}),
	(x: Tensor, w: Tensor): Tensor => apply(hadamard.op, [x, w], null),
);

const matrixSquareRecord: Op<"matrixSquare", null> = {
	name: "matrixSquare",
	infer: productType,
	evaluate: ([x]) => x!.matmul(x!),
	// d(X·X) = dX·X + X·dX: a map that is a sum of two.
	differential: (_, [x]) => {
		const [left, right] = [maps.leftMultiply(x!), maps.rightMultiply(x!)];
		return maps.linearMap(
			"X·dX + dX·X",
			(dx) => left.apply(dx).add(right.apply(dx)),
			(g) => left.transpose.apply(g).add(right.transpose.apply(g)),
		);
	},
	print: ([x]) => `${x} @ ${x}`,
	sample: (draw) => {
		const n = draw.integer(0, 3);
		return { inputs: [draw.tensor([n, n])], params: null };
	},
};

const matrixSquare = defineOp(
	matrixSquareRecord,
	(x: TensorLike): Tensor => apply(matrixSquareRecord, [asTensor("matrixSquare", x)], null),
);

// Records that state what a tangent is scaled by, or how it is summed, in place of a map.

/** 2·x + w². */
const bend: Op<"bend", null> = {
	name: "bend",
	infer: productType,
	evaluate: ([x, w]) => x!.mul(2).add(w!.square()),
	differential: (i, [, w]) => (i === 0 ? 2 : mul(2, w!)),
	print: ([x, w]) => `2 * ${x} + ${w} ** 2`,
	sample: (draw) => {
		const shape = draw.shape();
		return { inputs: [draw.tensor(shape), draw.tensor(shape)], params: null };
	},
};

/** Σ x² over the last axis. */
const energy: Op<"energy", null> = {
	name: "energy",
	infer: ([x]) => ({ shape: x!.shape.slice(0, -1), dtype: productType([x!]).dtype }),
	evaluate: ([x]) => x!.mul(x!).sum(-1),
	differential: (_, [x]) => new maps.WeightedSum(mul(2, x!), x!.shape, [x!.rank - 1], false),
	print: ([x]) => `np.square(${x}).sum(axis=-1)`,
	sample: (draw) => ({ inputs: [draw.tensor(draw.shape({ minRank: 1 }))], params: null }),
};

suite("define-op", (test) => {
	test("a name that cannot stand in code is refused where the op is defined", () => {
		const rule = {
			formula: (x: Scalar) => x,
			partials: null,
			print: (x: string) => x,
		};
		const names = ["smooth-relu", "a.b", "1x", "", "a b", "x(){}, globalThis.x = 1, function y"];
		for (const name of [...names, undefined as unknown as string]) {
			const text = `expected a name of letters and digits, such as "smoothRelu", got ${JSON.stringify(name)}`;
			refuses(() => elementwise(1, { name, ...rule }), DomainError, `elementwise: ${text}`);
			refuses(() => defineOp({ ...mul.op, name }, () => {}), DomainError, `defineOp: ${text}`);
			const total: ReductionRule<string, ReduceOptions> = {
				name,
				formula: (x) => s.total(x),
				weights: null,
				numpy: "total",
			};
			refuses(() => reduction(total), DomainError, `reduction: ${text}`);
		}
		for (const name of ["smoothRelu", "$", "_1", "größe", "delete"]) {
			same(elementwise(1, { name, ...rule })(2), 2);
		}
	});

	test("a reduction whose formula shows elements outside of reducers is refused, and so is a function of another's", () => {
		const rule = { name: "rest", weights: null, numpy: "rest" };
		const text = "reduction: expected the formula of rest to ";
		refuses(
			() => reduction({ ...rule, formula: (x) => s.sub(x, s.total(x)) }),
			DomainError,
			`${text}give one value for each slice, such as s.total(x)`,
		);
		refuses(
			() => reduction({ ...rule, formula: (x, k) => s.total(s.mul(x, k!)) }),
			DomainError,
			"reduction: expected `numbers` for the formula of rest, which takes 1 after x",
		);
		const old = { ...rule, evaluate: () => 0 } as unknown as ReductionRule<string, ReduceOptions>;
		refuses(
			() => reduction(old),
			DomainError,
			"reduction: expected the formula of rest to be made of",
		);
		const own = { name: "own", arity: 1, evaluate: Math.cbrt, operator: undefined };
		const call = (x: Scalar): Scalar => ({
			kind: "call",
			type: "number",
			of: own,
			args: [x],
		});
		refuses(
			() => reduction({ ...rule, formula: (x) => s.total(call(x)) }),
			DomainError,
			`${text}be made of what \`adjoint/scalar\` has, such as s.div(x, s.total(x)), got own`,
		);
		refuses(
			() =>
				elementwise(1, {
					...rule,
					formula: (x: Scalar) => s.total(x),
					partials: null,
					print: String,
				}),
			DomainError,
			"elementwise: expected the formula of rest to be made of what `adjoint/scalar` has, such as s.max(x, 0), got total",
		);
	});

	const outside = [length, sumOfCubes, logMeanExp, standardized, hadamard, matrixSquare];
	for (const op of [...outside.map(({ op }) => op), bend, energy]) {
		test(`${op.name}, defined outside, obeys every law`, () => checkOp(op, { runs: LAW_RUNS }));
	}

	test("an op from outside broadcasts, takes numbers and nests like any other", () => {
		const x = tensor([[3], [6]]);
		near(length(x, 4), [[5], [Math.sqrt(52)]]);
		near(grad((v: Tensor) => length(v, tensor([4, 4])).sum())(x), [[1.2], [12 / Math.sqrt(52)]]);
		same(sumOfCubes(x, 0), [243]);
		same(
			hvp((v: Tensor) => sumOfCubes(v), x, tensor([[1], [10]])),
			[[18], [360]],
		);
		same(jvp(matrixSquare, tensor([[2]]), tensor([[1]]))[1], [[4]]);
	});

	test("an argument that is no tensor is refused", () => {
		for (const x of [2, undefined, [1]]) {
			const call = () => apply(bend, [x as unknown as Tensor, tensor(1)], null);
			refuses(call, DTypeError, "bend: expected argument 1 to be a tensor");
		}
	});

	test("a derivative of a wrong shape is refused in both modes", () => {
		const wide = elementwise(1, {
			name: "wide",
			formula: (x) => x,
			partials: [(x) => x.broadcastTo([3, 2])],
			print: (x) => x,
		});
		const text = "wide: expected its derivative by argument 1 to give (2), got (3×2)";
		const x = tensor([1, 2]);
		refuses(() => vjp(wide, x)[1](x), ShapeError, text);
		refuses(() => jvp(wide, x, x), ShapeError, text);
	});

	test("an elementwise op without a partial derivative for each argument is refused", () => {
		const rule = {
			name: "half",
			formula: (x: Scalar, y: Scalar) => s.add(x, y),
			print: () => "",
		};
		for (const [partials, got] of [
			[[() => 1], "1"] as const,
			[undefined as never, "none"] as const,
		]) {
			const text = `half: expected a partial derivative for each of 2 arguments, got ${got}`;
			refuses(() => elementwise(2, { ...rule, partials }), GradientError, text);
		}
	});

	test("the public function carries its name and its record", () => {
		assert.is(matrixSquare.name, "matrixSquare");
		assert.is(matrixSquare.op, matrixSquareRecord);
		assert.is(length.name, "length");
	});

	test("a formula that gives no term, or calls a function that is not of the library, is refused", () => {
		const half = (formula: (x: Scalar) => Scalar) => () =>
			elementwise(1, { name: "half", formula, partials: [() => 0.5], print: (x) => `${x} / 2` });
		const text =
			"elementwise: expected the formula of half to be made of what `adjoint/scalar` has, such as s.max(x, 0), got";
		const plain = (x: unknown) => ((x as number) / 2) as unknown as Scalar;
		refuses(half(plain), DomainError, `${text} NaN`);
		refuses(
			half(() => undefined as never),
			DomainError,
			`${text} undefined`,
		);
		const of = { name: "sin", arity: 1, operator: undefined, evaluate: (v: number) => v / 2 };
		const foreign = (x: Scalar): Scalar => ({
			kind: "call",
			type: "number",
			of,
			args: [x],
		});
		refuses(half(foreign), DomainError, `${text} sin`);
	});
});
