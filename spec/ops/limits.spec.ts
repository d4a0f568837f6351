import * as assert from "uvu/assert";
import { records } from "../../lib/check/records.ts";
import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import { compile } from "../../lib/compile/index.ts";
import { isFloat } from "../../lib/core/dtype.ts";
import { apply } from "../../lib/core/op.ts";
import * as functions from "../../lib/functions.ts";
import { full, onesLike, type Tensor, tensor, vjp } from "../../lib/index.ts";
import { type Definition, definitions } from "../reference/elementwise.ts";
import { endsOf, limits } from "../reference/limits.ts";
import { type Op, orderOf, waysTo } from "../reference/measure.ts";
import { PARTS } from "../reference/truth.ts";
import { suite } from "../suite.ts";

const inf = Number.POSITIVE_INFINITY;

const ops = {
	...functions,
	...functions.internal,
	polygamma: (x: Tensor) => functions.polygamma(1, x),
} as unknown as Record<string, Op>;

/** What is not the limit, of an op and its derivatives up to this order at ±∞. */
function deviations(op: Op, definition: Definition, order: number): string[] {
	const points = endsOf(definition);
	if (points.length === 0) return [];
	const expected = points.map((at) => limits(definition, at));
	const parts = PARTS[definition.arity].filter((part) => orderOf(part) <= order);
	const ways = parts.flatMap((part) => waysTo(op, part).map(([how, of]) => ({ part, how, of })));
	return (["float64", "float32"] as const).flatMap((dtype) => {
		const args = points[0]!.map((_, i) =>
			tensor(
				points.map((at) => at[i]!),
				{ dtype },
			),
		);
		const compiled = compile((...xs: Tensor[]) => ways.map(({ of }) => of(xs)))(...args);
		const within = dtype === "float64" ? 1e-15 : 1e-6;
		return ways.flatMap(({ part, how, of }, k) =>
			(
				[
					["eager", of(args)],
					["compiled", compiled[k]!],
				] as const
			).flatMap(([road, result]) =>
				points.flatMap((at, i) => {
					const [got, limit] = [result.data[i]!, expected[i]!.get(part)!];
					if (limit === null || got === limit || Math.abs(got - limit) <= within) return [];
					return [`${dtype} ${road} ${part} ${how} at (${at}): ${got}, not ${limit}`];
				}),
			),
		);
	});
}

/**
 * Internal ops are derivatives: their first ones are the second of those that users call. Second
 * derivatives of `power` are sums of products, in which a power that vanished may meet an infinite
 * logarithm or exponent: NaN there.
 */
const orderFor = (name: string) => (name in functions.internal || name === "power" ? 1 : 2);

suite("ops/limits", (test) => {
	for (const [name, definition] of Object.entries(definitions)) {
		const order = orderFor(name);
		const what = order === 1 ? "its derivative" : "its first and second derivatives";
		test(`${name} and ${what} have their limits at ±∞, in both directions, eager and compiled`, () => {
			assert.equal(deviations(ops[name]!, definition, order), []);
		});
	}

	test("the limits themselves are known: of a logarithm, a wave, a bell", () => {
		const limit = (name: string, at: number[]) => [...limits(definitions[name]!, at).values()];
		assert.equal(limit("log", [inf]), [inf, 0, 0]);
		assert.equal(limit("sin", [inf]), [null, null, null]);
		assert.equal(limit("bell", [-inf]), [0, 0, 0]);
		assert.equal(limit("gelu", [inf]), [inf, 1, 0]);
		assert.equal(limit("hypot", [-inf, 2]), [inf, -1, 0, 0, 0, 0]);
	});

	test("what only chooses or rounds has the derivatives at ±∞ that it has far out", () => {
		const chosen = records.filter(
			({ name, traits, differential }) =>
				traits?.elementwise && differential !== null && !(name in definitions),
		);
		for (const op of chosen) {
			const { inputs } = op.sample!(drawFrom(numbersFrom(1)));
			for (const [i, x] of inputs.entries()) {
				if (!isFloat(x.dtype)) continue;
				for (const [end, far] of [
					[inf, 1e9],
					[-inf, -1e9],
				] as const) {
					const gradient = (value: number) => {
						const at = full(x.shape, value);
						const [out, pull] = vjp((t: Tensor) => apply(op, inputs.with(i, t), null), at);
						return [...pull(onesLike(out)).data];
					};
					assert.equal(gradient(end), gradient(far), op.name);
				}
			}
		}
		assert.ok(chosen.length > 5);
	});
});
