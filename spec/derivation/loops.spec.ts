import * as assert from "uvu/assert";
import { isLoop, loopsOf } from "../../lib/derivation/draft/blocks.ts";
import type { Statement } from "../../lib/derivation/draft/model.ts";
import { derive } from "../../lib/derivation/index.ts";
import * as a from "../../lib/index.ts";
import * as nn from "../../lib/nn/index.ts";
import { suite } from "../suite.ts";

const series = (...shape: number[]) => {
	const size = shape.reduce((x, y) => x * y, 1);
	const values = Array.from({ length: size }, (_, i) => Math.sin(1 + 3 * i + shape.length) / 2);
	return a.reshape(a.tensor(values), shape);
};

interface Net {
	readonly W: a.Tensor;
	readonly U: a.Tensor;
	readonly b: a.Tensor;
}

function rnn({ W, U, b }: Net, x: a.Tensor, h0: a.Tensor, y: a.Tensor): a.Tensor {
	const step = (h: a.Tensor, x: a.Tensor) => {
		const next = x.dot(W).add(h.dot(U)).add(b).as("z").tanh().as("h");
		return [next, next] as const;
	};
	const [, hs] = a.scan(step, h0, x);
	return hs.sub(y).square().mean();
}

const derived = derive(
	rnn,
	{
		net: { W: series(3, 5), U: series(5, 5), b: series(5) },
		...{ x: series(4, 2, 3), h0: series(2, 5), y: series(4, 2, 5) },
	},
	{
		axes: {
			...{ W: ["D", "H"], U: ["H", "H"], b: ["H"] },
			...{ x: ["T", "B", "D"], h0: ["B", "H"], y: ["T", "B", "H"] },
		},
	},
);

