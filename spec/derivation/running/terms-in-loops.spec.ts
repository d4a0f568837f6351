import * as assert from "uvu/assert";
import { checkText, derive } from "../../../lib/derivation/index.ts";
import { fori, scan, type Tensor, tensor } from "../../../lib/index.ts";
import { suite } from "../../suite.ts";

/** A recurrent net of one unit, whose tanh is so near to 1 that 1 − tanh² is rounding. */
function saturated(x: Tensor) {
	return derive(
		(w: Tensor, x: Tensor) => {
			const step = (h: Tensor, x: Tensor) => {
				const next = h.mul(w).add(x).tanh().as("h");
				return [next, next] as const;
			};
			const [, hs] = scan(step, tensor([0, 0]), x);
			return hs.square().sum();
		},
		{ w: tensor([0.5, 0.7]), x },
	);
}

suite("derivation/running: terms that cancel in loops", (test) => {
	test("where tanh is saturated, the lines of a loop and what it leaves behind are true", () => {
		for (let k = 0; k < 8; k++) {
			const x = tensor([
				[12 + k / 3, 9 + k / 7],
				[13, 14 - k / 5],
				[15 - k / 9, 12.5],
			]);
			assert.ok(saturated(x).verify({ forms: ["ts"] }).ok);
		}
	});

	test("so it is in loops in loops", () => {
		const nested = derive(
			(w: Tensor, x: Tensor) => {
				const outer = (h: Tensor, x: Tensor) => {
					const last = fori(0, 3, (c: Tensor) => c.add(x).mul(w).tanh(), h);
					return [last, last] as const;
				};
				const [last, hs] = scan(outer, tensor([0.1, 0.2]), x);
				return hs.sum(0).add(last).square().sum();
			},
			{
				w: tensor([7, 5]),
				x: tensor([
					[1.9, 2.1],
					[1.2, 3.3],
				]),
			},
		);
		assert.ok(nested.verify({ forms: ["ts"] }).ok);
	});

	test("elsewhere a line of a loop that is off by a billionth is named, in TypeScript", () => {
		const usual = saturated(
			tensor([
				[0.3, -0.2],
				[0.1, 0.4],
			]),
		);
		const text = usual.print("ts");
		const lines = [...text.matchAll(/^ {4}(?:const|let)?.*\.mul\(.*;/gm)].map(([line]) => line);
		assert.ok(lines.length > 2);
		for (const line of lines) {
			const wrong = text.replace(line, `${line.slice(0, -1)}.mul(1 + 1e-10);`);
			assert.not.ok(checkText(wrong, "ts", usual).ok, line);
		}
	});
});
