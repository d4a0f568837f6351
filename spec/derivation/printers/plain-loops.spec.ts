import * as assert from "uvu/assert";
import { elements } from "../../../lib/core/strided.ts";
import { checkText, type Derivation, derive } from "../../../lib/derivation/index.ts";
import * as a from "../../../lib/index.ts";
import { gru } from "../../../lib/nn/index.ts";
import { key } from "../../../lib/random/index.ts";
import { near } from "../../near.ts";
import { suite } from "../../suite.ts";
import { runPrinted } from "../run-printed.ts";

type Pair = Record<"u" | "v", a.Tensor>;

const series = (...shape: number[]) => {
	const size = shape.reduce((x, y) => x * y, 1);
	const values = Array.from({ length: size }, (_, i) => Math.sin(1 + 3 * i + shape.length) / 2);
	return a.reshape(a.tensor(values), shape);
};

/** As a printed program of plain loops takes a tensor. */
const asPlain = (x: a.Tensor) => (x.rank === 0 ? x.item() : Float64Array.from(elements(x)));

/** A new state that is told too. */
const both = <T>(x: T) => [x, x] as const;

const { fori, scan, tanh } = a;

function rnn({ W, U, b }: Record<"W" | "U" | "b", a.Tensor>, x: a.Tensor, h0: a.Tensor) {
	const step = (h: a.Tensor, x: a.Tensor) => both(tanh(x.dot(W).add(h.dot(U)).add(b)).as("h"));
	return scan(step, h0, x)[1].square().mean();
}

const rnnAt = (T: number, B: number, D: number, H: number) => ({
	net: { W: series(D, H), U: series(H, H), b: series(H) },
	...{ x: series(T, B, D), h0: series(B, H) },
});

const rnnAxes = {
	...{ W: ["D", "H"], U: ["H", "H"], b: ["H"] },
	...{ x: ["T", "B", "D"], h0: ["B", "H"] },
};

const unit = gru(3, 4);

/** Derivations by what is special about their loops. */
const cases: Readonly<Record<string, () => Derivation>> = {
	"a recurrent net": () => derive(rnn, rnnAt(4, 2, 3, 5), { axes: rnnAxes }),
	"a gated recurrent unit": () => {
		const f = (p: ReturnType<typeof unit.init>, x: a.Tensor) => {
			const step = (h: { h: a.Tensor }, x: a.Tensor) => {
				const next = unit.step(p, h, x);
				return [next, next.h] as const;
			};
			return scan(step, unit.start(2), x)[1].square().mean();
		};
		return derive(f, { p: unit.init(key(1)), x: series(5, 2, 3) });
	},
	"an exchange of what is handed on": () => {
		const f = ({ u, v }: Pair, x: a.Tensor) => {
			const step = ({ u, v }: Pair, x: a.Tensor) => [{ u: v, v: u.add(v).mul(x) }, u] as const;
			const [last, us] = scan(step, { u, v }, x);
			return last.u.mul(last.v).sum().add(us.sin().sum());
		};
		return derive(f, { p: { u: series(3), v: series(3) }, x: series(5) });
	},
	numbers: () => {
		const power = (w: a.Tensor) => fori(0, 5, (c: a.Tensor) => c.mul(w.cos()), w.add(1));
		return derive(power, { w: a.tensor(0.3) });
	},
	"steps from the last to the first": () => {
		const f = (x: a.Tensor, h0: a.Tensor) => {
			const step = (h: a.Tensor, x: a.Tensor) => both(h.mul(0.9).add(x.sin()).as("h"));
			const [h, hs] = scan(step, h0, x, { reverse: true });
			return h.sum().add(hs.square().sum());
		};
		return derive(f, { x: series(4, 3), h0: series(3) });
	},
	"a carry that is kept at some steps alone": () => {
		const f = ({ w }: { w: a.Tensor }, x: a.Tensor) => {
			const step = (h: a.Tensor, x: a.Tensor) => both(h.mul(w).add(x).tanh().as("h"));
			const [h, hs] = scan(step, a.zeros([3]), x, { checkpoint: 2 });
			return h.square().sum().add(hs.sum());
		};
		return derive(f, { p: { w: series(3) }, x: series(5, 3) });
	},
	"entries of entries, which are matrices": () => {
		const f = (x: a.Tensor, w: a.Tensor) => {
			const cell = (g: a.Tensor, x: a.Tensor) => {
				const next = g.dot(w).add(x.sin());
				return [next, next.sum()] as const;
			};
			const step = (h: a.Tensor, row: a.Tensor) => {
				const [last, sums] = scan(cell, h, row, { reverse: true });
				return [last.mul(h), sums] as const;
			};
			const [h, sums] = scan(step, a.ones([2, 5]), x);
			return h.sum().add(sums.square().sum());
		};
		return derive(f, { x: series(4, 3, 2, 5), w: series(5, 5) });
	},
	"loops three deep": () => {
		const inner = (d: a.Tensor, c: a.Tensor, w: a.Tensor) =>
			fori(0, 2, (e: a.Tensor) => e.mul(w).add(c).sin(), d);
		const f = ({ w, x }: Record<"w" | "x", a.Tensor>) =>
			fori(0, 2, (c: a.Tensor) => fori(0, 3, (d: a.Tensor) => inner(d, c, w), c), x).sum();
		return derive(f, { p: { w: series(2), x: series(2) } });
	},
	"functions of an entry that are called": () => {
		const f = ({ A }: { A: a.Tensor }, x: a.Tensor) => {
			const step = (h: a.Tensor, x: a.Tensor) => both(a.inverse(x.add(A).add(h)));
			const [h, hs] = scan(step, A.inverse(), x);
			return h.square().sum().add(hs.sum());
		};
		const A = a.eye(3).mul(3).add(series(3, 3));
		return derive(f, { p: { A }, x: series(4, 3, 3) });
	},
	"masks and a sum along an entry": () => {
		const f = ({ w }: { w: a.Tensor }, x: a.Tensor) => {
			const step = (c: a.Tensor, x: a.Tensor) => {
				const isMore = c.greater(x);
				return [a.where(isMore, c.mul(w), c.add(x)), x.cumsum(0).mul(c).flip(0)] as const;
			};
			const [h, ys] = scan(step, series(3), x);
			return h.square().sum().add(ys.sum());
		};
		return derive(f, { p: { w: series(3) }, x: series(5, 3) });
	},
	"a single step, and entries of one element": () => {
		const f = (x: a.Tensor, h0: a.Tensor) => {
			const step = (h: a.Tensor, x: a.Tensor) => both(h.mul(0.9).add(x.sin()));
			return scan(step, h0, x)[1].square().sum();
		};
		return derive(
			(x: a.Tensor, y: a.Tensor, h: a.Tensor) => f(x, h).add(f(y, h.sum().reshape([1]))),
			{
				...{ x: series(1, 3), y: series(4, 1), h: series(3) },
			},
		);
	},
};

