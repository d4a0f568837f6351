import { ModuleBuilder } from "../../lib/asm/assembler.ts";
import { engine } from "../../lib/asm/engine.ts";
import { i32 } from "../../lib/asm/scalar.ts";
import { addProduct, vectorsOf } from "../../lib/asm/tile.ts";
import { scratchBytes } from "../../lib/backends/wasm/products/blocks.ts";
import { defineGemm } from "../../lib/backends/wasm/products/gemm.ts";
import type { MatrixProduct } from "../../lib/backends/wasm/products/product.ts";
import { type Contestant, measure } from "./measure.ts";

type Exports = Record<string, (...args: number[]) => void>;

/** How products are computed, unless they have to be reproducible. */
const { wide, tiles: plain, fused } = engine()!;
const tiles = fused ?? plain;

/**
 * Multiplications and additions, fused where products are, that do not wait for each other, and no
 * memory: the most that the vectors of this engine can do. They come from memory and go there side
 * by side, so that an engine which can joins neighbouring ones.
 */
function peak(dtype: MatrixProduct["dtype"]): { run: () => void; flops: number } {
	const type = vectorsOf(dtype);
	const [rounds, chains] = [20_000, wide ? 24 : 12];
	const m = new ModuleBuilder({ pages: 1 });
	m.define("run", [], "none", (f) => {
		const start = f.let(i32.const(0));
		const sums = Array.from({ length: chains }, (_, i) => f.let(type.load(start, 16 * i)));
		const [factor, term] = [f.let(type.const(0.999)), f.let(type.const(0.001))];
		f.for(0, rounds, 1, () => {
			for (const sum of sums) f.set(sum, addProduct(type, tiles.fused, sum, factor, term));
		});
		for (const [i, sum] of sums.entries()) f.store(type, start, sum, 16 * i);
	});
	const memory = new WebAssembly.Memory({ initial: 1 });
	const instance = new WebAssembly.Instance(new WebAssembly.Module(m.bytes()), { env: { memory } });
	return { run: (instance.exports as Exports).run!, flops: 2 * rounds * chains * type.lanes };
}

/**
 * A product of an m×k and a k×n matrix, row-major or transposed, as often as takes about a tenth of
 * a millisecond.
 */
function product(
	dtype: MatrixProduct["dtype"],
	[m, k, n]: readonly [number, number, number],
	transposed: "a" | "b" | null,
): { run: () => void; flops: number } {
	const { bytes } = vectorsOf(dtype);
	const described: MatrixProduct = {
		dtype,
		m,
		n,
		k,
		a: transposed === "a" ? { row: 1, column: m } : { row: k, column: 1 },
		b: transposed === "b" ? { row: 1, column: k } : { row: n, column: 1 },
		cRow: n,
		accumulate: false,
	};
	const scratch = scratchBytes(described, tiles);
	const [a, b, c] = [scratch, scratch + m * k * bytes, scratch + (m * k + k * n) * bytes];
	const pages = Math.ceil((c + m * n * bytes) / 65536);
	const repeat = Math.ceil(2e6 / (m * n * k));
	const builder = new ModuleBuilder({ pages });
	defineGemm(builder, "run", described, tiles);
	const memory = new WebAssembly.Memory({ initial: pages });
	const array = dtype === "float32" ? Float32Array : Float64Array;
	const operands = new array(memory.buffer, a, m * k + k * n);
	for (let i = 0; i < operands.length; i++) operands[i] = Math.sin(i);
	const module = new WebAssembly.Module(builder.bytes());
	const { run } = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
	return {
		run: () => {
			for (let i = 0; i < repeat; i++) run!(a, b, c, 0, 0, m);
		},
		flops: 2 * m * n * k * repeat,
	};
}

/** The five products of a step of the two-layer net, then square ones. */
const SHAPES = [
	[[64, 1000, 100], null],
	[[64, 100, 10], null],
	[[100, 64, 10], "a"],
	[[64, 10, 100], "b"],
	[[1000, 64, 100], "a"],
	[[64, 64, 64], null],
	[[256, 256, 256], null],
	[[256, 256, 256], "b"],
	[[1024, 1024, 1024], null],
] as const;

/**
 * Prints how fast matrix products are in WebAssembly, beside the most that multiplications and
 * additions reach in the same run.
 */
export function kernels(rounds: number): void {
	const how = tiles.fused ? "fused" : "multiplied, then added";
	console.log(`products of vectors of ${wide ? 256 : 128} bits, ${how}`);
	const rows: Record<string, string>[] = [];
	for (const dtype of ["float32", "float64"] as const) {
		const limit = peak(dtype);
		for (const [sizes, transposed] of SHAPES) {
			const [m, k, n] = sizes;
			const { run, flops } = product(dtype, sizes, transposed);
			const contestants: Contestant[] = [
				{ name: "peak", run: limit.run },
				{ name: "product", run },
			];
			const [top, ours] = measure(contestants, m === 1024 ? Math.ceil(rounds / 4) : rounds);
			const rate = (ms: number, of: number) => of / ms / 1e6;
			const best = rate(ours!.best, flops);
			rows.push({
				product: `(${m}×${k})·(${k}×${n})${transposed === null ? "" : `, ${transposed} transposed`}`,
				dtype,
				"GFLOP/s, best": best.toFixed(1),
				median: rate(ours!.median, flops).toFixed(1),
				"share of the peak": (best / rate(top!.best, limit.flops)).toFixed(2),
			});
		}
	}
	console.table(rows);
}
