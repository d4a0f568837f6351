import * as assert from "uvu/assert";
import { callTo, ModuleBuilder } from "../../lib/asm/assembler.ts";
import { atomic } from "../../lib/asm/atomic.ts";
import { memory } from "../../lib/asm/memory.ts";
import { f32, f64, i8, i32, i64 } from "../../lib/asm/scalar.ts";
import { f32x4, f64x2, v128 } from "../../lib/asm/simd.ts";
import { suite } from "../suite.ts";
import { instantiate } from "./run-module.ts";

suite("wasm/assembler", (test) => {
	test("a counted loop runs from its first value to below its last, or not at all", () => {
		const { exports } = instantiate((m) => {
			m.define("sum", ["i32", "i32"], "i32", (f, from, to) => {
				const sum = f.let(i32.const(0));
				f.for(from, to, 3, (i) => f.set(sum, i32.add(sum, i)));
				return sum;
			});
			m.define("nested", [], "i32", (f) => {
				const sum = f.let(i32.const(0));
				f.for(0, 3, 1, (i) =>
					f.for(0, i, 1, (j) => f.set(sum, i32.add(sum, i32.add(i32.mul(i, 10), j)))),
				);
				f.for(5, 5, 1, () => f.set(sum, i32.const(-1)));
				return sum;
			});
		});
		assert.is(exports.sum!(1, 9), 1 + 4 + 7);
		assert.is(exports.sum!(-4, 0), -4 - 1);
		assert.is(exports.sum!(5, 5), 0);
		assert.is(exports.sum!(5, -5), 0);
		assert.is(exports.nested!(), 10 + 20 + 21);
	});

	test("the vectors that a round of a loop makes are empty after it, those around it are not", () => {
		const { exports } = instantiate((m) => {
			m.define("left", ["i32"], "f64", (f, count) => {
				const outer = f.let(f64x2.const(0));
				let inner = outer;
				f.for(0, count, 1, () => {
					inner = f.let(f64x2.add(outer, 1));
					f.set(outer, inner);
				});
				return f64.add(f64.mul(f64x2.extract(outer, 0), 10), f64x2.extract(inner, 0));
			});
		});
		assert.is(exports.left!(3), 30);
	});

	test("a constant is set before everything, once, wherever it is asked for", () => {
		const { exports } = instantiate((m) => {
			m.define("chosen", ["i32"], "f64", (f, which) => {
				const out = f.local("f64");
				f.if(
					which,
					() => f.set(out, f.constant(f64.const(2.5))),
					() => f.set(out, f64.mul(f.constant(f64.const(-0)), f.constant(f64.const(2.5)))),
				);
				assert.is(f.constant(f64.const(-0)), f.constant(f64.const(-0)));
				assert.is.not(f.constant(f64.const(0)), f.constant(f64.const(-0)));
				return out;
			});
		});
		assert.is(exports.chosen!(1), 2.5);
		assert.ok(Object.is(exports.chosen!(0), -0));
	});

	test("if, while, block and loop do what they say, from any depth", () => {
		const { exports } = instantiate((m) => {
			m.define("sign", ["f64"], "i32", (f, x) => {
				const sign = f.local("i32");
				f.if(
					f64.lt(x, 0),
					() => f.set(sign, i32.const(-1)),
					() => f.if(f64.gt(x, 0), () => f.set(sign, i32.const(1))),
				);
				return sign;
			});
			m.define("halvings", ["i32"], "i32", (f, n) => {
				const count = f.local("i32");
				f.while(i32.gt(n, 1), () => {
					f.set(n, i32.shr(n, 1));
					f.set(count, i32.add(count, 1));
				});
				return count;
			});
			m.define("firstOver", ["i32"], "i32", (f, limit) => {
				const square = f.local("i32");
				f.block((found) => {
					f.for(0, 1000, 1, (i) => {
						f.set(square, i32.mul(i, i));
						f.if(i32.gt(square, limit), () => f.goto(found));
					});
				});
				return square;
			});
			m.define("countdown", ["i32"], "i32", (f, n) => {
				f.loop((again) => {
					f.set(n, i32.sub(n, 2));
					f.goto(again, i32.gt(n, 0));
				});
				return n;
			});
			m.define("early", ["i32"], "i32", (f, n) => {
				f.if(n, () => f.return(i32.const(7)));
				return i32.const(8);
			});
		});
		assert.equal(
			[-2, 0, 3].map((x) => exports.sign!(x)),
			[-1, 0, 1],
		);
		assert.equal(
			[1, 2, 100].map((x) => exports.halvings!(x)),
			[0, 1, 6],
		);
		assert.is(exports.firstOver!(50), 64);
		assert.equal(
			[4, 7].map((x) => exports.countdown!(x)),
			[0, -1],
		);
		assert.equal(
			[0, 1].map((x) => exports.early!(x)),
			[8, 7],
		);
	});

	test("functions call each other and imported ones", () => {
		const { exports } = instantiate(
			(m) => {
				const exp = m.import("exp", ["f64"], "f64");
				const note = m.import("note", ["f64"], "none");
				const twice = m.define("twice", ["f64"], "f64", (_, x) => f64.mul(x, 2));
				m.define("run", ["f64"], "f64", (f, x) => {
					f.do(callTo(note, x));
					f.do(callTo(twice, x));
					return callTo(twice, callTo(exp, x));
				});
			},
			{ imports: { exp: Math.exp, note: (x: number) => assert.is(x, 1) } },
		);
		assert.is(exports.run!(1), 2 * Math.E);
	});

	test("memory is loaded and stored at an address and an offset, in each size", () => {
		const { exports, memory: shared } = instantiate((m) => {
			m.define("copy", ["i32", "i32"], "none", (f, to, from) => {
				f.store(i8, to, i8.load(from, 1), 1);
				f.store(i8, to, i8.loadU(from, 2), 2);
				f.store(i32, to, i32.load(from, 4), 4);
				f.store(i64, to, i64.load(from, 8), 8);
				f.store(f32, to, f32.load(from, 16), 16);
				f.store(f64, to, f64.load(from, 24), 24);
				f.store(v128, to, v128.load(from, 32), 32);
				f.store(f32x4, to, f32x4.loadSplat(from, 4), 48);
				f.store(f64x2, to, f64x2.loadSplat(from, 8), 64);
				f.store(f32x4, to, f32x4.loadZero(from, 4), 80);
				f.store(f64x2, to, f64x2.loadZero(from, 8), 96);
				f.store(f32x4, to, f32x4.loadLane(from, f32x4.const(1), 3, 4), 112);
				f.do(f64x2.storeLane(to, f64x2.loadLane(from, f64x2.const(1), 1, 8), 1, 128));
			});
			m.define("bytes", [], "i32", () => i32.add(i8.load(0), i8.loadU(0)));
			m.define("blocks", [], "i32", (f) => {
				f.do(memory.fill(512, 7, 16));
				f.do(memory.copy(520, 516, 12));
				return memory.pages();
			});
		});
		const bytes = new Uint8Array(shared.buffer);
		const source = Array.from({ length: 48 }, (_, i) => 200 - i);
		bytes.set(source, 0);
		exports.copy!(1024, 0);
		const [four, eight] = [source.slice(4, 8), source.slice(8, 16)];
		const one = [...new Uint8Array(Float32Array.of(1).buffer)];
		assert.equal([...bytes.subarray(1025, 1027)], source.slice(1, 3));
		assert.equal([...bytes.subarray(1028, 1044)], source.slice(4, 20));
		assert.equal([...bytes.subarray(1048, 1072)], source.slice(24, 48));
		assert.equal([...bytes.subarray(1072, 1088)], [four, four, four, four].flat());
		assert.equal([...bytes.subarray(1088, 1104)], [eight, eight].flat());
		assert.equal([...bytes.subarray(1104, 1120)], [...four, ...new Array(12).fill(0)]);
		assert.equal([...bytes.subarray(1120, 1136)], [...eight, ...new Array(8).fill(0)]);
		assert.equal([...bytes.subarray(1136, 1152)], [one, one, one, four].flat());
		assert.equal([...bytes.subarray(1152, 1160)], eight);
		assert.is(exports.bytes!(), 200 + (200 - 256));
		assert.is(exports.blocks!(), 1);
		assert.equal([...bytes.subarray(511, 533)], [0, ...new Array(20).fill(7), 0]);
	});

	test("atomics change shared memory and give what was there", () => {
		const { exports, memory: shared } = instantiate(
			(m) => {
				m.define("run", [], "i32", (f) => {
					f.store(atomic.i32, 8, 10);
					const seen = f.let(atomic.i32.add(8, 5));
					f.do(atomic.i32.sub(8, 1));
					f.do(atomic.i32.or(4, 3, 4));
					f.do(atomic.i32.and(8, 0b110));
					f.do(atomic.i32.xor(8, 1));
					f.set(seen, i32.add(i32.mul(seen, 100), atomic.i32.load(8)));
					f.do(atomic.i32.exchange(8, 42));
					f.do(atomic.i32.compareExchange(8, 41, 1));
					f.do(atomic.i32.compareExchange(8, 42, 43));
					f.do(atomic.fence());
					return seen;
				});
				m.define("wait", ["i32"], "i32", (_, expected) => atomic.i32.wait(8, expected, 1000));
				m.define("notify", [], "i32", () => atomic.notify(8, 1));
			},
			{ shared: true },
		);
		assert.is(exports.run!(), 10 * 100 + (((14 | 3) & 6) ^ 1));
		assert.is(new Int32Array(shared.buffer)[2], 43);
		assert.is(exports.wait!(0), 1);
		assert.is(exports.wait!(43), 2);
		assert.is(exports.notify!(), 0);
	});

	test("a second function of a name, and an import after a function, are refused", () => {
		const m = new ModuleBuilder(null);
		m.define("one", [], "none", () => {});
		assert.throws(() => m.define("one", [], "none", () => {}), /two functions one/);
		assert.throws(() => m.import("two", [], "none"), /two has to come before/);
		assert.ok(WebAssembly.validate(m.bytes()));
	});
});
