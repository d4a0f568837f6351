import * as assert from "uvu/assert";
import { records } from "../../lib/check/records.ts";
import { compile } from "../../lib/compile/index.ts";
import { derive } from "../../lib/derivation/index.ts";
import {
	apply,
	arange,
	avgPool2d,
	comparison,
	defineOp,
	elementwise,
	exp,
	grad,
	linspace,
	type Op,
	ones,
	outer,
	random,
	reduction,
	sum,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import * as s from "../../lib/scalar/index.ts";
import { runPrinted } from "../derivation/run-printed.ts";
import { near, same } from "../near.ts";
import { logMeanExp, standardized } from "../own-slices.ts";
import { suite } from "../suite.ts";
import { planned } from "./schedules.ts";

const x = tensor([1, 2, 3]);

suite("compile/lowering", (test) => {
	test("an op from outside of the library runs by its own formula or evaluation, though it is called like one of ours", () => {
		const double = elementwise(1, {
			name: "exp",
			formula: (v) => s.mul(2, v),
			partials: [() => 2],
			print: (v) => `2 * ${v}`,
		});
		const last = reduction({
			name: "sum",
			formula: (v) => s.total(s.select(s.equal(s.position, s.sub(s.n, 1)), v, 0)),
			weights: null,
			numpy: "last",
		});
		const negative: Op<"square", null> = {
			name: "square",
			infer: ([v]) => ({ shape: v!.shape, dtype: v!.dtype }),
			evaluate: ([v]) => tensor(v!.data.map((value) => -value)),
			differential: null,
			print: ([v]) => `-${v}`,
		};
		const defined = defineOp(negative, (v: Tensor) => apply(negative, [v], null));
		const f = compile((v: Tensor) => [double(v), last(v), apply(negative, [v], null), defined(v)]);
		const [a, b, c, d] = f(x);
		same(a!, [2, 4, 6]);
		same(b!, 3);
		same(c!, [-1, -2, -3]);
		same(d!, [-1, -2, -3]);
		const { steps } = f.explain(x);
		assert.equal(
			steps.map(({ runs }) => runs === "evaluation"),
			[false, false, true],
		);
	});

	test("the library's own ops of these names do not", () => {
		const { steps } = compile((v: Tensor) => [exp(v), sum(v)]).explain(x);
		assert.ok(steps.every(({ runs }) => runs !== "evaluation"));
	});

	test("each op says how it runs, but for those that have a formula, reduce, or are no such loop", () => {
		const all = [...records, ...Object.values(random).flatMap((f) => ("op" in f ? [f.op] : []))];
		const says = ({ formula, slices, scan, lowering }: Op) => formula ?? slices ?? scan ?? lowering;
		const others = all.filter((op) => says(op) === undefined).map(({ name }) => name);
		assert.equal(others.toSorted(), [
			"adjugate",
			"argsort",
			"betainc",
			"binomial",
			"categorical",
			"cholesky",
			"choleskyGradient",
			"complexDft",
			"determinant",
			"determinantSign",
			"dftToReal",
			"eigenSystem",
			"einsum",
			"eliminated",
			"expm",
			"gammainc",
			"gammaincSlope",
			"gammaincc",
			"inverse",
			"logDet",
			"logGamma",
			"normal",
			"permutation",
			"pinv",
			"pivotOrder",
			"poisson",
			"prodOthers",
			"realDft",
			"searchSorted",
			"singularSystem",
			"solve",
			"spectral",
			"stackedQR",
			"symmetricSlope",
			"triangularSolve",
			"truncatedNormal",
			"winnerAt",
		]);
	});

	test("what an op says holds where dtypes and layouts allow it; else its own evaluation runs", () => {
		const runs = <Args extends Tensor[]>(f: (...args: Args) => unknown, ...args: Args) =>
			planned(f, ...args).steps.map(({ kernel }) => kernel.kind);
		const square = (v: Tensor) => v.dot(v);
		const pooled = (stride: number) =>
			grad((v: Tensor) => avgPool2d(v, 2, { stride }).square().sum());
		const [matrix, image] = [ones([3, 3]), ones([1, 1, 4, 4])];
		assert.equal(runs(square, matrix), ["product"]);
		assert.equal(runs(square, matrix.astype("int32")), ["evaluation"]);
		assert.equal(runs(outer, x, x), ["product"]);
		assert.equal(runs(outer, x.astype("int32"), x.astype("int32")), ["evaluation"]);
		assert.equal(runs(sum, matrix), ["reduction"]);
		assert.equal(runs(sum, ones([3, 0])), ["evaluation"]);
		// Windows that share elements are added up, others put in their places.
		assert.is(runs(pooled(1), image).at(-1), "scatter");
		assert.is(runs(pooled(2), image).at(-1), "loop");
	});

	test("an op from outside that says it is a view is read where its argument lies", () => {
		const firstColumn = (copies: boolean): Op<"firstColumn", null> => ({
			name: "firstColumn",
			lowering: "view",
			infer: ([v]) => ({ shape: [v!.shape[0]!], dtype: v!.dtype }),
			evaluate: ([v]) => (copies ? tensor([...v!.slice(null, 0).data]) : v!.slice(null, 0)),
			differential: null,
			print: ([v]) => `${v}[:, 0]`,
		});
		const values = arange(6, { dtype: "float64" }).reshape([2, 3]);
		for (const copies of [false, true]) {
			const f = compile((v: Tensor) => apply(firstColumn(copies), [v.add(1)], null).mul(2));
			same(f(values), [2, 8]);
			// What copies all the same runs by its own evaluation.
			assert.equal(
				f.explain(values).steps.map(({ runs }) => runs),
				copies ? ["loop", "evaluation", "loop"] : ["loop", "loop"],
			);
		}
	});

	const logCosh = elementwise(1, {
		name: "logCosh",
		formula: (v) => {
			const size = s.abs(v);
			return s.sub(s.add(size, s.log1p(s.exp(s.mul(-2, size)))), Math.LN2);
		},
		partials: [(v) => v.tanh()],
		print: (v) => `np.log(np.cosh(${v}))`,
	});
	const within = elementwise(2, {
		name: "within",
		formula: (v, bound) => s.less(s.floorMod(v, bound), 1),
		partials: null,
		dtype: comparison,
		print: (v, bound) => `np.mod(${v}, ${bound}) < 1`,
	});

	test("an op from outside is part of the loop around it, in all dtypes", () => {
		const f = (v: Tensor) => within(logCosh(v.mul(2)), 3).where(logCosh(v), v);
		for (const dtype of ["float64", "float32"] as const) {
			const values = linspace(-5, 5, 41).astype(dtype);
			const compiled = compile(f);
			near(compiled(values), f(values), dtype === "float64" ? 1e-15 : 1e-6);
			const { steps } = compiled.explain(values);
			assert.is(steps.length, 1);
			assert.is(steps[0]!.runs, "loop");
		}
		const whole = arange(20, { dtype: "int32" });
		same(compile((v: Tensor) => within(v, 7))(whole), within(whole, 7));
	});

	test("a reduction and a normalization from outside are fused, compiled and shared by threads as ours are", () => {
		const values = linspace(-5, 5, 200_000).reshape([500, 400]);
		const f = (v: Tensor) => [logMeanExp(v.mul(2), 1), standardized(logCosh(v), 0).exp()];
		for (const dtype of ["float64", "float32"] as const) {
			const v = values.astype(dtype);
			const compiled = compile(f, { threads: 2 });
			const [expected, actual] = [f(v), compiled(v)];
			for (const i of [0, 1]) near(actual[i]!, expected[i]!, dtype === "float64" ? 1e-13 : 3e-6);
			const { steps } = compiled.explain(v);
			assert.equal(
				steps.map(({ runs, threads }) => [runs, threads]),
				[
					["reduction", 2],
					["reduction", 2],
				],
			);
		}
	});

	test("they print as loops that give their values", () => {
		const v = linspace(-3, 3, 6).reshape([2, 3]);
		const f = (w: Tensor) => logMeanExp(standardized(w.mul(2)).square());
		const derivation = derive(f, { w: v });
		const { loss, grad_w } = runPrinted(derivation.print("plain"), new Map([["w", v.data]]));
		near(loss as number, f(v));
		near([...(grad_w as Float64Array)], [...grad(f)(v).data]);
	});

	test("threads share the loop of an op from outside", () => {
		const values = linspace(-5, 5, 100_000);
		const { steps } = compile((v: Tensor) => logCosh(v), { threads: 2 }).explain(values);
		assert.equal(
			steps.map(({ threads }) => threads),
			[2],
		);
	});

	test("an op from outside prints as loops that give its values", () => {
		const v = linspace(-3, 3, 7);
		const derivation = derive((w: Tensor) => logCosh(w.mul(2)).sum(), { w: v });
		const printed = runPrinted(derivation.print("plain"), new Map([["w", v.data]]));
		near([...(printed.grad_w as Float64Array)], v.mul(2).tanh().mul(2));
		assert.match(derivation.print("plain"), /^function logCosh\(x: number\): number \{$/m);
	});

	test("such loops run whatever the op is called", () => {
		for (const name of ["delete", "gradients", "w", "loss"]) {
			const twice = elementwise(1, {
				name,
				formula: (v) => {
					const e = s.exp(v);
					return s.mul(e, s.sub(e, 1));
				},
				partials: [(v) => v.exp()],
				print: (v) => `f(${v})`,
			});
			const v = linspace(-1, 1, 5);
			const derivation = derive((w: Tensor) => twice(w).sum(), { w: v });
			const { loss } = runPrinted(derivation.print("plain"), new Map([["w", v.data]]));
			near(loss as number, twice(v).sum());
		}
	});
});
