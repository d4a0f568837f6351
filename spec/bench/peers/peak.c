// The most that one thread of this processor does, by width of its vectors: chains of multiplications and additions that wait for
// nothing and touch no memory. Answers run.ts as the other contestants do (see serve.mjs), a name with the time in milliseconds of
// OPERATIONS multiplications and additions. For processors with AVX2 and FMA.
#include <immintrin.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define OPERATIONS 100e6
#define CHAINS 12

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return 1e3 * t.tv_sec + 1e-6 * t.tv_nsec;
}

static volatile double sink;

#define DEFINE(NAME, VECTOR, LANES, SET, STEP, ADD, FIRST)                       \
	static void NAME(void) {                                                        \
		VECTOR sums[CHAINS], factor = SET(0.999), term = SET(0.001);                   \
		for (int i = 0; i < CHAINS; i++) sums[i] = SET(i);                             \
		long rounds = OPERATIONS / (2 * CHAINS * LANES);                               \
		for (long round = 0; round < rounds; round++)                                  \
			for (int i = 0; i < CHAINS; i++) sums[i] = STEP;                              \
		VECTOR all = sums[0];                                                          \
		for (int i = 1; i < CHAINS; i++) all = ADD(all, sums[i]);                      \
		sink = FIRST(all);                                                             \
	}

DEFINE(f128, __m128, 4, _mm_set1_ps, _mm_add_ps(_mm_mul_ps(sums[i], factor), term), _mm_add_ps, _mm_cvtss_f32)
DEFINE(d128, __m128d, 2, _mm_set1_pd, _mm_add_pd(_mm_mul_pd(sums[i], factor), term), _mm_add_pd, _mm_cvtsd_f64)
DEFINE(f128fma, __m128, 4, _mm_set1_ps, _mm_fmadd_ps(sums[i], factor, term), _mm_add_ps, _mm_cvtss_f32)
DEFINE(d128fma, __m128d, 2, _mm_set1_pd, _mm_fmadd_pd(sums[i], factor, term), _mm_add_pd, _mm_cvtsd_f64)
DEFINE(f256, __m256, 8, _mm256_set1_ps, _mm256_add_ps(_mm256_mul_ps(sums[i], factor), term), _mm256_add_ps, _mm256_cvtss_f32)
DEFINE(d256, __m256d, 4, _mm256_set1_pd, _mm256_add_pd(_mm256_mul_pd(sums[i], factor), term), _mm256_add_pd, _mm256_cvtsd_f64)
DEFINE(f256fma, __m256, 8, _mm256_set1_ps, _mm256_fmadd_ps(sums[i], factor, term), _mm256_add_ps, _mm256_cvtss_f32)
DEFINE(d256fma, __m256d, 4, _mm256_set1_pd, _mm256_fmadd_pd(sums[i], factor, term), _mm256_add_pd, _mm256_cvtsd_f64)

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{"128 bits, float32", f128}, {"128 bits, float64", d128}, {"128 bits fused, float32", f128fma}, {"128 bits fused, float64", d128fma},
	{"256 bits, float32", f256}, {"256 bits, float64", d256}, {"256 bits fused, float32", f256fma}, {"256 bits fused, float64", d256fma},
};
#define COUNT (sizeof cases / sizeof *cases)

int main(void) {
	char line[256];
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = 0;
		if (strcmp(line, "?") == 0) {
			for (size_t i = 0; i < COUNT; i++) printf("%s%c", cases[i].name, i + 1 == COUNT ? '\n' : '\t');
			continue;
		}
		for (size_t i = 0; i < COUNT; i++) {
			if (strcmp(line, cases[i].name) != 0) continue;
			double best = 1e9;
			for (int burst = 0; burst < 5; burst++) {
				double start = now();
				cases[i].run();
				double time = now() - start;
				if (time < best) best = time;
			}
			printf("%.6f\n", best);
		}
	}
}
