import { fileURLToPath } from "node:url";

/** Where the build puts the playground. */
export const built = fileURLToPath(new URL("../../docs/site/playground/dist/", import.meta.url));
