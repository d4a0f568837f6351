export { bernoulli, binomial, categorical, poisson } from "./discrete.ts";
export type { Distribution, DistributionOfNumbers, Parameter } from "./distribution.ts";
export { kl } from "./divergence.ts";
export { mixture } from "./mixture.ts";
export { beta, exponential, gamma, logNormal, uniform } from "./positive.ts";
export { cauchy, laplace, normal, studentT } from "./real.ts";
export { dirichlet, multivariateNormal } from "./vectors.ts";
