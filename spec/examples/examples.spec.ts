import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as assert from "uvu/assert";
import { bundleOf } from "../children.ts";
import { IS_FULL } from "../runs.ts";
import { suite } from "../suite.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** What an example's quick form prints. */
async function quick(example: string): Promise<string> {
	const program = bundleOf(`examples/${example}`);
	const { stdout } = await run(process.execPath, [program, "--quick"], { cwd: root });
	return stdout;
}

/** The number that stands where the pattern has its group. */
function number(text: string, pattern: RegExp): number {
	const found = pattern.exec(text)?.[1];
	assert.ok(found !== undefined, `${pattern} is not in\n${text}`);
	return Number(found);
}

/** What each example claims, checked on what its quick form prints. */
const claims: Readonly<Record<string, [claim: string, holds: (text: string) => boolean]>> = {
	"02-linear-regression.ts": [
		"the line is found",
		(text) =>
			Math.abs(number(text, /y = (\S+)·x/) - 3) < 0.1 &&
			Math.abs(number(text, /·x \+ (\S+)/) + 1) < 0.1,
	],
	"03-newton.ts": [
		"the bottom of the valley is reached in fewer than ten steps",
		(text) => text.split("\n").length < 10 && text.endsWith(" at [1. 1.]\n"),
	],
	"04-iris.ts": [
		"nine in ten irises that it has not seen are told right",
		(text) => number(text, /test: (\S+) %/) >= 90,
	],
	"05-digits.ts": [
		"two epochs read nine digits in ten",
		(text) => number(text, /^(\S+) % of 2000/m) >= 90,
	],
	"06-digits-convolution.ts": [
		"one epoch of convolutions reads 85 digits in a hundred",
		(text) => number(text, /^(\S+) % of 2000/m) >= 85,
	],
	"07-names.ts": [
		"after an epoch the model of letters is ahead of a bigram model",
		(text) => number(text, /costs (\S+) nats/) < number(text, /bigram model (\S+)/),
	],
	"08-first-names.ts": [
		"after an epoch it is right far more often than a constant answer",
		(text) => number(text, /right for (\S+) % of/) > number(text, /be right for (\S+) %/) + 15,
	],
	"09-autoencoder.ts": [
		"two epochs describe an image in fewer than 180 nats",
		(text) => number(text, /per image: (\d+)/) < 180,
	],
	"10-physics-informed.ts": [
		"a thousand steps bring the net near the solution",
		(text) => number(text, /step 1000: off by at most (\S+)/) < 0.3,
	],
	"11-custom-op.ts": [
		"the right op passes every law, and the wrong one is found out",
		(text) => /obeys every law\nlogCosh breaks the law/.test(text),
	],
	"13-hyperparameters.ts": [
		"the features that tell something are hardly penalised, and more points are told right",
		(text) => {
			const penalties = (/penalties: (.*)/.exec(text)?.[1] ?? "").split(" ").map(Number);
			const right = [...text.matchAll(/, (\S+) % right/g)].map(([, share]) => Number(share));
			const [start, end] = right as [number, number];
			return (
				Math.max(...penalties.slice(0, 3)) < Math.min(...penalties.slice(3)) - 5 && end > start
			);
		},
	],
	"14-neural-ode.ts": [
		"the net's solution keeps to the spiral",
		(text) => number(text, /end: (\S+) away/) < 0.3,
	],
	"15-hamiltonian-monte-carlo.ts": [
		"means, deviations and ends of intervals are near the closed form, and chains agree",
		(text) => {
			const rows = [...text.matchAll(/^[a-z ]+((?: +-?\d\.\d{3}){5})$/gm)].map(([, row]) =>
				(row ?? "").trim().split(/ +/).map(Number),
			);
			return (
				rows.length === 10 &&
				rows.every(([mean, std, low, high, rHat]) => {
					// Of a bell curve, nine tenths lie within 1.645 standard deviations.
					const width = (high! - low!) / std! / 2;
					return low! < mean! && mean! < high! && Math.abs(width - 1.645) < 0.2 && rHat! < 1.05;
				}) &&
				number(text, /means within (\S+)/) < 0.06 &&
				number(text, /deviations within (\S+) %/) < 7
			);
		},
	],
};

/** Those that train for seconds; `npm run trainings` runs them too. */
const LONG = [
	...["05-digits.ts", "06-digits-convolution.ts", "07-names.ts", "08-first-names.ts"],
	...["09-autoencoder.ts", "10-physics-informed.ts", "13-hyperparameters.ts", "14-neural-ode.ts"],
];

suite("examples", (test) => {
	for (const [example, [claim, holds]] of Object.entries(claims)) {
		if (LONG.includes(example) && !IS_FULL) continue;
		test(`${example}: ${claim}`, async () => {
			const text = await quick(example);
			assert.ok(holds(text), text);
		});
	}

	test("every numbered example has a claim here or a spec of its own", () => {
		const numbered = readdirSync(join(root, "examples")).filter((file) => /^\d\d/.test(file));
		const specs = readdirSync(import.meta.dirname).map((file) => file.replace(".long.", "."));
		const others = numbered.filter(
			(file) => !specs.includes(file.replace(/^\d\d-(.*)\.ts$/, "$1.spec.ts")),
		);
		assert.equal(others, Object.keys(claims));
		assert.ok(numbered.length > others.length);
	});
});
