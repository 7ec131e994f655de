/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/app.h"

int main(int argc, char **argv)
{
	return app_run(argc, argv);
}
