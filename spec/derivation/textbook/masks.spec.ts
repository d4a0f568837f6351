import { sign, sum } from "../../../lib/index.ts";
import { checkForms } from "./forms.ts";

const withTies = { make: { x: sign } };

checkForms("derivation/textbook/masks", {
	"of equal elements the first is the greatest": {
		...withTies,
		f: (x, w) => x!.max().mul(sum(w!)),
		shapes: { x: ["N", "D"], w: ["D"] },
	},
	"in each row": {
		...withTies,
		f: (x, w) => x!.max(1).mul(w!).sum(),
		shapes: { x: ["N", "D"], w: ["N"] },
	},
	"in each slice over axes apart from each other": {
		...withTies,
		f: (x, w) => x!.min([0, 2]).mul(w!).sum(),
		shapes: { x: ["B", "N", "D"], w: ["N"] },
	},
	"in each slice that stands in columns": {
		...withTies,
		f: (x, w) => x!.max([0], { keepDims: true }).mul(w!).sum(),
		shapes: { x: ["B", "N", "D"], w: ["N", "D"] },
	},
});
