export { betainc, gammainc, gammaincc } from "./incomplete-slopes.ts";
