// Shows the built playground on this machine: npm run playground
import { serve } from "../browser/static-server.ts";
import { built } from "./built.ts";

const { address } = await serve(built, "/", Number(process.env.PORT ?? 4174));
console.log(`the playground is at ${address}`);
