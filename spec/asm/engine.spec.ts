import * as assert from "uvu/assert";
import { engine, objection } from "../../lib/asm/engine.ts";
import { suite } from "../suite.ts";
import { multiplyAdd } from "./multiply-add.ts";

const result = (...x: number[]) => Float32Array.from(x);

let copies = 0;

/** What a copy of the library that is loaded while this global stands for another finds. */
async function foundWith(name: string, value: unknown): Promise<ReturnType<typeof engine>> {
	const global = globalThis as Record<string, unknown>;
	const real = global[name];
	try {
		Object.assign(global, { [name]: value });
		const fresh = `../../lib/asm/engine.ts?${copies++}`;
		return ((await import(fresh)) as { engine: typeof engine }).engine();
	} finally {
		Object.assign(global, { [name]: real });
	}
}

/** A `process` with these versions that remembers for which flags it was asked. */
function processOf(versions: Record<string, string>, execArgv: string[] = []) {
	const asked: string[] = [];
	const setFlagsFromString = (flag: string) => asked.push(flag);
	return { asked, versions, execArgv, getBuiltinModule: () => ({ setFlagsFromString }) };
}

suite("wasm/engine", (test) => {
	test("SIMD is found where the tests run, once and for all", () => {
		const found = engine();
		assert.ok(found !== null);
		assert.is(engine(), found);
		assert.is(found.wide, found.reason === null);
	});

	test("an engine before V8 13.6 is not asked to join vectors, and says why", () => {
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

	test("the flag is set before the second measurement, and set back if that finds no gain", async () => {
		const here = processOf({ v8: "13.6.1" });
		const { wide } = (await foundWith("process", here))!;
		const on = "--experimental-wasm-revectorize";
		assert.equal(here.asked, wide ? [on] : [on, on.replace("--", "--no-")]);
	});

	test("engines that cannot take the flag are not asked for it", async () => {
		const others = ["bun", "deno", "electron", "nw"].map((name) =>
			processOf({ v8: "14.6.1", [name]: "1" }),
		);
		const frozen = processOf({ v8: "14.6.1" }, ["--freeze-flags-after-init"]);
		for (const other of [...others, frozen, processOf({ v8: "13.5" }), processOf({})]) {
			assert.is((await foundWith("process", other))!.wide, false);
			assert.equal(other.asked, []);
		}
		assert.is((await foundWith("process", undefined))!.wide, false);
	});

	test("only the V8 of Node 20 is asked for relaxed SIMD: later ones have it", async () => {
		for (const [v8, asked] of [
			["11.3.244", ["--experimental-wasm-relaxed-simd"]],
			["12.4", []],
			["13.5", []],
		] as const) {
			const here = processOf({ v8 });
			await foundWith("process", here);
			assert.equal(here.asked, asked);
		}
	});

	test("products are fused where multiply-add rounds once, and not where it rounds twice or is not there", async () => {
		const real = globalThis.WebAssembly;
		const where = async (changed: Partial<typeof WebAssembly>) => {
			const here = Object.assign(Object.create(real) as typeof WebAssembly, changed);
			return (await foundWith("WebAssembly", here))!.fused;
		};
		const single = (x: number, y: number, z: number) => Math.fround(Math.fround(x * y) + z);
		const double = (x: number, y: number, z: number) => x * y + z;
		const once = { single: multiplyAdd(24), double: multiplyAdd(53) };
		const instances = (exports: object) =>
			new Proxy(real.Instance, {
				// The kernels that are measured have imports.
				construct: (target, [module, imports]) =>
					imports === undefined ? { exports } : new target(module, imports),
			});
		const validate = () => true;
		assert.ok((await where({ validate, Instance: instances(once) })) !== null);
		for (const twice of [
			{ ...once, single },
			{ ...once, double },
		]) {
			assert.is(await where({ validate, Instance: instances(twice) }), null);
		}
		assert.is(await where({ validate: () => false }), null);
	});

	test("without WebAssembly, or where compiling is forbidden, there is no engine", async () => {
		const real = globalThis.WebAssembly;
		const forbidden = class {
			constructor() {
				throw new real.CompileError("Wasm code generation disallowed by embedder");
			}
		};
		assert.is(await foundWith("WebAssembly", undefined), null);
		assert.is(await foundWith("WebAssembly", { ...real, Module: forbidden }), null);
	});
});
