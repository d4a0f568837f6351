import * as assert from "uvu/assert";
import { DomainError, tensor } from "../../lib/index.ts";
import { type Schedule, schedules } from "../../lib/optim/index.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { trace } from "../../lib/program/trace.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

/** The rates of the first steps. */
function rates(schedule: Schedule, steps: number): number[] {
	return Array.from({ length: steps }, (_, i) => schedule(i).item());
}

const all: Readonly<Record<string, Schedule>> = {
	constant: schedules.constant(0.5),
	step: schedules.step({ initial: 0.5, every: 3 }),
	exponential: schedules.exponential({ initial: 0.5, factor: 0.9 }),
	cosine: schedules.cosine({ initial: 0.5, steps: 5, final: 0.1 }),
	oneCycle: schedules.oneCycle({ peak: 0.5, steps: 10 }),
	polynomialDecay: schedules.polynomialDecay({ initial: 0.5, steps: 4, final: 0.1, power: 2 }),
	join: schedules.join(
		[
			schedules.cosine({ initial: 0.5, steps: 2 }),
			schedules.polynomialDecay({ initial: 0.3, steps: 3 }),
			schedules.constant(0.2),
		],
		[2, 5],
	),
	warmUp: schedules.warmUp(3, schedules.cosine({ initial: 0.5, steps: 5 })),
};

suite("optim/schedules", (test) => {
	test("the rates are those of PyTorch 2.15: StepLR, ExponentialLR, CosineAnnealingLR, OneCycleLR", () => {
		near(rates(all.step!, 8), [0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.005, 0.005]);
		near(rates(all.exponential!, 4), [0.5, 0.45, 0.405, 0.3645]);
		near(
			rates(all.cosine!, 6),
			[0.5, 0.46180339887498956, 0.3618033988749896, 0.2381966011250106, 0.13819660112501056, 0.1],
		);
		near(
			rates(all.oneCycle!, 10),
			[
				0.020000000000000018, 0.26, 0.5, 0.47524231600673683, 0.40587282697488153,
				0.30563101096814466, 0.19437098903185537, 0.09412917302511849, 0.024759683993263143, 2e-6,
			],
		);
	});

	test("constant is constant, cosine stays at its end, and a factor of 0 leaves the first stair", () => {
		same(rates(all.constant!, 3), [0.5, 0.5, 0.5]);
		near(all.cosine!(100), 0.1);
		near(all.oneCycle!(100), 2e-6);
		same(rates(schedules.step({ initial: 0.5, every: 2, factor: 0 }), 3), [0.5, 0.5, 0]);
	});

	test("warmUp rises in equal parts to where the other begins, never from 0", () => {
		near(rates(all.warmUp!, 5), [0.125, 0.25, 0.375, 0.5, 0.45225424859373686]);
	});

	test("polynomialDecay and join are those of Optax 0.2.8", () => {
		near(rates(all.polynomialDecay!, 6), [0.5, 0.325, 0.2, 0.125, 0.1, 0.1]);
		near(rates(all.join!, 7), [0.5, 0.25, 0.3, 0.2, 0.1, 0.2, 0.2]);
		const { constant, join } = schedules;
		same(rates(join([constant(0.5)], []), 2), [0.5, 0.5]);
		refuses(
			() => join([constant(1)], [3]),
			DomainError,
			"join: expected the schedules to be as many functions of a step as boundaries, and one more, 2",
		);
		refuses(
			() => join([constant(1), constant(2), constant(3)], [3, 3]),
			DomainError,
			"join: expected boundaries that ascend from above 0, got [3, 3]",
		);
		refuses(
			() => schedules.polynomialDecay({ initial: 1, steps: 4, power: 0 }),
			DomainError,
			"polynomialDecay: expected power to be a number above 0",
		);
	});

	test("a schedule is asked with numbers, integers or traced tensors, and gives a float64 scalar", () => {
		for (const schedule of Object.values(all)) {
			const program = trace([{ shape: [], dtype: "int32" }], ([step]) => [schedule(step!)]).program;
			for (const step of [0, 2, 7]) {
				const rate = schedule(step);
				assert.is(rate.dtype, "float64");
				same(schedule(tensor(step, { dtype: "int32" })), rate);
				same(interpret(program, [tensor(step, { dtype: "int32" })])[0]!, rate);
			}
		}
	});

	test("options out of range are refused", () => {
		refuses(() => schedules.constant(-1), DomainError, "rate to be a number from 0");
		refuses(
			() => schedules.step({ initial: 1, every: 0 }),
			DomainError,
			"every to be a number above 0",
		);
		refuses(
			() => schedules.cosine({ initial: 1, steps: 0 }),
			DomainError,
			"steps to be a number above 0",
		);
		refuses(() => schedules.warmUp(0, all.constant!), DomainError, "warmUp");
		refuses(() => schedules.oneCycle({ peak: 1, steps: 3 }), DomainError, "oneCycle");
	});
});