suite("derivation/printers/plain-loops", (test) => {
	test("a loop is a for, its stores are typed arrays, and an entry lies at its place times its size", () => {
		const f = (w: a.Tensor, x: a.Tensor, h0: a.Tensor) => {
			const step = (h: a.Tensor, x: a.Tensor) => both(h.mul(w).add(x).as("h"));
			return scan(step, h0, x)[1].square().sum();
		};
		const args = { w: series(3), x: series(4, 3), h0: series(3) };
		const axes = { w: ["D"], x: ["T", "D"], h0: ["D"] };
		const text = derive(f, args, { axes }).print("plain");
		const lines = text.split("\n").filter((line) => !/^\s*(\/\/.*)?$/.test(line));
		const at = (start: string) => lines.findIndex((line) => line.startsWith(start));
		assert.equal(lines.slice(at("  let h ="), at("  const grad_hs")), [
			"  let h = h0;",
			"  const hs = new Float64Array(D * T); // T×D",
			"  const hs_in = new Float64Array(D * T); // T×D",
			"  for (let t = 0; t < T; t++) {",
			"    for (let i = 0; i < D; i++) hs_in[t * D + i] = h[i];",
			"    const next_h = new Float64Array(D);",
			"    for (let i = 0; i < D; i++) next_h[i] = h[i] * w[i] + x[t * D + i];",
			"    h = next_h;",
			"    for (let i = 0; i < D; i++) hs[t * D + i] = h[i];",
			"  }",
			"  let loss = 0;",
			"  for (let i = 0; i < D * T; i++) loss += hs[i] ** 2;",
		]);
	});

	for (const [name, make] of Object.entries(cases)) {
		test(`${name}: the loops run as printed, and each line of them is true`, () => {
			const derived = make();
			assert.match(derived.print("plain"), /for \(let t(_\d)? = \w+ - 1;/);
			const { ok, ran } = derived.verify({ forms: ["plain"] });
			assert.ok(ok);
			assert.equal(ran, ["plain"]);
		});
	}

	test("what is wrong in a loop is named by the variable whose lines it stands in", () => {
		const derived = derive(rnn, rnnAt(4, 2, 3, 5), { axes: rnnAxes });
		const right = derived.print("plain");
		const changes: [string, string, string][] = [
			["Math.tanh(", "Math.sin(", "h"],
			["h = next_h;", "", "hs"],
			["hs_in[t * ", "hs_in[0 * ", "hs_in"],
			["grad_b[i] +=", "grad_b[i] =", "grad_b"],
			["grad_h = next_grad_h2;", "", "grad_h term1"],
		];
		for (const [from, to, variables] of changes) {
			assert.ok(right.includes(from), from);
			const { wrong } = checkText(right.replace(from, to), "plain", derived);
			assert.is(`${from} ${wrong.join(" ")}`, `${from} ${variables}`);
		}
		assert.ok(checkText(right, "plain", derived).ok);
	});

	test("a value whose formula comes to one number is an array of it", () => {
		const masked = (x: a.Tensor) => {
			const kept = a.where(a.tensor([false, false]), x, 2).as("kept");
			return kept.mul(a.tensor([1, 3])).sum();
		};
		const derived = derive(masked, [a.tensor([4, 5])]);
		assert.match(derived.print("plain"), "const kept = new Float64Array(2).fill(2);");
		derived.verify();
	});

	test("with named axes the program holds at other sizes, and it leaves its arguments as they are", () => {
		const text = derive(rnn, rnnAt(4, 2, 3, 5), { axes: rnnAxes }).print("plain");
		const { net, x, h0 } = rnnAt(7, 3, 2, 4);
		const named = { ...net, x, h0 };
		const given = new Map<string, unknown>(
			Object.entries(named).map(([name, value]) => [name, asPlain(value)]),
		);
		for (const [name, size] of Object.entries({ T: 7, B: 3, D: 2, H: 4 })) given.set(name, size);
		const found = runPrinted(text, given);
		const [value, gradient] = a.valueAndGrad(rnn)(net, x, h0);
		near(found.loss as number, value.item());
		for (const name of ["W", "U", "b"] as const) {
			near([...(found[`grad_${name}`] as Float64Array)], [...elements(gradient[name])]);
		}
		for (const [name, value] of Object.entries(named)) {
			assert.equal(given.get(name), asPlain(value));
		}
	});
});
