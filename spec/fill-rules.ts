// Writes docs/rules.md from the records of the ops. Read the diff.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rulesDocument } from "./rules.ts";

writeFileSync(join(import.meta.dirname, "../docs/rules.md"), await rulesDocument());
