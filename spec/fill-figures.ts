// Draws the pictures of the documents into docs/figures. Look at them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { figures } from "./figures.ts";

const folder = join(import.meta.dirname, "../docs/figures");
mkdirSync(folder, { recursive: true });
for (const [name, svg] of Object.entries(figures())) writeFileSync(join(folder, name), svg);
