const GOLDEN = (Math.sqrt(5) - 1) / 2;

let calls = 0;

/**
 * A number of [0, 1) that is another one at each call, for what must be seen to vary: numbers drawn
 * at random are equal once in a while, and a spec must not be. Multiples of the golden ratio, less
 * their whole part, stay apart: two in a row by 0.38, two of a hundred by 0.004.
 */
export const another = (): number => (++calls * GOLDEN) % 1;
