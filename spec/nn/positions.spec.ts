import { random, ShapeError, zeros } from "../../lib/index.ts";
import { learnedPositions, rotate, sinusoidalPositions } from "../../lib/nn/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { holdsUp, normal } from "./checks.ts";

suite("nn/positions", (test) => {
	test("sinusoidal positions are the sines and cosines of the paper", () => {
		const y = sinusoidalPositions(zeros([3, 4]));
		near(
			y,
			[0, 1, 2].map((t) => [Math.sin(t), Math.cos(t), Math.sin(t / 100), Math.cos(t / 100)]),
		);
		near(
			sinusoidalPositions(normal(1, [2, 3, 4]))
				.sub(normal(1, [2, 3, 4]))
				.slice(1),
			y,
			1e-14,
		);
	});

	test("learned positions add a row of their own to each place", () => {
		const layer = learnedPositions(5, 4);
		const params = layer.init(random.key(1));
		const x = normal(2, [2, 3, 4]);
		same(layer.apply(params, x), x.add(params.w.slice([0, 3])));
		refuses(() => layer.apply(params, normal(2, [6, 4])), ShapeError, "up to 5 places");
	});

	test("turned vectors keep their length, and their product depends on the distance", () => {
		const u = normal(1, [4]).broadcastTo([6, 4]);
		const v = normal(2, [4]).broadcastTo([6, 4]);
		near(rotate(u).norm(-1), u.norm(-1), 1e-14);
		const products = rotate(u).dot(rotate(v).T);
		near(products.slice([1, 6], [1, 6]), products.slice([0, 5], [0, 5]), 1e-13);
		near(products.slice(0, 0), u.mul(v).sum(-1).slice(0));
	});

	test("positions hold up, and refuse an odd width", () => {
		holdsUp(sinusoidalPositions, normal(1, [2, 3, 4]));
		holdsUp(rotate, normal(1, [2, 3, 4]));
		refuses(() => rotate(zeros([3, 5])), ShapeError, "even width");
		refuses(() => sinusoidalPositions(zeros([4])), ShapeError, "places×width");
	});
});
