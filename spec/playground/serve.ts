// Shows the built playground on this machine: npm run playground
import { serve } from "./server.ts";

const { url } = await serve(Number(process.env.PORT ?? 4174));
console.log(`the playground is at ${url}`);
