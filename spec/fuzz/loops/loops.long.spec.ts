import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { draws } from "../../../lib/check/arbitrary-draw.ts";
import { compile } from "../../../lib/compile/index.ts";
import * as a from "../../../lib/index.ts";
import { checkpoint, tensor, zeros } from "../../../lib/index.ts";
import { near, same } from "../../near.ts";
import { suite } from "../../suite.ts";
import { type Control, type List, ours } from "./control.ts";
import { judgeLoops } from "./judge.ts";
import { loopPrograms } from "./programs.ts";

const stopped = (list: List) => list.map(a.stopGradient);

/** Controls with a slip each. */
const slips: Readonly<Record<string, Partial<Control>>> = {
	"scan that reads from the wrong end": {
		scan: (step, carry, xs, { reverse, ...options }) =>
			ours.scan(step, carry, xs, { ...options, reverse: !reverse }),
	},
	"scan whose carry has no derivative": {
		scan: (step, ...rest) => ours.scan((c, x, t) => step(stopped(c), x, t), ...rest),
	},
	"scan with a step too few": {
		fori: (from, to, ...rest) => ours.fori(from, to - 1, ...rest),
	},
	"whileLoop with a step too many": {
		whileLoop: (test, step, carry, { max }) => step(ours.whileLoop(test, step, carry, { max })),
	},
	"cond whose branches are exchanged": {
		cond: (test, yes, no, x) => ours.cond(test, no, yes, x),
	},
	"switchCase without a derivative": {
		switchCase: (index, branches, x) => stopped(ours.switchCase(index, branches, x)),
	},
	"vmap with the examples in another order": {
		vmap: (f, { in: axes, out }) => {
			const turned = (x: List) => x.map((one, i) => (axes[i] === null ? one : one.flip(axes[i]!)));
			const all = ours.vmap(f, { in: axes, out });
			return (x) => all(turned(x));
		},
	},
	"checkpoint without a derivative": {
		checkpoint: (f) => (x, rest) => stopped(f(x, rest)),
	},
};

/** Whether programs whose loops are run by this are told to be wrong. */
function isFound(control: Control, numRuns: number): boolean {
	const property = fc.property(loopPrograms(), draws(), (program, draw) =>
		judgeLoops(program, draw, control, []),
	);
	return fc.check(property, { numRuns, seed: 1, endOnFailure: true }).failed;
}

suite("fuzz/loops", (test) => {
	test("random programs with loops, branches and batches are as written out, however they run", () => {
		const property = fc.property(loopPrograms(), draws(), (program, draw) =>
			judgeLoops(program, draw),
		);
		fc.assert(property, { numRuns: 3 });
	});

	for (const [name, slip] of Object.entries(slips)) {
		test(`a slip is found among random programs: ${name}`, () => {
			assert.ok(isFound({ ...ours, ...slip }, 200));
		});
	}
	test("no slip is found where there is none", () => {
		assert.not.ok(isFound(ours, 8));
	});

	const twice = (x: a.Tensor, length: number) =>
		a.scan(() => [null, x.tanh()], null, null, { length })[1] as unknown as a.Tensor;

	test("what a compiled loop of no steps gives is read by others", () => {
		const f = (x: a.Tensor) => twice(twice(x, 0), 2);
		assert.equal(compile(f)(zeros([2])).shape, [2, 0, 2]);
	});

	test("a compiled step may compute what is empty on its way", () => {
		const f = (x: a.Tensor) =>
			twice(
				a.scan((_: null, e: a.Tensor) => [null, e.tanh()], null, x)[1] as unknown as a.Tensor,
				2,
			);
		assert.equal(compile(f)(zeros([3, 0])).shape, [2, 3, 0]);
	});

	test("checkpoint takes and gives tensors of several float dtypes, or gives none", () => {
		const f = ({ x, y }: { x: a.Tensor; y: a.Tensor }) => ({ s: x.sin(), t: y.mul(2) });
		const given = { x: tensor([1, 2]), y: tensor([3], { dtype: "float32" }) };
		const { s, t } = checkpoint(f)(given);
		same(s, f(given).s);
		assert.is(t.dtype, "float32");
		const total = (g: typeof f) => (x: typeof given) =>
			a.add(g(x).s.sum(), g(x).t.astype("float64").square().sum());
		const [is, should] = [a.grad(total(checkpoint(f)))(given), a.grad(total(f))(given)];
		near(is.x, should.x);
		same(is.y, should.y);
		assert.equal(checkpoint(() => [])(given), []);
	});
});
