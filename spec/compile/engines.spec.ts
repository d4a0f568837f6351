import { execFileSync } from "node:child_process";
import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { random, type Tensor } from "../../lib/index.ts";
import { bundleOf } from "../children.ts";
import { refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

/** What the program prints under these flags of Node. */
function elsewhere(...flags: string[]) {
	const program = bundleOf("spec/programs/elsewhere.ts");
	const output = execFileSync(process.execPath, [...flags, program], {
		encoding: "utf8",
		stdio: ["ignore", "pipe", "ignore"],
	});
	return JSON.parse(output) as { apart: number; isSameOrder: boolean; notes: string[] };
}

/**
 * The notes on a function compiled for two threads while a global stands for something else; what
 * it gives has to be right.
 */
function notesWithout(name: string, value: unknown): readonly string[] {
	const global = globalThis as Record<string, unknown>;
	const real = global[name];
	const x = random.normal(random.key(0), [100, 100]);
	const f = (v: Tensor) => v.dot(v).mul(0.5);
	const compiled = compile(f, { threads: 2, reproducible: true });
	try {
		Object.assign(global, { [name]: value });
		same(compiled(x), f(x));
		const { notes, threads } = compiled.explain(x);
		assert.is(threads, 1);
		return notes;
	} finally {
		Object.assign(global, { [name]: real });
	}
}

suite("compile/engines", (test) => {
	test("without WebAssembly the program runs in JavaScript, with the bits of the function, and says so", () => {
		const { apart, isSameOrder, notes } = elsewhere("--jitless");
		assert.equal(notes, ["the interpreter runs the program: no WebAssembly with SIMD here"]);
		assert.is(apart, 0);
		assert.ok(isSameOrder);
	});

	test("where code must not be made from strings, and built-in objects are frozen, it compiles all the same", () => {
		const flags = ["--disallow-code-generation-from-strings", "--frozen-intrinsics"];
		const { apart, isSameOrder, notes } = elsewhere(...flags);
		assert.ok(notes.every((note) => !note.includes("javascript")));
		assert.ok(apart < 1e-13, `${apart}`);
		assert.ok(isSameOrder);
	});

	test("without shared memory, or workers, one thread runs it, and says why", () => {
		const shared = notesWithout("SharedArrayBuffer", undefined);
		assert.ok(shared.includes("one thread: no shared memory here"));
		const threads = notesWithout("process", undefined);
		assert.ok(threads.includes("one thread: threads need Web Workers, or Node 20.16 or later"));
	});

	test("where the system refuses a thread, those that there are do the work, and it says so", () => {
		const real = process.getBuiltinModule("node:worker_threads");
		for (const most of [0, 1]) {
			let made = 0;
			class Worker extends real.Worker {
				constructor(...args: ConstructorParameters<typeof real.Worker>) {
					if (made++ === most) throw new Error("Access to this API has been restricted");
					super(...args);
				}
			}
			const getBuiltinModule = () => ({ ...real, Worker });
			const before = process.getBuiltinModule;
			Object.assign(process, { getBuiltinModule });
			try {
				const x = random.normal(random.key(0), [100, 100]);
				const f = (v: Tensor) => v.dot(v).mul(0.5);
				const compiled = compile(f, { threads: 3, reproducible: true });
				for (let i = 0; i < 3; i++) same(compiled(x), f(x));
				const { notes, threads } = compiled.explain(x);
				assert.is(threads, 1 + most);
				const count = most === 0 ? "one thread" : "2 of 3 threads";
				assert.ok(notes.includes(`${count}: Access to this API has been restricted`));
			} finally {
				Object.assign(process, { getBuiltinModule: before });
			}
		}
	});

	test("where no memory is to be had, as under a limit on addresses, products and programs run in JavaScript", () => {
		const without = `WebAssembly.Memory = class {
			constructor() { throw new RangeError("could not allocate memory"); }
		};`;
		const { apart, notes } = elsewhere("--import", `data:text/javascript,${without}`);
		assert.is(notes[0], "the interpreter runs the program: could not allocate memory");
		assert.is(apart, 0);
	});

	test("no other error is taken for a lack of memory", () => {
		const compiled = compile((v: Tensor) => v.mul(0.5));
		const { Module } = WebAssembly;
		try {
			Object.assign(WebAssembly, {
				Module: class {
					constructor() {
						throw new RangeError("a mistake in the code");
					}
				},
			});
			refuses(
				() => compiled(random.normal(random.key(0), [3])),
				RangeError,
				"a mistake in the code",
			);
		} finally {
			Object.assign(WebAssembly, { Module });
		}
	});
});
