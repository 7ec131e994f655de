/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/view/cells.h"

#include <math.h>

#include "tests/tap.h"

/* The colours of slices must be told apart on any background and by nearly any eye: distances are
 * CIE76, the smallest over normal, protan, deutan and tritan sight (Machado et al. 2009). */
static const double sights[4][3][3] = {
	{ { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
	{ { 0.152286, 1.052583, -0.204868 },
	  { 0.114503, 0.786281, 0.099216 },
	  { -0.003882, -0.048116, 1.051998 } },
	{ { 0.367322, 0.860646, -0.227968 },
	  { 0.280085, 0.672501, 0.047413 },
	  { -0.011820, 0.042940, 0.968881 } },
	{ { 1.255528, -0.076749, -0.178779 },
	  { -0.078411, 0.930809, 0.147602 },
	  { 0.004733, 0.691367, 0.303900 } },
};

enum { BLACK = 16, WHITE = 231 };

/* xterm's colour i of the cube and the greys, linear. */
static void linear_of(int i, double out[3])
{
	static const int levels[] = { 0, 95, 135, 175, 215, 255 };
	int grey = 8 + (i - 232) * 10;
	int rgb[3] = { levels[(i - 16) / 36 % 6], levels[(i - 16) / 6 % 6], levels[(i - 16) % 6] };

	for (int k = 0; k < 3; k++) {
		double c = (i >= 232 ? grey : rgb[k]) / 255.0;

		out[k] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
	}
}

static double lab_step(double t)
{
	return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

static void lab_of(int i, const double sight[3][3], double out[3])
{
	double in[3], seen[3], x, y, z;

	linear_of(i, in);
	for (int k = 0; k < 3; k++)
		seen[k] = fmin(1, fmax(0, sight[k][0] * in[0] + sight[k][1] * in[1] +
		                                  sight[k][2] * in[2]));
	x = lab_step((0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.95047);
	y = lab_step(0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]);
	z = lab_step((0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.08883);
	out[0] = 116 * y - 16;
	out[1] = 500 * (x - y);
	out[2] = 200 * (y - z);
}

static double distance(int a, int b)
{
	double least = 1000, p[3], q[3];

	for (int i = 0; i < 4; i++) {
		lab_of(a, sights[i], p);
		lab_of(b, sights[i], q);
		least = fmin(least,
		             sqrt(pow(p[0] - q[0], 2) + pow(p[1] - q[1], 2) + pow(p[2] - q[2], 2)));
	}
	return least;
}

static double least_distance(const int *colours, size_t count)
{
	double least = 1000;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			least = fmin(least, distance(colours[i], colours[j]));
	return least;
}

static void states_can_be_told_apart(void)
{
	int lane[] = { BLACK,
		       WHITE,
		       colour_of_256(COLOUR_RUNNING),
		       colour_of_256(COLOUR_RUNNABLE),
		       colour_of_256(COLOUR_BLOCKED),
		       colour_of_256(COLOUR_SYSCALL),
		       colour_of_256(COLOUR_GC),
		       colour_of_256(COLOUR_STW) };
	int all[sizeof(lane) / sizeof(lane[0]) + 3] = { colour_of_256(COLOUR_ASSIST),
		                                        colour_of_256(COLOUR_SWEEP),
		                                        colour_of_256(COLOUR_REGION) };
	double states = least_distance(lane, sizeof(lane) / sizeof(lane[0]));
	double ranges;

	memcpy(all + 3, lane, sizeof(lane));
	ranges = least_distance(all, sizeof(all) / sizeof(all[0]));
	ok(states >= 25, "states, black and white: %.1f of 25", states);
	ok(ranges >= 20, "and what goroutines do for the runtime: %.1f of 20", ranges);
}

int main(void)
{
	states_can_be_told_apart();
	return tap_done();
}
