// Lays the programs of the documents out as files, which `npm run check` looks at with all others.
import { programs } from "./documents.ts";

programs();
