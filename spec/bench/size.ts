// Prints how large the built library is: bundled, minified, gzipped. `npm run bench:size` builds it
// first.
import { sizes } from "./sizes.ts";

console.table(await sizes());
