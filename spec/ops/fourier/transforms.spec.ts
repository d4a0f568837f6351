import * as assert from "uvu/assert";
import { assertGradients } from "../../../lib/check/index.ts";
import { compile } from "../../../lib/compile/index.ts";
import { derive } from "../../../lib/derivation/index.ts";
import {
	AdjointError,
	type Complex,
	DomainError,
	fft,
	fft2,
	grad,
	ifft,
	ifft2,
	internal,
	irfft,
	jvp,
	rfft,
	ShapeError,
	type Tensor,
	tensor,
	vmap,
	zeros,
} from "../../../lib/index.ts";
import { loose } from "../../bad-calls.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const re = tensor([1, 2, -1, 3, 0.5]);
const im = tensor([0, 1, 0.5, -2, 1]);
const z = { re, im };

const nearPair = (actual: Complex, re: number[] | number[][], im: typeof re) => {
	near(actual.re, re);
	near(actual.im, im);
};

suite("ops/fourier/transforms", (test) => {
	// The values are those of np.fft in NumPy 2.2.
	test("fft gives the transform of a pair, and of real numbers", () => {
		nearPair(
			fft(z),
			[5.5, 1.6239716279186567, -2.7821497879253574, 1.97313279355041, -1.3149546335437092],
			[0.5, 2.7561157150394786, -6.767463423931639, 2.6043444633070076, 0.9070032455851538],
		);
		const [all, half] = [fft(re), rfft(re)];
		nearPair(
			half,
			[5.5, 0.15450849718747373, -0.4045084971874737],
			[0, 0.9245562347271623, -4.685903943619324],
		);
		near(all.re.slice([0, 3]), half.re);
		near(all.im.slice([0, 3]), half.im);
		near(all.im.slice([3, null]), half.im.slice([1, null]).flip().neg());
	});

	test("n cuts or fills with zeros, and norm says what is divided", () => {
		nearPair(
			ifft(z, { n: 3 }),
			[0.6666666666666666, 0.02232909936926023, 0.31100423396407306],
			[0.5, 0.6160254037844386, -1.1160254037844386],
		);
		const ortho = fft(z, { n: 8, norm: "ortho" });
		near(ortho.re.slice([0, 3]), [1.9445436482630054, -0.14644660940672627, 1.9445436482630054]);
		near(fft(z, { norm: "forward" }).re, fft(z).re.div(5));
		near(ifft(z, { norm: "forward" }).im, ifft(z).im.mul(5));
		near(rfft(re, { n: 3 }).im, fft(re, { n: 3 }).im.slice([0, 2]));
	});

	test("irfft gives real numbers, of an odd length where n says so", () => {
		const first = { re: re.slice([0, 3]), im: im.slice([0, 3]) };
		near(irfft(first), [1, 0, -1, 1]);
		near(
			irfft(first, { n: 7 }),
			[
				0.42857142857142855, 0.20005859974709703, 0.05655455924764161, -0.5623987244420326,
				-0.5378455827942937, 0.4896894407465242, 0.925370278923635,
			],
		);
		for (const norm of ["backward", "ortho", "forward"] as const) {
			near(irfft(rfft(re, { norm }), { n: 5, norm }), re);
			nearPair(ifft(fft(z, { norm }), { norm }), [...re.data], [...im.data]);
		}
	});

	test("fft2 transforms two axes, and any axis can be the one", () => {
		const m = tensor([
			[1, 2, 3],
			[0, -1, 4],
		]);
		nearPair(
			fft2(m),
			[
				[9, -3, -3],
				[3, 0, 0],
			],
			[
				[0, 5.196152422706631, -5.196152422706631],
				[0, -3.4641016151377544, 3.4641016151377544],
			],
		);
		near(ifft2(fft2(m)).re, m);
		near(fft2(m, { shape: [2, 2], axes: [1, 0] }).re, fft2(m.slice(null, [0, 2])).re);
		near(fft(m, { axis: 0 }).re, fft(m.T).re.T);
		near(irfft(rfft(m, { axis: 0 }), { axis: 0 }), m);
	});

	test("float32 stays float32, and whole numbers become float64", () => {
		const single = fft({ re: re.astype("float32"), im: im.astype("float32") });
		assert.is(single.re.dtype, "float32");
		same(single.re, fft(z).re.astype("float32"));
		assert.is(fft(tensor([1, 2], { dtype: "int32" })).im.dtype, "float64");
		assert.is(rfft(tensor([true, false])).re.dtype, "float64");
		assert.is(irfft(tensor([1, 2], { dtype: "int32" })).dtype, "float64");
	});

	test("a batch without lines is empty, a line without numbers is refused", () => {
		assert.equal(fft(zeros([0, 4])).re.shape, [0, 4]);
		assert.equal(irfft(zeros([0, 4])).shape, [0, 6]);
		refuses(() => fft(zeros([3, 0])), ShapeError, "fft: expected at least one number along axis 1");
		assert.equal(fft(zeros([3, 0]), { n: 2 }).re.shape, [3, 2]);
		refuses(
			() => irfft(tensor([1])),
			ShapeError,
			"irfft: expected two numbers or more along axis 0",
		);
		same(irfft(tensor([3]), { n: 1 }), [3]);
		refuses(() => fft(1), ShapeError, "fft: axis -1 is out of range");
	});

	test("other numbers and options are refused by name", () => {
		const cases: [call: () => unknown, message: string][] = [
			[() => loose(fft)([1, 2]), "fft: expected a tensor or { re, im }, got an array"],
			[() => loose(fft)({ re }), "fft: expected a tensor or { re, im }, got an object"],
			[() => fft({ re, im: zeros([3]) }), "fft: "],
			[() => loose(fft)(re, 8), "fft: expected options as an object, { n, axis, norm }, got 8"],
			[() => fft(re, { n: 0 }), "fft: expected n to be a whole number from 1, got 0"],
			[() => loose(fft)(re, { norm: "none" }), 'fft: expected norm to be "backward" or "ortho"'],
			[() => loose(rfft)(z), "rfft: "],
			[() => fft2(zeros([2, 2]), { axes: [0, -2] }), "fft2: expected two axes, got 0 and -2"],
			[() => fft2(re), "fft2: axis -2 is out of range"],
			[() => internal.dftToReal(zeros([2, 3]), 3), "dftToReal: expected (…×2×2) for 3 numbers"],
		];
		for (const [call, message] of cases) refuses(call, AdjointError, message);
		refuses(() => loose(fft)("x"), DomainError, "fft: expected a tensor or { re, im }");
	});

	test("the gradient of a real function is the transform the other way, to any order", () => {
		const power = (x: Tensor) => {
			const { re, im } = rfft(x);
			return re
				.square()
				.add(im.square())
				.mul(tensor([1, 2, 3]))
				.sum();
		};
		assertGradients(power, [re], { order: 2 });
		assertGradients((z: Complex) => fft(z, { n: 7 }).im.sin().sum(), [z], { order: 2 });
		assertGradients((z: Complex) => irfft(z, { n: 6, norm: "ortho" }).square().sum(), [z]);
		const only = grad((x: Tensor) => rfft(x).re.slice(1))(re);
		near(
			only,
			[0, 1, 2, 3, 4].map((j) => Math.cos((2 * Math.PI * j) / 5)),
		);
		near(jvp((x: Tensor) => fft(x).im, re, im)[1], fft(im).im);
	});

	test("the imaginary parts that say nothing have no gradient", () => {
		const loss = ({ re, im }: Complex) =>
			irfft({ re, im })
				.mul(tensor([1, 2, 3, 5]))
				.sum();
		const g = grad(loss)({ re: tensor([1, 2, 3]), im: tensor([1, 2, 3]) });
		same(g.im.slice(0), 0);
		same(g.im.slice(2), 0);
	});

	test("vmap and compile give the bits of the plain call", () => {
		const x = tensor([
			[1, 2, 3, 4.5],
			[0, -1, 2, 5],
		]);
		same(vmap((row: Tensor) => rfft(row).im)(x), rfft(x).im);
		same(vmap((column: Tensor) => fft(column).re, { in: 1 })(x), fft(x.T).re);
		const smooth = (x: Tensor) => {
			const { re, im } = fft(x);
			return ifft({ re: re.mul(0.5), im }).re.sum();
		};
		same(compile(grad(smooth))(x), grad(smooth)(x));
	});

	test("a derivation prints np.fft, and loops that define the sums; both hold", () => {
		const f = (x: Tensor) => {
			const { re, im } = rfft(x);
			return irfft({ re: re.mul(2), im }, { n: 4 })
				.square()
				.sum();
		};
		const derived = derive(f, { x: tensor([1, 2, -1, 3]) });
		assert.ok(derived.print("numpy").includes("np.fft.rfft(x, norm=norm)"));
		assert.ok(derived.print("plain").includes("Math.cos(2 * Math.PI * ("));
		assert.ok(derived.verify().ok);
	});
});
