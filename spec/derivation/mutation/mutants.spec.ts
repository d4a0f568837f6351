import * as assert from "uvu/assert";
import { numbersFrom, shuffled } from "../../../lib/check/sampling.ts";
import { suite } from "../../suite.ts";
import { hasNumPy, python } from "../python.ts";
import { examples, galleryExamples } from "./examples.ts";
import { loopExamples } from "./loop-examples.ts";
import { derived, judgedMutant, type Mutant, mutantsOf } from "./mutants.ts";
import { slipsIn } from "./slips.ts";

/** How many mutants of each example and form are tried here; the script tries all. */
const SAMPLE = 3;

/**
 * Functions of the gallery whose given values hide slips: symmetric, ±1, masks, rows that add up.
 */
const SPECIAL = [
	"gaussian-process",
	"hinge",
	"label-smoothing",
	"log-determinant",
	"matrix-factorization",
	"multivariate-gaussian",
	"rayleigh-quotient",
	"triplet",
];

suite("derivation/mutation", (test) => {
	test("a changed line of a printed program is named, whatever the change", () => {
		const missed: Mutant[] = [];
		let named = 0;
		const special = galleryExamples.filter(({ name }) => SPECIAL.includes(name));
		assert.is(special.length, SPECIAL.length);
		for (const example of [...examples, ...special]) {
			const derivation = derived(example);
			for (const form of ["ts", "plain"] as const) {
				const mutants = shuffled(mutantsOf(example.name, derivation, form), numbersFrom(1));
				for (const mutant of mutants.slice(0, SAMPLE)) {
					const verdict = judgedMutant(mutant, derivation);
					if (verdict === "missed") missed.push(mutant);
					if (verdict === "named") named++;
				}
			}
		}
		assert.equal(missed, []);
		assert.ok(named > examples.length);
	});

	test("a changed line of a loop is named by its text, in loops in loops too", () => {
		const forms = hasNumPy() ? (["ts", "numpy"] as const) : (["ts"] as const);
		for (const example of loopExamples) {
			const derivation = derived(example);
			for (const form of forms) {
				const inLoops = mutantsOf(example.name, derivation, form).filter((x) => x.inLoop !== null);
				const sample = shuffled(inLoops, numbersFrom(1)).slice(0, form === "ts" ? 3 : 1);
				const verdicts = sample.map((mutant) => judgedMutant(mutant, derivation, python));
				const missed = sample.filter((_, i) => verdicts[i] === "missed");
				assert.equal(missed, []);
				if (form === "ts") assert.ok(verdicts.filter((verdict) => verdict === "named").length > 1);
			}
		}
	});

	test("slips change signs, factors, transposes, masks, terms and variables of a line, not its left side", () => {
		const others = (name: string) => (name === "g" ? ["k"] : []);
		const lines = slipsIn(
			"grad = np.where(h >= 0, g, 0) + g.T.dot(x) / 2  # a mark",
			"numpy",
			others,
		);
		const texts = lines.map(({ line }) => line);
		for (const right of [
			"(np.where(h >= 0, g, 0) + g.T.dot(x) / 2) * -1",
			"(np.where(h >= 0, g, 0) + g.T.dot(x) / 2) * 0.5",
			"np.where(h < 0, g, 0) + g.T.dot(x) / 2",
			"np.where(h >= 0, 0, g) + g.T.dot(x) / 2",
			"np.where(h >= 0, g, 0)",
			"g.T.dot(x) / 2",
			"np.where(h >= 0, g, 0) - g.T.dot(x) / 2",
			"np.where(h >= 0, g, 0) + g.dot(x) / 2",
			"np.where(h >= 0, g, 0) + g.T / 2",
			"np.where(h >= 0, g, 0) + g.T.dot(x) / 3",
			"np.where(h >= 0, k, 0) + g.T.dot(x) / 2",
		]) {
			assert.ok(texts.includes(`grad = ${right}  # a mark`), right);
		}
	});
});
