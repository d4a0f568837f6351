// What factors matrices, and solves equations with the factors.

export { cholesky } from "./cholesky.ts";
export { type TriangularOptions, triangularSolve } from "./triangular-solve.ts";
