// Mutation test of `verify`: changes each line of printed derivations in every way of `slips.ts`,
// and counts how many of those that change anything are named: of the examples here, with loops
// among them, and of every function of the gallery. `npm run mutants:derivations`, or with
// `-- --seconds 30 --seed 7 --forms ts,numpy --examples layer-norm --numpy 5`. NumPy takes half a
// second a mutant, so only so many of an example are run, 1 left out, and that where `forms` has it
// or PYTHON names one. `--equivalent` lists those that give the same numbers too. Ends with 1 below
// 100 %.
import { parseArgs } from "node:util";
import { numbersFrom, shuffled } from "../../../lib/check/sampling.ts";
import { loopsOf } from "../../../lib/derivation/draft/blocks.ts";
import type { ProgramForm } from "../../../lib/derivation/index.ts";
import { DerivationError } from "../../../lib/index.ts";
import { hasNumPy, python } from "../python.ts";
import { examples, galleryExamples } from "./examples.ts";
import { loopExamples } from "./loop-examples.ts";
import { derived, judgedMutant, mutantsOf } from "./mutants.ts";

const { values } = parseArgs({
	options: {
		seconds: { type: "string" },
		seed: { type: "string" },
		forms: { type: "string" },
		examples: { type: "string" },
		numpy: { type: "string" },
		equivalent: { type: "boolean" },
	},
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const forms = (values.forms?.split(",") ?? [
	"ts",
	"plain",
	...(process.env.PYTHON === undefined ? [] : ["numpy"]),
]) as ProgramForm[];
const chosen = values.examples?.split(",");
const runner = forms.includes("numpy") && hasNumPy() ? python : undefined;

const most = Number(values.numpy ?? 1);

const all = [...examples, ...loopExamples, ...galleryExamples]
	.filter(({ name }) => chosen?.includes(name) ?? true)
	.flatMap((example) => {
		const derivation = derived(example);
		const { notNear } = derivation.verify();
		if (notNear !== null) console.log(`${example.name}: at the given values alone, ${notNear}`);
		// In plain loops, lines in loops are judged by what comes of them.
		const isJudged = (form: ProgramForm) => form !== "plain" || loopsOf(derivation).length === 0;
		return forms.filter(isJudged).flatMap((form) => {
			try {
				const mutants = shuffled(mutantsOf(example.name, derivation, form), numbersFrom(seed));
				const tried = form === "numpy" ? mutants.slice(0, most) : mutants;
				return tried.map((mutant) => ({ mutant, derivation }));
			} catch (error) {
				// An op without plain loops.
				if (error instanceof DerivationError) return [];
				throw error;
			}
		});
	});
// The seconds are those of the mutants: deriving all of them comes before.
const end = performance.now() + 1000 * Number(values.seconds ?? Number.POSITIVE_INFINITY);
const counts = { named: 0, missed: 0, equivalent: 0 };
for (const { mutant, derivation } of shuffled(all, numbersFrom(seed))) {
	if (performance.now() > end) break;
	const verdict = judgedMutant(mutant, derivation, runner);
	counts[verdict]++;
	if (verdict === "equivalent" && values.equivalent) {
		console.log(`the same: ${mutant.example}, ${mutant.form}, ${mutant.variable}: ${mutant.slip}`);
	}
	if (verdict !== "missed") continue;
	console.log(`missed: ${mutant.example}, ${mutant.form}, ${mutant.variable}: ${mutant.slip}`);
}
const { named, missed, equivalent } = counts;
console.log(
	`${named} of ${named + missed} mutants named, ${equivalent} more give the same numbers; ` +
		`of ${all.length} that there are, seed ${seed}`,
);
process.exit(missed === 0 && named > 0 ? 0 : 1);
