export { type OdeOptions, odeint } from "./odeint.ts";
