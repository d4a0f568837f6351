import {
	type Complex,
	fft,
	fft2,
	fftFrequencies,
	fftShift,
	ifft,
	ifft2,
	ifftShift,
	irfft,
	rfft,
	rfftFrequencies,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import type { Family, Row } from "./row.ts";

/** Numbers between −1 and 1, always the same ones. */
function noise(shape: readonly number[], seed: number): Tensor {
	const n = shape.reduce((product, size) => product * size, 1);
	const values = Array.from({ length: n }, (_, i) => Math.sin(seed + i * i + 0.7 * i));
	return tensor(values, { shape });
}

const parts = ({ re, im }: Complex) => [re, im];

/** The transform and its inverse at a length, each beside three others. */
function atLength(n: number): Row[] {
	const inputs = { a: noise([2, n], 1), b: noise([2, n], 2) };
	return [
		{
			name: `fft and ifft of ${n}`,
			inputs,
			ours: ({ a, b }) => [
				...parts(fft({ re: a!, im: b! })),
				...parts(ifft({ re: a!, im: b! }, { norm: "ortho" })),
			],
			numpy: '[*parts(np.fft.fft(a + 1j * b)), *parts(np.fft.ifft(a + 1j * b, norm="ortho"))]',
			jax: '[*parts(jnp.fft.fft(a + 1j * b)), *parts(jnp.fft.ifft(a + 1j * b, norm="ortho"))]',
			torch:
				'[*parts(torch.fft.fft(torch.complex(a, b))), *parts(torch.fft.ifft(torch.complex(a, b), norm="ortho"))]',
		},
		{
			name: `rfft and irfft of ${n}`,
			inputs,
			ours: ({ a, b }) => [
				...parts(rfft(a!)),
				irfft({ re: a!, im: b! }, { n: 2 * n - 1 }),
				irfft({ re: a!, im: b! }, { n }),
			],
			numpy: `[*parts(np.fft.rfft(a)), np.fft.irfft(a + 1j * b, ${2 * n - 1}), np.fft.irfft(a + 1j * b, ${n})]`,
			jax: `[*parts(jnp.fft.rfft(a)), jnp.fft.irfft(a + 1j * b, ${2 * n - 1}), jnp.fft.irfft(a + 1j * b, ${n})]`,
			torch: `[*parts(torch.fft.rfft(a)), torch.fft.irfft(torch.complex(a, b), ${2 * n - 1}), torch.fft.irfft(torch.complex(a, b), ${n})]`,
		},
	];
}

const a = noise([3, 4, 5], 3);
const single = noise([3, 16], 4).astype("float32");

/** Fourier transforms; complex numbers are compared by their parts. */
export const family: Family = {
	setup: "parts = lambda z: [z.real, z.imag]",
	rows: [
		...[1, 2, 3, 8, 12, 15, 17, 22, 49, 64, 101, 250].flatMap(atLength),
		{
			name: "n, axis and norm",
			inputs: { a },
			ours: ({ a }) => [
				...parts(fft(a!, { n: 6, axis: 1, norm: "forward" })),
				...parts(rfft(a!, { n: 2, axis: 0, norm: "ortho" })),
			],
			numpy:
				'[*parts(np.fft.fft(a, 6, 1, norm="forward")), *parts(np.fft.rfft(a, 2, 0, norm="ortho"))]',
			jax: '[*parts(jnp.fft.fft(a, 6, 1, norm="forward")), *parts(jnp.fft.rfft(a, 2, 0, norm="ortho"))]',
			torch:
				'[*parts(torch.fft.fft(a, 6, 1, norm="forward")), *parts(torch.fft.rfft(a, 2, 0, norm="ortho"))]',
		},
		{
			name: "two axes",
			inputs: { a },
			ours: ({ a }) => [
				...parts(fft2(a!)),
				...parts(ifft2(a!, { shape: [2, 7], axes: [0, 2], norm: "ortho" })),
			],
			numpy: '[*parts(np.fft.fft2(a)), *parts(np.fft.ifft2(a, (2, 7), (0, 2), norm="ortho"))]',
			jax: '[*parts(jnp.fft.fft2(a)), *parts(jnp.fft.ifft2(a, (2, 7), (0, 2), norm="ortho"))]',
			torch:
				'[*parts(torch.fft.fft2(a)), *parts(torch.fft.ifft2(a, (2, 7), (0, 2), norm="ortho"))]',
		},
		{
			name: "float32",
			inputs: { single },
			ours: ({ single }) => parts(rfft(single!)),
			numpy: "parts(np.fft.rfft(single).astype(np.complex64))",
			jax: "parts(jnp.fft.rfft(single))",
			torch: "parts(torch.fft.rfft(single))",
		},
		{
			name: "frequencies and their order",
			inputs: { a },
			ours: ({ a }) => [
				fftFrequencies(7, 0.3),
				rfftFrequencies(8, 2),
				fftShift(a!),
				fftShift(a!, [0, 2]),
				ifftShift(a!),
			],
			numpy:
				"[np.fft.fftfreq(7, 0.3), np.fft.rfftfreq(8, 2), np.fft.fftshift(a), np.fft.fftshift(a, (0, 2)), np.fft.ifftshift(a)]",
			jax: "[jnp.fft.fftfreq(7, 0.3), jnp.fft.rfftfreq(8, 2), jnp.fft.fftshift(a), jnp.fft.fftshift(a, (0, 2)), jnp.fft.ifftshift(a)]",
		},
	],
};
