import * as assert from "uvu/assert";
import { assertGradients } from "../../../lib/check/index.ts";
import { compile } from "../../../lib/compile/index.ts";
import { derive } from "../../../lib/derivation/index.ts";
import {
	bincount,
	corrcoef,
	cov,
	cummax,
	cummin,
	diff,
	histogram,
	interp,
	median,
	nanMax,
	nanMean,
	nanMin,
	nanSum,
	nonzero,
	quantile,
	searchSorted,
	stack,
	type Tensor,
	tensor,
	trapezoid,
	unique,
	vmap,
} from "../../../lib/index.ts";
import { near, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const rows = tensor([
	[0.5, -1.25, 2, 0.75, -0.3, 1.5],
	[3, 0.1, -2, 1.75, 0.9, -0.6],
	[-0.7, 1.1, 0.2, -1.6, 2.2, 0.4],
]);
const knots = tensor([-2, -0.8, 0.3, 1, 4]);
const matrix = (v: Tensor) => v.reshape([2, 3]);

/** Functions of a vector of six numbers whose derivative is not 0. */
const smooth: Readonly<Record<string, (v: Tensor) => Tensor>> = {
	median: (v) => median(v),
	"median of rows": (v) => median(matrix(v), 1),
	quantile: (v) => quantile(v, [0.1, 0.5, 0.8]),
	"quantile by hazen": (v) => quantile(matrix(v), 0.4, 0, { method: "hazen" }),
	nanSum: (v) => nanSum(matrix(v), 0),
	nanMean: (v) => nanMean(v.mul(v)),
	nanMax: (v) => nanMax(matrix(v), 1),
	nanMin: (v) => nanMin(v),
	cummax: (v) => cummax(v),
	cummin: (v) => cummin(matrix(v), 1),
	diff: (v) => diff(v, 2),
	trapezoid: (v) => trapezoid(v, v.square()),
	cov: (v) => cov(matrix(v)),
	corrcoef: (v) => corrcoef(matrix(v)),
	interp: (v) => interp(v, knots, knots.square()),
	"interp of values": (v) => interp(knots, tensor([-3, -1, 0, 1, 2, 5]), v),
	"weights of bincount": (v) => bincount([0, 2, 1, 0, 3, 2], { weights: v, length: 4 }),
	"weights of histogram": (v) => histogram(rows.slice(0), 3, { weights: v })[0],
	unique: (v) => unique(v, { size: 4 }),
};
const constant: Readonly<Record<string, (v: Tensor) => Tensor>> = {
	searchSorted: (v) => searchSorted(knots, v),
	"searchSorted among all": (v) => searchSorted(v.sort(), knots, { side: "right" }),
	bincount: (v) => bincount(v.floor().add(2).astype("int32"), { length: 5 }),
	histogram: (v) => stack(histogram(v, 4, { range: [-2, 2], density: true }).map((x) => x.sum())),
	nonzero: (v) => stack(nonzero(matrix(v).greater(0), { size: 5, fill: -1 })),
};

suite("ops/statistics/roads", (test) => {
	test("derivatives agree with finite differences to second order, in both modes", () => {
		for (const [name, f] of Object.entries(smooth)) {
			try {
				assertGradients((v: Tensor) => f(v).sin().sum(), [rows.slice(0)], { order: 2 });
			} catch (error) {
				assert.unreachable(`${name}: ${(error as Error).message}`);
			}
		}
	});

	test("compiled, they give what they give alone", () => {
		for (const [name, f] of Object.entries({ ...smooth, ...constant })) {
			const compiled = compile(f);
			for (let i = 0; i < 3; i++) {
				try {
					near(compiled(rows.slice(i)), f(rows.slice(i)), 1e-14);
				} catch (error) {
					assert.unreachable(`${name}: ${(error as Error).message}`);
				}
			}
		}
	});

	test("a batch gives the bits of one example after the other", () => {
		for (const [name, f] of Object.entries({ ...smooth, ...constant })) {
			try {
				same(vmap(f)(rows), stack([0, 1, 2].map((i) => f(rows.slice(i)))));
			} catch (error) {
				assert.unreachable(`${name}: ${(error as Error).message}`);
			}
		}
	});

	test("derivations of them hold in every form", () => {
		for (const [name, f] of Object.entries(smooth)) {
			const verified = derive((v: Tensor) => f(v).square().sum(), { v: rows.slice(1) }).verify();
			assert.ok(verified.ok, `${name}: ${String(verified)}`);
		}
	});

	test("float32 stays float32", () => {
		const single = rows.slice(0).astype("float32");
		const alone = Object.values(smooth).slice(0, 14);
		const results = alone.map((f) => f(single));
		assert.ok(results.every(({ dtype }) => dtype === "float32"));
	});
});
