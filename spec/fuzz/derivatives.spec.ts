import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { draws } from "../../lib/check/arbitrary-draw.ts";
import { programs } from "../../lib/check/programs.ts";
import { records } from "../../lib/check/records.ts";
import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import type { Tensor } from "../../lib/core/tensor.ts";
import {
	abs,
	add,
	customGradient,
	exp,
	mul,
	type Op,
	relu,
	roll,
	sin,
	sqrt,
	stopGradient,
	sub,
	sum,
	tensor,
} from "../../lib/index.ts";
import { mutantOf, mutations } from "../mutation/mutations.ts";
import { suite } from "../suite.ts";
import { judgeDerivatives, type Outcome } from "./derivatives.ts";

/** What is said of a function of one tensor. */
const judged = (f: (x: Tensor) => Tensor, x: Tensor): Outcome =>
	judgeDerivatives({ run: ([at]) => [f(at!)], args: [x] }, drawFrom(numbersFrom(2)));

/** Random programs in which a few right ops surround one that may be wrong, judged. */
function judgedWith(op: Op): { failed: boolean; numRuns: number } {
	const ops = [...records.slice(0, 12), op, op, op];
	return fc.check(
		fc.property(programs({ ops, minOps: 2, maxOps: 4 }), draws(), (program, draw) => {
			judgeDerivatives(program, draw);
		}),
		{ numRuns: 20, seed: 1, endOnFailure: true },
	);
}

suite("fuzz/derivatives", (test) => {
	test("the derivatives of random programs are confirmed along a line, without exception", () => {
		const told: Outcome[] = [];
		fc.assert(
			fc.property(programs(), draws(), (program, draw) => {
				told.push(judgeDerivatives(program, draw));
			}),
			{ numRuns: 25 },
		);
		assert.equal([...new Set(told)], ["along a line"]);
	});

	const slips = [
		"off by a millionth",
		"the sign changed in reverse mode",
		"the sign changed in forward mode",
		"the point frozen, so that the second derivative is 0",
		"not linear",
	];
	test("the right rule is not found among them", () => {
		assert.not.ok(judgedWith(sin.op).failed);
	});
	for (const slip of slips) {
		test(`a rule with a slip is found among random programs: ${slip}`, () => {
			const mutation = mutations.find(({ name }) => name === slip)!;
			const { failed, numRuns } = judgedWith(mutantOf(sin.op, mutation));
			assert.ok(failed && numRuns <= 5, `found after ${numRuns} programs: ${failed}`);
		});
	}

	const x = tensor([0.5, -1, 1.5]);
	const finds = (f: (x: Tensor) => Tensor, at: Tensor, what: RegExp) =>
		assert.throws(() => judged(f, at), what);

	test("a wrong first derivative on which all modes agree is found by differences", () => {
		const wrong = customGradient(exp, (g, y) => mul(g, mul(y, 1 + 1e-7)));
		finds(wrong, x, /not confirmed/);
	});

	test("a wrong second derivative on which all modes agree is found by differences", () => {
		const wrong = customGradient(exp, (g, y) => mul(g, stopGradient(y)));
		finds(wrong, x, /not confirmed/);
	});

	test("a lopsided hessian is found, even where it does not show along the line", () => {
		const f = (at: Tensor) => sum(mul(at, at));
		const wrong = customGradient(f, (g, _, at) => {
			const none = sub(at, stopGradient(at));
			return mul(g, add(mul(at, 2), sub(roll(none, 1), roll(none, -1))));
		});
		assert.is(judged(f, x), "along a line");
		finds(wrong, x, /beside forward over reverse mode, an element/);
	});

	test("a kink at the point is told as one, and a wrong derivative there is found", () => {
		const atKink = tensor([0, 1]);
		assert.is(judged(relu, atKink), "at a kink");
		assert.is(judged(abs, atKink), "at a kink");
		finds(
			customGradient(abs, (g) => mul(g, 2)),
			atKink,
			/not confirmed/,
		);
	});

	test("a kink nearby does no harm: checkGradients confirms what differences do not", () => {
		const f = (at: Tensor) => abs(sub(at, 0.501));
		assert.is(judged(f, x), "by checkGradients");
	});

	test("values that are not finite are told, and are no failure", () => {
		assert.is(judged(sqrt, x), "values not finite");
	});
});