suite("loops in derivations", (test) => {
	test("a recurrent net prints as one loop forward and one backward, with its gradients added up", () => {
		const lines = derived.print("numpy").split("\n");
		assert.equal(lines.slice(lines.indexOf("h = h0")), [
			"h = h0",
			"hs = np.empty((T, B, H))",
			"hs_in = np.empty((T, B, H))",
			"for t in range(T):",
			"    hs_in[t] = h",
			"    z = x[t].dot(W) + h.dot(U) + b",
			"    h = np.tanh(z)",
			"    hs[t] = h",
			"loss = np.square(hs - y).mean()",
			"",
			"# Backward",
			"grad_hs = 2.0 * (hs - y) / (H * T * B)",
			"grad_h = np.zeros((B, H))",
			"grad_W = np.zeros((D, H))",
			"grad_U = np.zeros((H, H))",
			"grad_b = np.zeros((H,))",
			"for t in reversed(range(T)):",
			"    grad_h = grad_h + grad_hs[t]",
			"    grad_z = grad_h * (1 - np.square(hs[t]))",
			"    grad_W += x[t].T.dot(grad_z)",
			"    grad_U += hs_in[t].T.dot(grad_z)",
			"    grad_b += grad_z.sum(axis=0)",
			"    grad_h = grad_z.dot(U.T)",
			"",
		]);
	});

	test("the loops run as printed, and their gradients are those of the engine and of differences", () => {
		const { ok, checks } = derived.verify({ forms: ["ts"] });
		assert.ok(ok);
		const judged = checks.filter(({ differences }) => differences === "differences agree");
		assert.equal(
			judged.map(({ variable }) => variable),
			["grad_hs", "grad_W", "grad_U", "grad_b"],
		);
	});

	test("what is handed on in exchange is read before it changes", () => {
		const f = ({ u, v, k }: Record<"u" | "v" | "k", a.Tensor>, x: a.Tensor) => {
			const step = ({ u, v }: Record<"u" | "v", a.Tensor>, x: a.Tensor) =>
				[{ u: v, v: u.mul(k).add(v.mul(x)) }, null] as const;
			const [last] = a.scan(step, { u, v }, x);
			return last.u.mul(last.v).sum();
		};
		const args = { p: { u: series(3), v: series(3), k: series() }, x: series(5) };
		assert.ok(derive(f, args).verify({ forms: ["ts"] }).ok);
	});

	test("a share in a gradient, and what goes back into each step, are true", () => {
		const power = (w: a.Tensor) => a.fori(0, 5, (c: a.Tensor) => c.mul(w.cos()), w.add(1));
		assert.ok(derive(power, { w: a.tensor(0.3) }).verify({ forms: ["ts"] }).ok);
		const leaky = (x: a.Tensor, h0: a.Tensor) => {
			const step = (h: a.Tensor, x: a.Tensor) => {
				const next = h.mul(0.9).add(x.sin()).as("h");
				return [next, next] as const;
			};
			const [h, hs] = a.scan(step, h0, x, { reverse: true });
			return h.sum().add(hs.square().sum());
		};
		assert.ok(derive(leaky, { x: series(4, 3), h0: series(3) }).verify({ forms: ["ts"] }).ok);
	});

	test("layers over sequences are loops whose gates have their names", () => {
		const layer = nn.lstm(2, 3);
		const loss = (params: nn.RecurrentParams, x: a.Tensor) =>
			layer.apply(params, x).square().mean();
		const args = { params: layer.init(a.random.key(1)), x: series(2, 4, 2) };
		const derived = derive(loss, args, { axes: { x: ["B", "T", "D"] } });
		const [forward, backward] = loopsOf(derived).map(({ body }) =>
			body.filter((item): item is Statement => !isLoop(item)).map(({ variable }) => variable),
		);
		const entries = ["cs_in", "hs_in", "os", "fs", "is_", "gs", "tanhs", "hs"];
		const own = forward!.filter((name) => !entries.includes(name));
		assert.equal(own, ["dot", "o", "f", "i", "g", "c", "tanh", "h"]);
		for (const gate of "fgio") assert.ok(backward!.includes(`grad_${gate}`));
		assert.ok(derived.verify({ forms: ["ts"] }).ok);
	});

	test("a carry without a name is called by its key, or by what it starts from", () => {
		const carriesOf = (f: (x: a.Tensor, ...more: a.Tensor[]) => a.Tensor, names: string[]) => {
			const args = Object.fromEntries(names.map((name) => [name, series(3)]));
			const derived = derive(f as never, args);
			assert.ok(derived.verify({ forms: ["ts"] }).ok);
			return loopsOf(derived)[0]!.starts.map(({ variable }) => variable);
		};
		const decay = (h: a.Tensor) => a.fori(0, 3, (h: a.Tensor) => h.mul(h.cos()), h).sum();
		assert.equal(carriesOf(decay, ["h0"]), ["h"]);
		assert.equal(carriesOf(decay, ["h"]), ["h_t"]);
		const named = (h: a.Tensor) => a.fori(0, 3, (h: a.Tensor) => h.mul(h.cos()).as("h"), h).sum();
		assert.equal(carriesOf(named, ["h"]), ["h_t"]);
		const both = (x: a.Tensor, v: a.Tensor) => {
			const step = ({ at, by }: Record<"at" | "by", a.Tensor>) => {
				return { at: at.add(by.mul(0.1)), by: by.sub(at.sin()) };
			};
			return a.fori(0, 3, step, { at: x, by: v }).at.sum();
		};
		assert.equal(carriesOf(both, ["x", "v"]), ["at", "by"]);
	});

	test("what a step only exchanges goes through a variable that keeps it", () => {
		const f = (all: Record<"u" | "v" | "w", a.Tensor>) => {
			const turn = ({ u, v, w }: typeof all) => ({ u: v, v: w, w: u });
			const { u, v, w } = a.fori(0, 4, turn, all);
			return u.mul(u).add(v.sin()).add(w.exp()).sum();
		};
		const derived = derive(f, { all: { u: series(3), v: series(3).add(1), w: series(3).sin() } });
		const lines = derived.print("numpy").split("\n");
		assert.equal(lines.slice(lines.indexOf("u_t = u"), lines.indexOf("# Backward") - 3), [
			...["u_t = u", "v_t = v", "w_t = w", "for t in range(4):"],
			...["    u_t_before = u_t", "    u_t = v_t", "    v_t = w_t", "    w_t = u_t_before"],
		]);
		assert.ok(derived.verify({ forms: ["ts"] }).ok);
	});

	test("a loop without steps is what it starts from", () => {
		const f = (w: a.Tensor, x: a.Tensor) => {
			const step = (h: a.Tensor, x: a.Tensor) => [h.mul(w).add(x), h.mul(x)] as const;
			const [h, hs] = a.scan(step, w, x);
			return h.square().sum().add(hs.sum());
		};
		const args = { w: series(3), x: a.zeros([0, 3]) };
		assert.ok(derive(f, args).verify({ forms: ["ts"] }).ok);
		const none = (w: a.Tensor) => a.fori(0, 0, (h: a.Tensor) => h.mul(w), w).sum();
		assert.ok(derive(none, [series(3)]).verify({ forms: ["ts"] }).ok);
	});
});
