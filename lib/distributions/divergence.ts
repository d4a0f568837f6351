import { DomainError } from "../core/error.ts";
import type { Tensor } from "../core/tensor.ts";
import { abs, add, div, mul, neg, square, sub } from "../ops/arithmetic.ts";
import { greaterEqual, lessEqual, logicalAnd, where } from "../ops/comparison.ts";
import { diagonal } from "../ops/diagonals.ts";
import { exp, log } from "../ops/exponential.ts";
import { cholesky, triangularSolve } from "../ops/factorizations.ts";
import { logSoftmax, softmax } from "../ops/softmax.ts";
import { betaln, digamma, lgamma } from "../ops/special/gamma.ts";
import { xlogy } from "../ops/special/logarithms.ts";
import { sum } from "../structure/broadcasting.ts";
import { expandDims } from "../structure/layout.ts";
import type { Distribution } from "./distribution.ts";

type Parameters = Readonly<Record<string, Tensor>>;
type Divergence = (p: Parameters, q: Parameters) => Tensor;

const total = (...terms: readonly Tensor[]): Tensor => terms.reduce((x, y) => add(x, y));

const ofNormals: Divergence = (p, q) => {
	const ratio = div(p.std!, q.std!);
	const far = div(sub(p.mean!, q.mean!), q.std!);
	return sub(mul(0.5, add(sub(square(ratio), 1), square(far))), log(ratio));
};

/** For chances p and q. */
const ofChances: Divergence = ({ p }, { p: q }) => {
	const [notP, notQ] = [sub(1, p!), sub(1, q!)];
	return add(xlogy(p!, div(p!, q!)), xlogy(notP, div(notP, notQ)));
};

/** Of a distribution from another one of its kind, by their parameters. */
const divergences: Readonly<Record<string, Divergence>> = {
	normal: ofNormals,
	logNormal: ofNormals,
	uniform: (p, q) => {
		const isInside = logicalAnd(greaterEqual(p.low!, q.low!), lessEqual(p.high!, q.high!));
		const ratio = div(sub(q.high!, q.low!), sub(p.high!, p.low!));
		return where(isInside, log(ratio), Number.POSITIVE_INFINITY);
	},
	laplace: (p, q) => {
		const far = abs(sub(p.loc!, q.loc!));
		const ratio = div(p.scale!, q.scale!);
		const spread = mul(ratio, exp(neg(div(far, p.scale!))));
		return sub(total(div(far, q.scale!), spread, neg(log(ratio))), 1);
	},
	cauchy: (p, q) => {
		const spread = square(add(p.scale!, q.scale!));
		const far = square(sub(p.loc!, q.loc!));
		return log(div(add(spread, far), mul(4, mul(p.scale!, q.scale!))));
	},
	exponential: (p, q) => {
		const ratio = div(q.rate!, p.rate!);
		return sub(sub(ratio, 1), log(ratio));
	},
	gamma: (p, q) => {
		const ratio = div(q.rate!, p.rate!);
		const shapes = mul(sub(p.shape!, q.shape!), digamma(p.shape!));
		return total(
			shapes,
			sub(lgamma(q.shape!), lgamma(p.shape!)),
			sub(mul(p.shape!, sub(ratio, 1)), mul(q.shape!, log(ratio))),
		);
	},
	beta: (p, q) => {
		const [first, second] = [sub(p.a!, q.a!), sub(p.b!, q.b!)];
		return total(
			sub(betaln(q.a!, q.b!), betaln(p.a!, p.b!)),
			mul(first, digamma(p.a!)),
			mul(second, digamma(p.b!)),
			neg(mul(add(first, second), digamma(add(p.a!, p.b!)))),
		);
	},
	poisson: (p, q) => add(xlogy(p.rate!, div(p.rate!, q.rate!)), sub(q.rate!, p.rate!)),
	bernoulli: ofChances,
	categorical: (p, q) => {
		const logs = sub(logSoftmax(p.logits!, -1), logSoftmax(q.logits!, -1));
		const share = softmax(p.logits!, -1);
		return sum(where(lessEqual(share, 0), 0, mul(share, logs)), -1);
	},
	multivariateNormal: (p, q) => {
		const [from, to] = [cholesky(p.covariance!), cholesky(q.covariance!)];
		const scale = (l: Tensor) => sum(log(diagonal(l, { axes: [-2, -1] })), -1);
		const far = triangularSolve(to, expandDims(sub(q.mean!, p.mean!), -1));
		const squares = (x: Tensor) => sum(square(x), [-2, -1]);
		const n = p.mean!.shape.at(-1)!;
		const both = sub(add(squares(triangularSolve(to, from)), squares(far)), n);
		return add(mul(0.5, both), sub(scale(to), scale(from)));
	},
	dirichlet: (p, q) => {
		const [a, b] = [p.concentration!, q.concentration!];
		const all = sum(a, -1);
		const slopes = sub(digamma(a), expandDims(digamma(all), -1));
		return total(
			sub(lgamma(all), lgamma(sum(b, -1))),
			sum(sub(lgamma(b), lgamma(a)), -1),
			sum(mul(sub(a, b), slopes), -1),
		);
	},
};

/**
 * The divergence of Kullback and Leibler of p from q, ∫ p·log(p/q), in nats, for two of one kind:
 * there is a closed form for all kinds but studentT, binomials of different n, and mixture.
 * @throws DomainError for two without a closed form
 */
export function kl(p: Distribution, q: Distribution): Tensor {
	if (p.kind === q.kind) {
		const of = Object.hasOwn(divergences, p.kind) ? divergences[p.kind] : undefined;
		if (of !== undefined) return of(p.parameters, q.parameters);
		const [n, m] = [p.parameters.n, q.parameters.n];
		if (p.kind === "binomial" && n!.item() === m!.item()) {
			return mul(n!.item(), ofChances(p.parameters, q.parameters));
		}
	}
	throw new DomainError(
		`kl: there is no closed form for ${p.kind} and ${q.kind}; an average of p.logProb(x) − q.logProb(x) over samples x of p comes near it`,
	);
}
