import * as assert from "uvu/assert";
import { engine, objection } from "../../lib/wasm/engine.ts";
import { suite } from "../suite.ts";

const result = (...x: number[]) => Float32Array.from(x);

suite("wasm/engine", (test) => {
	test("SIMD is found where the tests run, once and for all", () => {
		const found = engine();
		assert.ok(found !== null);
		assert.is(engine(), found);
		assert.is(found.wide, found.reason === null);
	});

	test("an engine before V8 13.6 is asked for no flag, and says why", () => {
		const { wide, reason } = engine()!;
		if (Number.parseFloat(process.versions.v8) < 13.6) {
			assert.is(wide, false);
			assert.is(reason, "needs Node 24 or later");
		} else {
			assert.ok(wide || reason?.startsWith("256-bit vectors"));
		}
	});

	test("wide vectors are refused if they are not faster, or give another bit", () => {
		const before = { result: result(1, Number.NaN), rate: 100 };
		assert.is(objection(before, { result: result(1, Number.NaN), rate: 180 }), null);
		assert.match(objection(before, { result: result(1, Number.NaN), rate: 110 })!, "hardly faster");
		assert.match(objection(before, { result: result(1, 2), rate: 180 })!, "something else");
	});

	test("without WebAssembly, or where compiling is forbidden, there is no engine", async () => {
		const real = globalThis.WebAssembly;
		const forbidden = class {
			constructor() {
				throw new real.CompileError("Wasm code generation disallowed by embedder");
			}
		};
		try {
			for (const [i, missing] of [undefined, { ...real, Module: forbidden }].entries()) {
				Object.assign(globalThis, { WebAssembly: missing });
				const fresh = `../../lib/wasm/engine.ts?${i}`;
				assert.is(((await import(fresh)) as { engine: typeof engine }).engine(), null);
			}
		} finally {
			Object.assign(globalThis, { WebAssembly: real });
		}
	});
});
