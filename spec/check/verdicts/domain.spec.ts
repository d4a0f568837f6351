import * as assert from "uvu/assert";
import {
	assertGradients,
	checkGradients,
	type GradientReport,
} from "../../../lib/check/gradients.ts";
import {
	cholesky,
	customGradient,
	DomainError,
	determinant,
	inverse,
	ShapeError,
	type Tensor,
	tensor,
	zeros,
} from "../../../lib/index.ts";
import { refuses } from "../../near.ts";
import { suite } from "../../suite.ts";

type Unary = (x: Tensor) => Tensor;

/** Not a matrix far from one that is not positive definite. */
const almost = (margin: number) =>
	tensor([
		[1, 1 - margin],
		[1 - margin, 1],
	]);
/** x², refused where `isOutside` says so of the first element. */
const guarded =
	(isOutside: (first: number) => boolean): Unary =>
	(x) => {
		if (isOutside(x.data[0]!)) throw new RangeError("out of bounds");
		return x.square();
	};
/** x² with a gradient that is refused at 1. */
const refusedAt1: Unary = customGradient(
	(x: Tensor) => x.square(),
	(g, _, x) => {
		if (x.data[0] === 1) throw new DomainError("no gradient at 1");
		return g.mul(x).mul(2);
	},
);
const edges = ({ findings }: GradientReport) => findings.map(({ numeric }) => numeric.kind);

suite("check/verdicts/domain", (test) => {
	test("a matrix that is just positive definite is moved by less", () => {
		for (const margin of [1e-2, 1e-6, 1e-9]) {
			assertGradients((x: Tensor) => cholesky(x), [almost(margin)]);
		}
		assertGradients((x: Tensor) => inverse(x), [almost(1e-3)]);
	});

	test("a wrong gradient fails there too", () => {
		const wrong = customGradient(
			(x: Tensor) => cholesky(x),
			(g, _, x) => g.mul(x),
		);
		assert.ok(checkGradients(wrong, [almost(1e-6)], { order: 1 }).counts.fail > 0);
	});

	test("a singular determinant is checked to second order", () => {
		for (const x of [
			tensor([
				[1, 2],
				[2, 4],
			]),
			zeros([2, 2]),
			zeros([3, 3]),
		]) {
			assertGradients((at: Tensor) => determinant(at), [x]);
		}
	});

	test("at the edge of a domain one side counts, and the report says what the other side said", () => {
		const f = guarded((first) => first > 1);
		const report = checkGradients(f, [tensor([1, 0.5])], { order: 1 });
		assert.ok(report.ok, String(report));
		assert.ok(edges(report).includes("edge"));
		assert.match(String(report), "at points nearby: out of bounds");
		const wrong = customGradient(f, (g, _, x) => g.mul(x).mul(3));
		assert.ok(checkGradients(wrong, [tensor([1, 0.5])], { order: 1 }).counts.fail > 0);
	});

	test("a function that is defined nowhere nearby is not confirmed", () => {
		const f = guarded((first) => first !== 1);
		const report = checkGradients(f, [tensor([1])], { order: 1 });
		assert.is(report.ok, false);
		assert.is(report.counts.pass, 0);
		assert.equal([...new Set(edges(report))], ["none"]);
		assert.match(String(report), "at points nearby: out of bounds");
	});

	test("results of another shape nearby are as outside of the domain", () => {
		const f: Unary = (x) => (x.data[0]! > 1.001 ? x.square().sum() : x.square());
		assertGradients(f, [tensor([1, 0.5])]);
	});

	test("a derivative that is refused at the point alone is a verdict, at any order", () => {
		const report = checkGradients(refusedAt1, [tensor([1])]);
		assert.equal(report.counts["non-finite"], report.findings.length);
		assert.match(String(report), "at the point itself: no gradient at 1");
		const second = customGradient(
			(x: Tensor) => x.power(3),
			(g, _, x) => g.mul(refusedAt1(x)).mul(3),
		);
		const { findings } = checkGradients(second, [tensor([1])], { order: 3 });
		assert.equal([...new Set(findings.map(({ order }) => order))], [2]);
	});

	test("an error that is a mistake is thrown as it is", () => {
		const mistaken = customGradient(
			(x: Tensor) => x.square(),
			(g) => g.dot(zeros([7, 7])),
		);
		refuses(() => checkGradients(mistaken, [tensor([1, 2])]), ShapeError, "dot: expected");
		const there = () => checkGradients((x: Tensor) => cholesky(x), [almost(3)]);
		refuses(there, DomainError, "cholesky: expected positive definite");
	});
});
