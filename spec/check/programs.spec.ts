import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { draws } from "../../lib/check/arbitrary-draw.ts";
import { checkDerivatives } from "../../lib/check/derivatives.ts";
import { programs } from "../../lib/check/programs.ts";
import { type RandomProgram, simplerPrograms } from "../../lib/check/random-program.ts";
import { records } from "../../lib/check/records.ts";
import {
	add,
	concat,
	cos,
	dot,
	mul,
	neg,
	type Op,
	reshape,
	sin,
	sum,
	tanh,
} from "../../lib/index.ts";
import { scale } from "../../lib/ops/scaling-maps.ts";
import { judge } from "../fuzz/judge.ts";
import { PROGRAM_RUNS } from "../runs.ts";
import { suite } from "../suite.ts";

const sample = (numRuns: number) => fc.sample(programs(), { numRuns, seed: 1 });

suite("check/programs", (test) => {
	test("programs are made of 3 to 15 ops, not counting those that fit one to the next", () => {
		const counts = fc
			.sample(programs({ ops: [sin.op] }), { numRuns: 150, seed: 1 })
			.map(({ program }) => program.instructions.filter(({ op }) => op === sin.op).length);
		assert.is(Math.min(...counts), 3);
		assert.is(Math.max(...counts), 15);
	});

	test("every op with a derivative and a float result occurs, without being listed", () => {
		const used = new Set(sample(600).flatMap((p) => p.program.instructions.map(({ op }) => op)));
		const missing = records.filter((op) => op.differential !== null && !used.has(op));
		assert.equal(
			missing.map((op) => op.name),
			["astype"],
		);
	});

	test("results are shared: many a value is used more than once", () => {
		const shares = sample(50).filter(({ program }) => {
			const inputs = program.instructions.flatMap((step) => [...new Set(step.inputs)]);
			return inputs.length > new Set(inputs).size;
		});
		assert.ok(shares.length > 25, `${shares.length} of 50`);
	});

	test("the derivatives of random programs are right, and every executor agrees", () => {
		fc.assert(fc.property(programs(), draws(), judge), { numRuns: PROGRAM_RUNS });
	});

	const wrong: Op = {
		...sin.op,
		name: "wrong",
		differential: (_, [x]) => scale(neg(cos(x!))),
		print: ([x]) => `wrong(${x})`,
	};

	test("a wrong rule is found, and shrinks to a readable program", () => {
		// A list of its own, so that a new op changes nothing here.
		const ops = [add, mul, sin, cos, tanh, sum, dot, reshape, concat].map(({ op }) => op);
		const property = fc.property(programs({ ops: [...ops, wrong] }), draws(), (p, draw) =>
			checkDerivatives("the program", p.run, p.args, draw, 1),
		);
		const result = fc.check(property, { seed: 3, numRuns: 2000 });
		assert.ok(result.failed);
		const text = String(result.counterexample![0]);
		assert.ok(text.includes("wrong("), text);
		assert.ok(text.split("\n").length <= 5, text);
	});

	test("simpler programs compute the same numbers with less", () => {
		const size = ({ program, args }: RandomProgram) =>
			2 * program.instructions.length + args.length + program.outputs.length;
		for (const program of sample(10)) {
			const results = new Set(program.run(program.args).map(String));
			for (const simpler of simplerPrograms(program)) {
				assert.ok(size(simpler) < size(program));
				for (const y of simpler.run(simpler.args)) assert.ok(results.has(String(y)));
			}
		}
	});

	test("a program prints as a few lines of NumPy", () => {
		const options = { ops: [sin.op], minOps: 2, maxOps: 2 };
		const [first] = fc.sample(programs(options), { numRuns: 1, seed: 5 });
		const lines = [
			"x1 = np.zeros((1, 0, 1, 0))",
			"x2 = -1.75",
			"y1 = np.sin(x1)",
			"y2 = np.sin(x2)",
			"return y1, y2",
		];
		assert.is(String(first), lines.join("\n"));
	});
});
