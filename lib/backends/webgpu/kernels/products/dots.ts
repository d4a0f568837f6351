import { type Shader, type ShaderOperand, ShaderWriter } from "../../wgsl/shader.ts";
import { FactorWriter, type ProductFactor } from "./factor.ts";
import { definePut, type Finish } from "./stores.ts";
import { deeper, range, scaledText, sumText } from "./text.ts";
import { type Products, sumPartsOf } from "./tile.ts";

/** How the sums of a product with few rows, columns or terms are shared out. */
export interface Dots {
	/** Which factor has the lines that an invocation has several of, and how many. */
	readonly held: "left" | "right";
	readonly several: number;
	/** So many invocations share a sum; and so many are beside each other. */
	readonly along: number;
	readonly across: number;
	/** How many terms there are in a part of the sums. */
	readonly part: number;
}

const INVOCATIONS = 256;

/** So many invocations keep a device busy. */
const ENOUGH = 16384;

/**
 * Whether there are so few rows, columns or terms that blocks would be mostly empty. Where elements
 * of both factors are hard to find, even blocks that are half empty pay: they find each once.
 */
export function isThin({ m, n, k, left, right }: Products): boolean {
	const few = isHardToFind(left) && isHardToFind(right) ? 4 : 8;
	return Math.min(m, n) <= few || m * n <= 256 || k <= 4;
}

/** Whether it takes a division or more to find an element, and a test whether there is one. */
function isHardToFind({ place }: ProductFactor): boolean {
	return place !== "i32";
}

/** How the work is shared out. */
export function dotsOf({ batch, m, n, k, left, right }: Products): Dots {
	const isSmall = m <= 16 && n <= 16;
	const isOneHard = isHardToFind(left) !== isHardToFind(right);
	const isRightHeld = isSmall && isOneHard ? isHardToFind(left) : m <= n === isSmall;
	const held = isRightHeld ? "right" : "left";
	const [count, other] = held === "left" ? [m, right] : [n, left];
	const several = Math.min(8, count);
	const sums = batch * other.lines * Math.ceil(count / several);
	const most = floorPower(Math.max(1, k / 16));
	let along = other.along === "terms" ? Math.min(32, most) : 1;
	while (along < Math.min(INVOCATIONS, most) && sums * along < ENOUGH) along *= 2;
	const lanes = Math.max(1, sums * along);
	const parts = Math.min(Math.ceil(ENOUGH / lanes), Math.floor(k / (64 * along)));
	const step = 4 * along;
	const part = parts < 2 ? k : Math.ceil(k / parts / step) * step;
	return { held, several, along, across: INVOCATIONS / along, part };
}

/**
 * Products whose elements are sums of their own. The invocations that share one take four terms in
 * turn, which go to four sums; these are added as (0 + 1) + (2 + 3), and then those of the
 * invocations in pairs that are half of them apart, a quarter, and so on. Fewer than four terms are
 * added one after the other.
 */
export function dotsShader(
	operands: readonly ShaderOperand[],
	products: Products,
	dots: Dots,
	finish: Finish,
): Shader {
	const { batch, k } = products;
	const { held, several, along, across, part } = dots;
	const m = new ShaderWriter(operands);
	const isWhole = k < 4 || k % 4 === 0;
	const a = new FactorWriter(m, "left", products.left, isWhole);
	const b = new FactorWriter(m, "right", products.right, isWhole);
	const [few, many] = held === "left" ? [a, b] : [b, a];
	definePut(m, products.target, finish);
	const others = many.factor.lines;
	const groups = Math.ceil((batch * others) / across);
	const blocks = Math.ceil(few.factor.lines / several);
	const parts = sumPartsOf(k, part);
	const width = k < 4 ? 1 : 4;
	const type = width === 1 ? "f32" : "vec4<f32>";
	const all = range(several);
	const [near, far] = [`lane % ${across}`, `lane / ${across}`];
	const [item, turn] =
		many.factor.along === "terms" ? [`lane / ${along}`, `lane % ${along}`] : [near, far];
	const fewLines = few.factor.lines;
	const size = batch * others;
	const body = [
		`let part = group / ${groups * blocks};`,
		`let begin = part * ${part};`,
		`let end = min(begin + ${part}, ${k});`,
		`let turn = ${turn};`,
		`let item = group % ${groups} * ${across} + ${item};`,
		`let known = min(item, ${size - 1});`,
		`let batch = known / ${others};`,
		`let other = known % ${others};`,
		`let first = group / ${groups} % ${blocks} * ${several};`,
		...many.lines(1, "batch", "other"),
		...few.lines(several, "batch", "first"),
		...all.map((i) => `var terms${i} = ${type}();`),
		`for (var k = begin + ${scaledText("turn", width)}; k < end; k += ${along * width}) {`,
		...deeper([...many.runs(1, width, "k"), ...few.runs(several, width, "k")]),
		...all.map((i) => `	terms${i} = fma(${few.name}_run${i}, ${many.name}_run0, terms${i});`),
		"}",
		...all.map((i) => {
			const [x, y, z, w] = range(4).map((j) => `terms${i}[${j}]`);
			return `var sum${i} = ${k < 4 ? `terms${i}` : `(${x} + ${y}) + (${z} + ${w})`};`;
		}),
		...(along > 1 ? sharedSums(m, dots) : []),
		`if (item < ${size}${along > 1 ? " && turn == 0" : ""}) {`,
		...all.map((i) => {
			const line = sumText("first", i);
			const [row, column] = held === "left" ? [line, "other"] : ["other", line];
			const matrix = parts > 1 ? `part * ${batch} + batch` : "batch";
			return `	if (${line} < ${fewLines}) { put(${matrix}, ${row}, ${column}, sum${i}); }`;
		}),
		"}",
	];
	return m.finish({ size: INVOCATIONS, workgroups: groups * blocks * parts, body });
}

/** Adds the sums of the invocations that share them, in pairs. */
function sharedSums(m: ShaderWriter, { several, along, across }: Dots): string[] {
	m.define("sums", `var<workgroup> sums: array<f32, ${several * INVOCATIONS}>;`);
	const all = range(several);
	const at = (i: number, turn: string) => `sums[(${sumText(turn, i * along)}) * ${across} + place]`;
	return [
		`let place = item % ${across};`,
		...all.map((i) => `${at(i, "turn")} = sum${i};`),
		`for (var half = ${along / 2}; half > 0; half /= 2) {`,
		"	workgroupBarrier();",
		"	if (turn < half) {",
		...all.flatMap((i) => [
			`		sum${i} += ${at(i, "turn + half")};`,
			`		${at(i, "turn")} = sum${i};`,
		]),
		"	}",
		"}",
	];
}

function floorPower(x: number): number {
	return 2 ** Math.floor(Math.log2(x));
}
