import * as assert from "uvu/assert";
import {
	arange,
	broadcastTo,
	DomainError,
	DTypeError,
	grad,
	random,
	ShapeError,
	stack,
	type Tensor,
	tensor,
	where,
	zeros,
} from "../../lib/index.ts";
import { attention, multiHeadAttention } from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { roads } from "../roads.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

const { NEGATIVE_INFINITY, NaN: nan } = Number;

const [q, k, v] = [normal(1, [4, 3]), normal(2, [5, 3]), normal(3, [5, 2])];
const allowed = tensor([
	[true, false, true, true, true],
	[false, false, false, false, false],
	[true, true, true, false, true],
	[true, false, true, true, true],
]);

/** Keys or values (…×heads×places×width), each head a number of times after itself. */
function repeated(x: Tensor, times: number): Tensor {
	const shape = [...x.shape];
	const [heads] = shape.splice(-3, 1);
	return stack(Array(times).fill(x), -3).reshape([
		...shape.slice(0, -2),
		heads! * times,
		...shape.slice(-2),
	]);
}

suite("nn/attention with options", (test) => {
	test("a float mask is added to the scores, and −∞ is where a query may not look", () => {
		const bias = where(allowed, 0, NEGATIVE_INFINITY);
		for (const f of roads((mask: Tensor) => attention(q, k, v, { mask }))) {
			near(f(bias), attention(q, k, v, { mask: allowed }), 1e-15);
		}
		same(attention(q, k, v, { mask: bias }).slice(1), [0, 0]);
		const added = normal(4, [4, 5]);
		const scores = q.matmul(k.T).div(Math.sqrt(3)).add(added);
		near(attention(q, k, v, { mask: added }), scores.softmax().matmul(v));
		const causal = arange(5).lessEqual(arange(1, 5).expandDims(1));
		near(
			attention(q, k, v, { mask: added, causal: true }),
			where(causal, scores, NEGATIVE_INFINITY).softmax().matmul(v),
		);
		same(attention(q, k, v, { mask: zeros([5]) }), attention(q, k, v));
	});

	test("a float mask has a gradient, none where it is −∞, and holds up", () => {
		const bias = normal(4, [4, 5]);
		holdsUp((t) => attention(t.q, t.k, t.v, { mask: t.bias }), { q, k, v, bias });
		const masked = where(allowed, bias, NEGATIVE_INFINITY);
		const g = grad((mask: Tensor) => attention(q, k, v, { mask }).square().sum())(masked);
		assert.ok(g.isFinite().all().item());
		same(where(allowed, 0, g), zeros([4, 5]));
		near(g.sum(-1), [0, 0, 0, 0]);
	});

	test("a NaN in a float mask shows, and what may be NaN where no query looks does not", () => {
		const bias = where(allowed, 0, NEGATIVE_INFINITY);
		const hole = where(tensor([false, true, false, false, false]), nan, 0);
		same(
			attention(q, k, v, { mask: bias.add(hole) })
				.isNaN()
				.slice(2),
			[true, true],
		);
		const column = where(tensor([true, false, true, true, true]), bias, NEGATIVE_INFINITY);
		const broken = k.add(where(arange(5).equal(1).expandDims(1), nan, 0));
		near(attention(q, broken, v, { mask: column }), attention(q, k, v, { mask: column }));
	});

	test("a scale takes the place of 1/√d", () => {
		near(attention(q, k, v, { scale: 0 }), broadcastTo(v.mean(0), [4, 2]));
		near(attention(q, k, v, { scale: 1 / Math.sqrt(3) }), attention(q, k, v));
		near(attention(q, k, v, { scale: 2 }), attention(q.mul(2 * Math.sqrt(3)), k, v));
		refuses(() => attention(q, k, v, { scale: nan }), DomainError, "attention: expected scale");
	});

	test("heads of queries share keys and values of fewer heads, with every mask", () => {
		const tree = {
			q: normal(1, [2, 6, 4, 3]),
			k: normal(2, [2, 3, 5, 3]),
			v: normal(3, [2, 3, 5, 2]),
		};
		const masks = [
			undefined,
			allowed,
			normal(4, [4, 5]),
			normal(5, [6, 4, 5]),
			normal(6, [2, 1, 4, 5]),
			allowed.expandDims([0, 1]),
		];
		for (const mask of masks) {
			const f = ({ q, k, v }: typeof tree) =>
				attention(q, k, v, { mask, causal: true, scale: 0.5 });
			const expected = f({ ...tree, k: repeated(tree.k, 2), v: repeated(tree.v, 2) });
			for (const road of roads(f)) near(road(tree), expected);
		}
		holdsUp(({ q, k, v }) => attention(q, k, v, { mask: allowed }), tree, 1);
	});

	test("one head of keys serves all; heads that do not fall into groups are refused", () => {
		const heads = normal(1, [6, 4, 3]);
		near(
			attention(heads, k.expandDims(0), v.expandDims(0)).slice(2),
			attention(heads.slice(2), k, v),
		);
		const four = normal(2, [4, 5, 3]);
		refuses(() => attention(heads, four, four), ShapeError, "attention: ");
		const mask = zeros([2, 4, 5]);
		const two = normal(2, [2, 5, 3]);
		refuses(() => attention(heads, two, two, { mask }), ShapeError, "attention: ");
		refuses(
			() => attention(q, k, v, { mask: zeros([4, 5], { dtype: "float32" }) }),
			DTypeError,
			"attention: ",
		);
	});

	test("multiHeadAttention with fewer heads of keys and values is that with their weights repeated", () => {
		const layer = multiHeadAttention(12, 6, { keyValueHeads: 2, causal: true, rotary: true });
		const params = layer.init(random.key(1));
		assert.equal(
			[params.key.w.shape, params.value.b.shape, params.query.w.shape],
			[[12, 4], [4], [12, 12]],
		);
		const wide = (w: Tensor) =>
			repeated(w.reshape([-1, 2, 2]).permute([1, 0, 2]), 3)
				.permute([1, 0, 2])
				.reshape([-1, 12]);
		const all = { ...params };
		for (const name of ["key", "value"] as const) {
			all[name] = { w: wide(params[name].w), b: wide(params[name].b).reshape([12]) };
		}
		const whole = multiHeadAttention(12, 6, { causal: true, rotary: true });
		const x = normal(2, [2, 4, 12]);
		near(layer.apply(params, x), whole.apply(all, x));
		const mask = tensor([
			[true, true, true, true],
			[true, true, false, false],
		]);
		near(layer.apply(params, x, { mask }), whole.apply(all, x, { mask }));
		refuses(
			() => multiHeadAttention(12, 6, { keyValueHeads: 4 }),
			ShapeError,
			"6 heads to fall into 4",
		);
	});

	test("multiHeadAttention takes a scale", () => {
		const x = normal(2, [1, 3, 4]);
		const plain = multiHeadAttention(4, 2);
		const params = plain.init(random.key(1));
		near(
			multiHeadAttention(4, 2, { scale: Math.SQRT1_2 }).apply(params, x),
			plain.apply(params, x),
		);
		const doubled = { ...params, query: { w: params.query.w.mul(2), b: params.query.b.mul(2) } };
		near(multiHeadAttention(4, 2, { scale: Math.SQRT2 }).apply(params, x), plain.apply(doubled, x));
	});
});
