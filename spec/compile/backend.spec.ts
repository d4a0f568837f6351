import { execFileSync } from "node:child_process";
import * as assert from "uvu/assert";
import {
	type CompileOptions,
	compile,
	javascriptBackend,
	wasmBackend,
} from "../../lib/compile/index.ts";
import { DomainError, random, type Tensor } from "../../lib/index.ts";
import { bundleOf } from "../children.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const x = random.normal(random.key(0), [6, 6]);
const f = (v: Tensor) => v.dot(v).mul(0.5);

suite("compile/backend", (test) => {
	test("the backend asked for runs the program, and explain says which one it is", () => {
		assert.is(compile(f).explain(x).backend, "wasm");
		for (const backend of [wasmBackend, javascriptBackend]) {
			const compiled = compile(f, { backend, reproducible: true });
			same(compiled(x), f(x));
			const explanation = compiled.explain(x);
			assert.is(explanation.backend, backend.name);
			assert.equal(
				explanation.notes.filter((note) => note.includes("backend")),
				[],
			);
			assert.equal(
				explanation.steps.map(({ runs, ops }) => `${runs}: ${ops.join(" ")}`),
				["product: dot mul"],
			);
		}
	});

	test("the javascript backend has one thread, and says so", () => {
		const { threads, notes } = compile(f, { backend: javascriptBackend, threads: 2 }).explain(x);
		assert.is(threads, 1);
		assert.equal(notes, ["one thread: the javascript backend has no others"]);
	});

	test("where code must not be made from strings the javascript backend gives the same bits", () => {
		const program = bundleOf("spec/programs/without-generated-code.ts");
		const flags = ["--disallow-code-generation-from-strings"];
		const output = execFileSync(process.execPath, [...flags, program], { encoding: "utf8" });
		const { isForbidden, apart, message } = JSON.parse(output);
		assert.ok(isForbidden);
		assert.equal(apart, new Array(8).fill(0));
		assert.match(message, /^mul: the result 4900000000 is not an int32/);
	});

	test("what is no function, no backend, no number of threads or no object of options is refused", () => {
		const backend = "expected backend to be wasmBackend or javascriptBackend of adjoint/compile";
		const threads = "expected threads to be a whole number from 1 to 64";
		const object = "expected options as an object, { threads, reproducible, backend }";
		const wrong: [options: unknown, text: string][] = [
			...["webgl", null, 3, Symbol("wasm"), {}, { supports: () => null }].map(
				(given): [unknown, string] => [{ backend: given }, backend],
			),
			...["2", null, 0, 65, 1.5, Symbol("two"), Number.NaN, 2n, [2]].map(
				(given): [unknown, string] => [{ threads: given }, threads],
			),
			[{ reproducible: 1 }, "expected reproducible to be true or false"],
			...[null, 4, "wasm", wasmBackend.supports].map((given): [unknown, string] => [given, object]),
		];
		for (const [options, text] of wrong) {
			refuses(() => compile(f, options as CompileOptions), DomainError, `compile: ${text}, got `);
		}
		for (const given of [undefined, null, x, "f"]) {
			refuses(
				() => compile(given as unknown as typeof f),
				DomainError,
				"compile: expected a function, got ",
			);
		}
	});

	test("one that cannot run the program is refused, and not replaced, where it is asked for", () => {
		const large = random.normal(random.key(1), [1, 1]).broadcastTo([20_000, 20_000]);
		const asked = compile((v: Tensor) => v.sum(), { backend: wasmBackend });
		refuses(
			() => asked.explain(large),
			DomainError,
			"an arena of more than 2 GB; leave backend out",
		);
	});
});
