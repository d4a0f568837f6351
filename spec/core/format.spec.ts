import * as assert from "uvu/assert";
import { arange, concat, ShapeError, type Tensor, tensor, zeros } from "../../lib/index.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";

/** What `np.array2string` of NumPy 2.4.6 gives with its defaults, but for True and False. */
const GOLDENS: [claim: string, x: () => Tensor, text: string[]][] = [
	[
		"columns align at the point",
		() =>
			tensor([
				[1, 2.5],
				[-10.25, 3],
			]),
		["[[  1.     2.5 ]", " [-10.25   3.  ]]"],
	],
	["whole floats keep a point", () => tensor([1, 2, 3]), ["[1. 2. 3.]"]],
	[
		"8 digits after the point at most",
		() => tensor([0.1 + 0.2, 2 / 3]),
		["[0.3        0.66666667]"],
	],
	[
		"a tie in the ninth digit goes to the even one",
		() => tensor([0.001953125, 0.005859375]),
		["[0.00195312 0.00585938]"],
	],
	["rounding carries", () => tensor([0.9999999999, 9.9999999999]), ["[ 1. 10.]"]],
	["from 1e8 on exponents", () => tensor([1e8, 1]), ["[1.e+08 1.e+00]"]],
	["below 1e8 none", () => tensor([99999999.5, 123456]), ["[99999999.5   123456. ]"]],
	["below 1e-4 exponents", () => tensor([0.00009999, 0.01]), ["[9.999e-05 1.000e-02]"]],
	["from 1e-4 none", () => tensor([1e-4, 0.05]), ["[0.0001 0.05  ]"]],
	["a ratio over 1000 gives exponents", () => tensor([0.5, 500.5]), ["[5.000e-01 5.005e+02]"]],
	["a ratio of 1000 does not", () => tensor([0.5, 500]), ["[  0.5 500. ]"]],
	["zeros do not count for the ratio", () => tensor([0, 500, -0]), ["[  0. 500.  -0.]"]],
	[
		"exponents are padded to one width",
		() => tensor([1e100, 1e-5, -1.25]),
		["[ 1.00e+100  1.00e-005 -1.25e+000]"],
	],
	[
		"nan and infinities align",
		() =>
			tensor([
				[1.5, Number.NaN],
				[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
			]),
		["[[ 1.5  nan]", " [ inf -inf]]"],
	],
	["nan beside whole numbers", () => tensor([Number.NaN, 1]), ["[nan  1.]"]],
	[
		"nothing but nan and infinity",
		() => tensor([Number.NaN, Number.POSITIVE_INFINITY]),
		["[nan inf]"],
	],
	["nan beside exponents", () => tensor([Number.NaN, 1e-10]), ["[   nan 1.e-10]"]],
	["negative zero", () => tensor([-0, 0]), ["[-0.  0.]"]],
	[
		"the smallest and greatest numbers",
		() => tensor([5e-324, 1.7976931348623157e308]),
		["[4.94065646e-324 1.79769313e+308]"],
	],
	[
		"float32 shows float32's shortest digits",
		() => tensor([0.1, 1 / 3, 16777216 / 3], { dtype: "float32" }),
		["[1.0000000e-01 3.3333334e-01 5.5924055e+06]"],
	],
	[
		"float32 positional",
		() => tensor([0.1, 1 / 3, 2.7], { dtype: "float32" }),
		["[0.1        0.33333334 2.7       ]"],
	],
	[
		"float32 turns to exponents at 1e6",
		() => tensor([1000000, 1500], { dtype: "float32" }),
		["[1.0e+06 1.5e+03]"],
	],
	[
		"float32 digits behind the shortest are exact",
		() => tensor([418032.40625, 25500264], { dtype: "float32" }),
		["[4.1803241e+05 2.5500264e+07]"],
	],
	[
		"integers align to the right",
		() =>
			tensor(
				[
					[1, -20],
					[300, 4],
				],
				{ dtype: "int32" },
			),
		["[[  1 -20]", " [300   4]]"],
	],
	["bools align to the right", () => tensor([true, false]), ["[ true false]"]],
	["only true is padded too", () => tensor([true]), ["[ true]"]],
	["a scalar is bare", () => tensor(0.1 + 0.2), ["0.3"]],
	["a whole scalar keeps its point", () => tensor(-3), ["-3."]],
	["an int32 scalar", () => tensor(-3, { dtype: "int32" }), ["-3"]],
	["a bool scalar", () => tensor(true), ["true"]],
	["an empty vector", () => tensor([]), ["[]"]],
	["empty in any shape", () => zeros([2, 0, 3]), ["[]"]],
	[
		"long rows wrap at 75",
		() => arange(40),
		[
			"[ 0.  1.  2.  3.  4.  5.  6.  7.  8.  9. 10. 11. 12. 13. 14. 15. 16. 17.",
			" 18. 19. 20. 21. 22. 23. 24. 25. 26. 27. 28. 29. 30. 31. 32. 33. 34. 35.",
			" 36. 37. 38. 39.]",
		],
	],
	[
		"wrapped rows of a matrix are indented",
		() => arange(50).reshape([2, 25]),
		[
			"[[ 0.  1.  2.  3.  4.  5.  6.  7.  8.  9. 10. 11. 12. 13. 14. 15. 16. 17.",
			"  18. 19. 20. 21. 22. 23. 24.]",
			" [25. 26. 27. 28. 29. 30. 31. 32. 33. 34. 35. 36. 37. 38. 39. 40. 41. 42.",
			"  43. 44. 45. 46. 47. 48. 49.]]",
		],
	],
	[
		"trailing spaces of wrapped lines are cut",
		() => arange(0, 10, 0.25),
		[
			"[0.   0.25 0.5  0.75 1.   1.25 1.5  1.75 2.   2.25 2.5  2.75 3.   3.25",
			" 3.5  3.75 4.   4.25 4.5  4.75 5.   5.25 5.5  5.75 6.   6.25 6.5  6.75",
			" 7.   7.25 7.5  7.75 8.   8.25 8.5  8.75 9.   9.25 9.5  9.75]",
		],
	],
	[
		"blank lines stand between matrices",
		() => arange(8).reshape([2, 2, 2]),
		["[[[0. 1.]", "  [2. 3.]]", "", " [[4. 5.]", "  [6. 7.]]]"],
	],
	[
		"rank 4",
		() => arange(8).reshape([2, 1, 2, 2]),
		["[[[[0. 1.]", "   [2. 3.]]]", "", "", " [[[4. 5.]", "   [6. 7.]]]]"],
	],
	["more are shortened", () => arange(1001), ["[   0.    1.    2. ...  998.  999. 1000.]"]],
	[
		"only the ends count for the format",
		() => concat([arange(600), tensor([1e20]), arange(600)]),
		["[  0.   1.   2. ... 597. 598. 599.]"],
	],
	[
		"rows and columns are shortened",
		() => arange(1200).reshape([30, 40]),
		[
			"[[0.000e+00 1.000e+00 2.000e+00 ... 3.700e+01 3.800e+01 3.900e+01]",
			" [4.000e+01 4.100e+01 4.200e+01 ... 7.700e+01 7.800e+01 7.900e+01]",
			" [8.000e+01 8.100e+01 8.200e+01 ... 1.170e+02 1.180e+02 1.190e+02]",
			" ...",
			" [1.080e+03 1.081e+03 1.082e+03 ... 1.117e+03 1.118e+03 1.119e+03]",
			" [1.120e+03 1.121e+03 1.122e+03 ... 1.157e+03 1.158e+03 1.159e+03]",
			" [1.160e+03 1.161e+03 1.162e+03 ... 1.197e+03 1.198e+03 1.199e+03]]",
		],
	],
	[
		"short axes stay whole",
		() => arange(1200).reshape([6, 200]),
		[
			"[[0.000e+00 1.000e+00 2.000e+00 ... 1.970e+02 1.980e+02 1.990e+02]",
			" [2.000e+02 2.010e+02 2.020e+02 ... 3.970e+02 3.980e+02 3.990e+02]",
			" [4.000e+02 4.010e+02 4.020e+02 ... 5.970e+02 5.980e+02 5.990e+02]",
			" [6.000e+02 6.010e+02 6.020e+02 ... 7.970e+02 7.980e+02 7.990e+02]",
			" [8.000e+02 8.010e+02 8.020e+02 ... 9.970e+02 9.980e+02 9.990e+02]",
			" [1.000e+03 1.001e+03 1.002e+03 ... 1.197e+03 1.198e+03 1.199e+03]]",
		],
	],
	[
		"rank 3 shortened",
		() => arange(1000 + 331).reshape([11, 11, 11]),
		[
			"[[[0.000e+00 1.000e+00 2.000e+00 ... 8.000e+00 9.000e+00 1.000e+01]",
			"  [1.100e+01 1.200e+01 1.300e+01 ... 1.900e+01 2.000e+01 2.100e+01]",
			"  [2.200e+01 2.300e+01 2.400e+01 ... 3.000e+01 3.100e+01 3.200e+01]",
			"  ...",
			"  [8.800e+01 8.900e+01 9.000e+01 ... 9.600e+01 9.700e+01 9.800e+01]",
			"  [9.900e+01 1.000e+02 1.010e+02 ... 1.070e+02 1.080e+02 1.090e+02]",
			"  [1.100e+02 1.110e+02 1.120e+02 ... 1.180e+02 1.190e+02 1.200e+02]]",
			"",
			" [[1.210e+02 1.220e+02 1.230e+02 ... 1.290e+02 1.300e+02 1.310e+02]",
			"  [1.320e+02 1.330e+02 1.340e+02 ... 1.400e+02 1.410e+02 1.420e+02]",
			"  [1.430e+02 1.440e+02 1.450e+02 ... 1.510e+02 1.520e+02 1.530e+02]",
			"  ...",
			"  [2.090e+02 2.100e+02 2.110e+02 ... 2.170e+02 2.180e+02 2.190e+02]",
			"  [2.200e+02 2.210e+02 2.220e+02 ... 2.280e+02 2.290e+02 2.300e+02]",
			"  [2.310e+02 2.320e+02 2.330e+02 ... 2.390e+02 2.400e+02 2.410e+02]]",
			"",
			" [[2.420e+02 2.430e+02 2.440e+02 ... 2.500e+02 2.510e+02 2.520e+02]",
			"  [2.530e+02 2.540e+02 2.550e+02 ... 2.610e+02 2.620e+02 2.630e+02]",
			"  [2.640e+02 2.650e+02 2.660e+02 ... 2.720e+02 2.730e+02 2.740e+02]",
			"  ...",
			"  [3.300e+02 3.310e+02 3.320e+02 ... 3.380e+02 3.390e+02 3.400e+02]",
			"  [3.410e+02 3.420e+02 3.430e+02 ... 3.490e+02 3.500e+02 3.510e+02]",
			"  [3.520e+02 3.530e+02 3.540e+02 ... 3.600e+02 3.610e+02 3.620e+02]]",
			"",
			" ...",
			"",
			" [[9.680e+02 9.690e+02 9.700e+02 ... 9.760e+02 9.770e+02 9.780e+02]",
			"  [9.790e+02 9.800e+02 9.810e+02 ... 9.870e+02 9.880e+02 9.890e+02]",
			"  [9.900e+02 9.910e+02 9.920e+02 ... 9.980e+02 9.990e+02 1.000e+03]",
			"  ...",
			"  [1.056e+03 1.057e+03 1.058e+03 ... 1.064e+03 1.065e+03 1.066e+03]",
			"  [1.067e+03 1.068e+03 1.069e+03 ... 1.075e+03 1.076e+03 1.077e+03]",
			"  [1.078e+03 1.079e+03 1.080e+03 ... 1.086e+03 1.087e+03 1.088e+03]]",
			"",
			" [[1.089e+03 1.090e+03 1.091e+03 ... 1.097e+03 1.098e+03 1.099e+03]",
			"  [1.100e+03 1.101e+03 1.102e+03 ... 1.108e+03 1.109e+03 1.110e+03]",
			"  [1.111e+03 1.112e+03 1.113e+03 ... 1.119e+03 1.120e+03 1.121e+03]",
			"  ...",
			"  [1.177e+03 1.178e+03 1.179e+03 ... 1.185e+03 1.186e+03 1.187e+03]",
			"  [1.188e+03 1.189e+03 1.190e+03 ... 1.196e+03 1.197e+03 1.198e+03]",
			"  [1.199e+03 1.200e+03 1.201e+03 ... 1.207e+03 1.208e+03 1.209e+03]]",
			"",
			" [[1.210e+03 1.211e+03 1.212e+03 ... 1.218e+03 1.219e+03 1.220e+03]",
			"  [1.221e+03 1.222e+03 1.223e+03 ... 1.229e+03 1.230e+03 1.231e+03]",
			"  [1.232e+03 1.233e+03 1.234e+03 ... 1.240e+03 1.241e+03 1.242e+03]",
			"  ...",
			"  [1.298e+03 1.299e+03 1.300e+03 ... 1.306e+03 1.307e+03 1.308e+03]",
			"  [1.309e+03 1.310e+03 1.311e+03 ... 1.317e+03 1.318e+03 1.319e+03]",
			"  [1.320e+03 1.321e+03 1.322e+03 ... 1.328e+03 1.329e+03 1.330e+03]]]",
		],
	],
];

suite("format", (test) => {
	for (const [claim, x, lines] of GOLDENS) {
		test(claim, () => assert.is(x().toString(), lines.join("\n")));
	}

	test("a tensor of 1000 elements is shown in full, of 1001 not", () => {
		assert.not.match(arange(1000).toString(), "...");
		assert.match(arange(1001).toString(), "...");
	});

	test("what is printed does not depend on the layout", () => {
		const x = arange(12).reshape([3, 4]);
		assert.is(x.T.toString(), tensor(x.T.data, { shape: [4, 3] }).toString());
	});

	test("a tensor of any size prints at once: only what is shown is read", () => {
		const x = zeros([2 ** 40]);
		assert.is(String(x), "[0. 0. 0. ... 0. 0. 0.]");
		assert.is(String(zeros([2 ** 25, 2 ** 25]).T).split("\n").length, 7);
		refuses(() => String(zeros(new Array(40).fill(6))), ShapeError, "toString: expected at most");
	});

	test("an error or a template shows a tensor as it prints", () => {
		assert.is(`${tensor([1, 2])}`, "[1. 2.]");
	});
});
