import * as assert from "uvu/assert";
import { sources, text } from "./imports.ts";
import { suite } from "./suite.ts";

/**
 * Names that more than one file of the library exports, each with how many do. All are names that
 * users know: layers and initializers are called as the ops or draws that they apply, distributions
 * as what is drawn of them, maps as the ops that they apply, and what makes an op from outside as
 * what makes one of ours. None may be added, and what is gone has to be taken off this list.
 */
const SHARED: Readonly<Record<string, number>> = {
	avgPool1d: 2,
	avgPool2d: 2,
	avgPool3d: 2,
	constant: 3,
	conv1d: 2,
	conv2d: 2,
	conv3d: 2,
	convTranspose1d: 2,
	convTranspose2d: 2,
	defineOp: 2,
	elementwise: 2,
	flatten: 2,
	keepWhere: 2,
	linear: 2,
	maxPool1d: 2,
	maxPool2d: 2,
	maxPool3d: 2,
	bernoulli: 2,
	beta: 2,
	binomial: 2,
	categorical: 2,
	exponential: 3,
	gamma: 2,
	laplace: 2,
	multivariateNormal: 2,
	poisson: 2,
	uniform: 2,
	normal: 3,
	normalization: 2,
	reduction: 2,
	scale: 2,
	split: 2,
	truncatedNormal: 2,
	apply: 2,
	trace: 2,
};

const DECLARED =
	/^export (?:async )?(?:abstract )?(?:const|let|function\*?|class|interface|type) (\w+)/gm;

/** What a file declares and exports; not what it passes on from another. */
function exported(source: string): string[] {
	return [...new Set([...source.matchAll(DECLARED)].map(([, name]) => name!))];
}

/**
 * The names that several of these files export, each with how many do. Backends have files and
 * names alike, one for one, so that who knows one knows all.
 */
function shared(files: readonly (readonly [path: string, text: string])[]): Record<string, number> {
	const places = new Map<string, Set<string>>();
	for (const [path, source] of files) {
		const place = path.replace(/^lib\/backends\/\w+\//, "lib/backends/");
		for (const name of exported(source)) {
			places.set(name, (places.get(name) ?? new Set()).add(place));
		}
	}
	const counts = [...places].map(([name, { size }]) => [name, size] as const);
	return Object.fromEntries(counts.filter(([, count]) => count > 1));
}

/**
 * Vocabularies, whose words are names of ops on purpose: what formulas are written with, and the
 * same on vectors.
 */
const VOCABULARY =
	/^lib\/(scalar\/(primitives|library|functions|error-function|gamma|normal-quantile)|asm\/s(calar|imd)|backends\/(wasm|webgpu)\/math\/.*)\.ts$/;

suite("names", (test) => {
	test("an exported name has one meaning, but for those that are known", () => {
		const files = sources("lib").filter((file) => !VOCABULARY.test(file));
		assert.equal(shared(files.map((file) => [file, text(file)])), SHARED);
	});

	test("values and types count, overloads once, and what is passed on from another file does not", () => {
		const texts = [
			"export type A = 1;\nexport const b = 1;\nexport function c(x: 1): 1;\nexport function c(x: 2): 2;\n",
			'export class A {}\nexport async function b() {}\nexport * from "./c.ts";\nconst d = 1;\n',
			'export { c } from "./c.ts";\nexport type { A } from "./c.ts";\nconst d = 1;\n',
		];
		const named = texts.map((source, i) => [`lib/${i}.ts`, source] as const);
		assert.equal(shared(named), { A: 2, b: 2 });
		const alike = ["a", "b"].map((name) => [`lib/backends/${name}/c.ts`, texts[0]!] as const);
		assert.equal(shared(alike), {});
	});

	test("entries pass on no tables of what options may be, which are for the inside", async () => {
		for (const room of ["nn", "train", "optim", "data", "io", "ode", "plot", "compile"]) {
			const names = Object.keys(await import(`../lib/${room}/index.ts`));
			assert.equal(
				names.filter((name) => /^[A-Z][A-Z_]+$/.test(name)),
				[],
				room,
			);
		}
	});
});
