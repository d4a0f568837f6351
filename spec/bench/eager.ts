import {
	add,
	argsort,
	clip,
	div,
	exp,
	fft,
	greater,
	max,
	mul,
	relu,
	rfft,
	softmax,
	sort,
	sum,
	Tensor,
	take,
	tanh,
	transpose,
	where,
} from "../../lib/index.ts";
import { measure } from "./measure.ts";
import { numpyTimes } from "./numpy.ts";

const SIZE = 1_000_000;
const ROWS = 1000;
/** Of the transforms, which take shorter lines. */
const LENGTH = 2 ** 16;

/** Numbers between −1 and 1, whose signs no processor foresees. */
function noise(seed: number): Float64Array {
	let state = seed;
	return Float64Array.from({ length: SIZE }, () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 31 - 1;
	});
}

type Case = readonly [name: string, run: () => Tensor, numpy: string];

function casesOf(dtype: "float32" | "float64"): Case[] {
	const of = (values: Float64Array, shape: number[]) =>
		new Tensor(dtype === "float32" ? new Float32Array(values) : values, dtype, shape);
	const [xs, ys] = [noise(1), noise(2)];
	const [x, y, t] = [of(xs, [SIZE]), of(ys, [SIZE]), of(xs, [ROWS, SIZE / ROWS])];
	const row = of(ys.slice(0, SIZE / ROWS), [SIZE / ROWS]);
	const picked = new Tensor(
		Int32Array.from({ length: ROWS }, (_, i) => (i * 7919) % ROWS),
		"int32",
		[ROWS],
	);
	const positive = greater(y, 0);
	const [re, im] = [xs, ys].map((part) => of(part.slice(0, LENGTH), [LENGTH]));
	return [
		["add", () => add(x, y), "x + y"],
		["mul by a number", () => mul(x, 1.5), "x * x.dtype.type(1.5)"],
		["div", () => div(x, y), "x / y"],
		["relu", () => relu(x), "np.maximum(x, 0)"],
		["clip", () => clip(x, -0.5, 0.5), "np.clip(x, -0.5, 0.5)"],
		["greater", () => greater(x, y), "x > y"],
		["where", () => where(positive, x, y), "np.where(m, x, y)"],
		["exp", () => exp(x), "np.exp(x)"],
		["tanh", () => tanh(x), "np.tanh(x)"],
		["sum", () => sum(x), "x.sum()"],
		["max of rows", () => max(t, 1), "t.max(1)"],
		[
			"softmax of rows",
			() => softmax(t),
			"(lambda e: e / e.sum(1, keepdims=True))(np.exp(t - t.max(1, keepdims=True)))",
		],
		["a row added to all", () => add(t, row), "t + y[:1000]"],
		["transposed added", () => add(transpose(t), t), "t.T + t"],
		["take of rows", () => take(t, picked, 0), "t[picked]"],
		["argsort", () => argsort(x), "np.argsort(x)"],
		["sort", () => sort(x), "np.sort(x)"],
		[`fft of ${LENGTH}`, () => fft({ re: re!, im: im! }).re, "np.fft.fft(z)"],
		[`rfft of ${LENGTH}`, () => rfft(re!).re, "np.fft.rfft(z.real)"],
	];
}

/** Prints how fast eager ops over a million elements are, beside NumPy where Python has it. */
export function eagerOps(rounds: number): void {
	const rows = (["float32", "float64"] as const).flatMap((dtype) => {
		const cases = casesOf(dtype);
		const prepare = `r = np.random.default_rng(0)
x, y = ((2 * r.random(${SIZE}) - 1).astype("${dtype}") for _ in range(2))
t = x.reshape(${ROWS}, -1); m = y > 0; z = x[:${LENGTH}] + 1j * y[:${LENGTH}]; picked = np.arange(${ROWS}) * 7919 % ${ROWS}`;
		const expressions = Object.fromEntries(cases.map(([name, , numpy]) => [name, numpy]));
		const numpy = numpyTimes(prepare, expressions, rounds);
		return cases.map(([name, run]) => {
			const [timing] = measure([{ name, run }], rounds);
			const theirs = numpy?.[name];
			return {
				"an eager op on a million elements": `${name}, ${dtype}`,
				"ms, best": timing!.best.toFixed(2),
				"ms, median": timing!.median.toFixed(2),
				"NumPy, best": theirs?.toFixed(2) ?? "missing",
				ratio: theirs === undefined ? "" : (timing!.best / theirs).toFixed(1),
			};
		});
	});
	console.table(rows);
}
