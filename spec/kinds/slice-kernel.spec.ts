import * as assert from "uvu/assert";
import { sumKernels } from "../../lib/kernels/vector-reductions.ts";
import { makeSliceKernels, narrowForm, sharedKernel } from "../../lib/kinds/slice-kernel.ts";
import { keptLoop, kernelSource } from "../../lib/kinds/slice-source.ts";
import * as s from "../../lib/scalar/index.ts";
import { lazySlices } from "../../lib/scalar/slice-form.ts";
import { isOneValue, type SliceFormula, totalForm } from "../../lib/scalar/slices.ts";
import { suite } from "../suite.ts";

const values = Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i * i) * 10 ** (i % 7));

function formOf(formula: SliceFormula, perElement = false) {
	return lazySlices(formula, perElement)();
}

const formulas: Record<string, SliceFormula> = {
	"a sum of squares": (x) => s.total(s.mul(x, x)),
	"a count beside a sum": (x) =>
		s.sub(s.total(s.abs(x)), s.total(s.greater(x, s.div(s.total(x), s.n)))),
	"a product of terms": (x) => s.product(s.add(1, s.abs(x))),
	"extremes and positions": (x) =>
		s.add(s.sub(s.greatest(x), s.least(x)), s.find(s.equal(x, s.greatest(x)))),
	"truth of all and of some": (x) => s.and(s.every(s.less(x, 1e9)), s.some(s.less(x, 0))),
	"a choice of what may not be needed": (x) => {
		const total = s.total(x);
		return s.select(s.less(total, 0), s.neg(total), s.total(s.sub(x, s.div(total, s.n))));
	},
};

