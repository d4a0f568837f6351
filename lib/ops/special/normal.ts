export { erfinv, logNdtr, ndtr, ndtri } from "./normal-slopes.ts";
