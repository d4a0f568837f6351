import * as assert from "uvu/assert";
import { type Derivation, derive } from "../../lib/derivation/index.ts";
import { type Tensor, tensor } from "../../lib/index.ts";
import { suite } from "../suite.ts";

const x = tensor([0.3, -0.2, 0.5]);
const w = tensor([0.9, 1.1, 0.8]);

/** A step taken again and again, each result with a name and a line. */
function chain(n: number, step: (y: Tensor, w: Tensor) => Tensor): Derivation {
	const loss = (x: Tensor, w: Tensor) => {
		let y = x;
		for (let k = 0; k < n; k++) y = step(y, w).as(`y${k}`);
		return y.sum();
	};
	return derive(loss, { x, w });
}

/** Derives, prints and runs what is printed. */
function carriedThrough(derivation: Derivation): string {
	assert.ok(derivation.verify().ok);
	return derivation.print("numpy");
}

/**
 * How often maps and sets are asked or told something: what a search among all lines for each line
 * would multiply.
 */
function lookUps(run: () => void): number {
	const [map, set] = [Map.prototype, Set.prototype] as unknown as Record<string, () => unknown>[];
	const asked = [map!, map!, map!, set!, set!].map((on, i) => {
		const name = ["get", "has", "set", "has", "add"][i]!;
		return { on, name, before: on[name]! };
	});
	let count = 0;
	for (const { on, name, before } of asked) {
		on[name] = function (this: unknown, ...args: []) {
			count++;
			return before.apply(this, args);
		};
	}
	try {
		run();
	} finally {
		for (const { on, name, before } of asked) on[name] = before;
	}
	return count;
}

/** How many times as many look-ups twice as many lines take. */
function growth(n: number, step: (y: Tensor, w: Tensor) => Tensor): number {
	const [once, twice] = [n, 2 * n].map((lines) =>
		lookUps(() => carriedThrough(chain(lines, step))),
	);
	return twice! / once!;
}

suite("long programs", (test) => {
	test("a chain of 1,000 named lines is derived, printed and verified", () => {
		const text = carriedThrough(chain(1000, (y, w) => y.div(w)));
		assert.match(text, "y999 = y998 / w\n");
		assert.match(text, /^grad_x = /m);
	});

	test("twice as many lines are twice the work", () => {
		const ratio = growth(40, (y, w) => y.mul(w).tanh());
		assert.ok(ratio < 2.2, `${ratio}`);
		const ofSums = growth(40, (y, w) => y.add(w.sin()));
		assert.ok(ofSums < 2.2, `${ofSums}`);
	});
});
