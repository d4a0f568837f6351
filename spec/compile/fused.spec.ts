import { createHash } from "node:crypto";
import * as assert from "uvu/assert";
import { engine } from "../../lib/asm/engine.ts";
import { compile } from "../../lib/compile/index.ts";
import { conv2d, random, type Tensor, valueAndGrad } from "../../lib/index.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";

const uniform = (seed: number, shape: number[], dtype: "float32" | "float64") =>
	random.uniform(random.key(seed), shape, { low: -1, high: 1 }).astype(dtype);

const dtypes = ["float32", "float64"] as const;

/** A product and a convolution with what comes after them, and their gradients. */
function step(w: Tensor, filter: Tensor, x: Tensor, images: Tensor) {
	const loss = (w: Tensor, filter: Tensor) => {
		const seen = conv2d(images, filter, { padding: 1 }).maximum(0).mul(0.5);
		return x.dot(w).maximum(0).square().sum().add(seen.square().sum());
	};
	const [, [byW, byFilter]] = valueAndGrad((both: [Tensor, Tensor]) => loss(...both))([w, filter]);
	return [x.dot(w), conv2d(images, filter), byW, byFilter] as const;
}

/** Arguments of it, of sizes that leave something over at every edge of a tile. */
const argumentsOf = (dtype: (typeof dtypes)[number]) =>
	[
		uniform(1, [70, 45], dtype),
		uniform(2, [5, 3, 3, 3], dtype),
		uniform(3, [131, 70], dtype),
		uniform(4, [4, 3, 9, 11], dtype),
	] as const;

const isFused = engine()?.fused !== null;

suite("compile/fused", (test) => {
	test("explain says whether products are fused; reproducible ones and other steps are not", () => {
		const [w, , x] = argumentsOf("float64");
		const product = (v: Tensor, u: Tensor) => v.dot(u);
		const text = "products: fused multiply-add";
		const whether = (explanation: ReturnType<ReturnType<typeof compile>["explain"]>) => {
			assert.is(String(explanation).includes(text), explanation.fused);
			return explanation.fused;
		};
		assert.is(whether(compile(product).explain(x, w)), isFused);
		assert.is(whether(compile(product, { reproducible: true }).explain(x, w)), false);
		assert.is(whether(compile((v: Tensor) => v.add(1)).explain(x)), false);
		const { notes } = compile(product).explain(x, w);
		assert.is(notes.includes("no fused multiply-add in WebAssembly here"), !isFused);
	});

	test("sums are within the error bound of a product, whatever the dtype", () => {
		for (const dtype of dtypes) {
			const [w, filter, x, images] = argumentsOf(dtype);
			const half = dtype === "float32" ? 2 ** -24 : 2 ** -53;
			const computed = compile(step)(w, filter, x, images);
			/** Each term is rounded at most twice; the float64 that it is compared with as often. */
			const within = (
				result: Tensor,
				terms: number,
				of: (...x: Tensor[]) => Tensor,
				x: Tensor[],
			) => {
				const wide = x.map((v) => v.astype("float64"));
				const exact = of(...wide).data;
				const sizes = of(...wide.map((v) => v.abs())).data;
				for (const [i, y] of result.data.entries()) {
					assert.ok(Math.abs(y - exact[i]!) <= 2 * (terms + 1) * half * sizes[i]!);
				}
			};
			within(computed[0], 70, (v, u) => v!.dot(u!), [x, w]);
			within(computed[1], 27, (v, u) => conv2d(v!, u!), [images, filter]);
		}
	});

	test("one thread, two and three give the same bits, in products and convolutions of both dtypes", () => {
		for (const dtype of dtypes) {
			const args = argumentsOf(dtype);
			const alone = compile(step)(...args);
			for (const threads of [2, 3]) {
				const together = compile(step, { threads });
				for (let run = 0; run < 3; run++) {
					for (const [i, out] of together(...args).entries()) same(out, alone[i]!);
				}
			}
		}
	});

	test("a row has the same bits alone and at any place of a batch, and so has an image", () => {
		for (const dtype of dtypes) {
			const [w, filter, x, images] = argumentsOf(dtype);
			const rows = compile((v: Tensor) => v.dot(w));
			const convolved = compile((v: Tensor) => conv2d(v, filter));
			const batches = compile((v: Tensor) => v.expandDims(1).matmul(w).squeeze(1));
			const all = rows(x);
			same(batches(x), all);
			for (const i of [0, 1, 4, 63, 128, 130]) {
				same(rows(x.slice([i, i + 1])), all.slice([i, i + 1]));
				same(rows(x.slice([i, 131])), all.slice([i, 131]));
			}
			const images4 = convolved(images);
			for (const i of [0, 3]) same(convolved(images.slice([i, i + 1])), images4.slice([i, i + 1]));
		}
	});

	test("reproducible results are those that every engine gives, eager products in float64 included", () => {
		const bits = (results: readonly Tensor[]) => {
			const sum = createHash("sha256");
			for (const x of results) sum.update(Float64Array.from(x.data));
			return sum.digest("hex").slice(0, 16);
		};
		const of = (dtype: (typeof dtypes)[number], reproducible: boolean) =>
			bits(compile(step, { reproducible })(...argumentsOf(dtype)));
		assert.is(of("float32", true), "e987e35380beb275");
		assert.is(of("float64", true), "b285add698c5e2c1");
		for (const dtype of dtypes) assert.is(of(dtype, false) === of(dtype, true), !isFused);
		const [w, , x] = argumentsOf("float64");
		same(compile((v: Tensor, u: Tensor) => v.dot(u), { reproducible: true })(x, w), x.dot(w));
	});
});
