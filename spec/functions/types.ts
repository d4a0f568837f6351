// Type-checked without the methods of tensors, together with all of the library that has to do
// without them.
import { tensor } from "../../lib/functions.ts";

// @ts-expect-error no file that is checked here makes ops methods
tensor([1, 2]).square();