suite("kinds/slice-kernel", (test) => {
	for (const [name, formula] of Object.entries(formulas)) {
		test(`${name}: the shared kernel gives the bits of the generated one`, () => {
			const form = formOf(formula);
			const { slice } = makeSliceKernels(form);
			for (const [start, n] of [
				[0, 1000],
				[3, 7],
				[128, 0],
				[5, 129],
			] as const) {
				const given = [values, start, n, [], values, 0] as const;
				assert.ok(Object.is(slice(...given), sharedKernel(form)(...given)), `${start}, ${n}`);
			}
		});
	}

	test("the place of an extreme is where its loop found it, and is that which the formula says", () => {
		const firstOf = (reducer: typeof s.greatest): SliceFormula => {
			return (x) => s.find(s.or(s.equal(x, reducer(x)), s.notEqual(x, x)));
		};
		// Slices of up to four of these, one after the other with something before and behind.
		const special = [-Infinity, -1, -0, 0, 2, Infinity, NaN];
		const slices = [1, 2, 3, 4].flatMap((n) =>
			Array.from({ length: special.length ** n }, (_, k) =>
				Array.from({ length: n }, (_, i) => special[Math.floor(k / special.length ** i) % 7]!),
			),
		);
		for (const formula of [firstOf(s.greatest), firstOf(s.least)]) {
			const form = formOf(formula);
			assert.is(kernelSource(form).match(/for \(let i = start/g)!.length, 1);
			const [{ slice }, expected] = [makeSliceKernels(form), sharedKernel(form)];
			for (const numbers of slices) {
				const x = Float64Array.of(5, ...numbers, 5);
				const given = [x, 1, numbers.length, [], x, 0] as const;
				assert.is(slice(...given), expected(...given), `${numbers}`);
			}
		}
	});

	test("a place that is not quite that of an extreme is sought by a loop of its own", () => {
		const near: SliceFormula[] = [
			(x) => s.find(s.or(s.equal(x, s.add(s.greatest(x), 0.5)), s.notEqual(x, x))),
			(x) => s.find(s.or(s.equal(s.abs(x), s.greatest(x)), s.notEqual(x, x))),
			(x) => s.find(s.or(s.equal(x, s.total(x)), s.notEqual(x, x))),
			(x) => s.find(s.equal(x, s.greatest(x))),
			(x) => s.add(s.greatest(x), s.find(s.or(s.equal(x, s.least(x)), s.less(x, x)))),
		];
		for (const formula of near) {
			const form = formOf(formula);
			for (const numbers of [
				[1, 3, 3],
				[-3, -1, 2],
				[NaN, 1],
				[2, NaN, 2.5, 2],
			]) {
				const x = Float64Array.from(numbers);
				const given = [x, 0, x.length, [], x, 0] as const;
				assert.equal(makeSliceKernels(form).slice(...given), sharedKernel(form)(...given));
			}
		}
	});

	const shown: Record<string, SliceFormula> = {
		"a term": (x) => {
			const e = s.exp(s.div(x, 1e7));
			return s.div(e, s.total(e));
		},
		"each of two terms": (x) => {
			const [e, square] = [s.exp(s.div(x, 1e7)), s.mul(x, x)];
			return s.add(s.div(e, s.total(e)), s.div(square, s.total(square)));
		},
	};
	for (const [name, formula] of Object.entries(shown)) {
		test(`${name} that is summed and shown is float64 whatever is stored`, () => {
			const form = formOf(formula, true);
			for (const make of [Float64Array, Float32Array]) {
				const [out, expected] = [new make(1004), new make(1004)];
				makeSliceKernels(form).slice(values, 0, 1000, [], out, 4);
				sharedKernel(form)(values, 0, 1000, [], expected, 4);
				assert.equal(out, expected);
			}
		});
	}

	test("exponentials of a slice that are summed and shown have the same bits on vectors", () => {
		const form = formOf((x) => {
			const e = s.exp(s.sub(x, s.greatest(x)));
			return s.div(e, s.total(e));
		}, true);
		const long = Float64Array.from({ length: 2 ** 15 }, (_, i) => 800 * Math.sin(i * i));
		for (const make of [Float64Array, Float32Array, Int32Array]) {
			const dtype = make === Float64Array ? "float64" : make === Float32Array ? "float32" : "int32";
			const x = new make(long);
			assert.ok(keptLoop(form, dtype) !== null);
			const fast = makeSliceKernels(form, dtype);
			const slow = makeSliceKernels(dtype === "float32" ? narrowForm(form) : form);
			// After 16 long slices code is made; 255 elements are left to the loop.
			for (const n of [...new Array<number>(17).fill(2 ** 15), 1000, 256, 255, 1]) {
				for (const made of [Float64Array, Float32Array]) {
					const [out, expected] = [new made(n + 1), new made(n + 1)];
					fast.slice(x, x.length - n, n, [], out, 1);
					slow.slice(x, x.length - n, n, [], expected, 1);
					assert.is(
						out.findIndex((value, i) => !Object.is(value, expected[i])),
						-1,
					);
				}
			}
		}
	});

	test("the kernels of the sum are those that would be generated", () => {
		const form = formOf((x) => s.total(x));
		assert.equal(form, totalForm);
		const made = makeSliceKernels(form);
		for (const n of [0, 1, 100, 499]) {
			assert.is(made.slice(values, 1, n, [], values, 0), sumKernels.slice(values, 1, n));
			const columns = [values, 0, Math.min(n, 490), 2, 3] as const;
			assert.equal(made.columns!(...columns, []), sumKernels.columns(...columns));
		}
	});

	test("what is the same for all elements is computed before them, and nothing twice", () => {
		const { passes } = formOf((x) => {
			const center = s.div(s.total(x), s.n);
			return s.sub(s.sub(x, center), s.div(s.total(x), s.n));
		}, true);
		const results = passes.map((pass) => pass.results.map(({ by }) => by));
		assert.equal(results, [["total"], ["value", "value"]]);
	});

	test("a value for each slice shows no element outside of reducers", () => {
		assert.ok(isOneValue(formOf((x) => s.total(x))));
		assert.not(isOneValue(formOf((x) => s.sub(x, s.total(x)))));
	});

	test("where generated code is forbidden, the shared kernel takes over", () => {
		const { Function: original } = globalThis;
		globalThis.Function = function forbidden() {
			throw new EvalError("forbidden");
		} as unknown as FunctionConstructor;
		try {
			const { slice, columns } = makeSliceKernels(formOf((x) => s.total(x)));
			assert.is(columns, null);
			assert.is(slice(values, 2, 100, [], values, 0), sumKernels.slice(values, 2, 100));
		} finally {
			globalThis.Function = original;
		}
	});
});
