/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/trace/v1_wire.h"

#include "tests/tap.h"

/* The worked bytes of trace-format-v1.md 2.8, and what is no record. */

static struct v1_record record;

static const char *take(unsigned minor, const char *bytes, size_t len, size_t *at)
{
	*at = 0;
	return v1_take((struct bytes){ (const uint8_t *)bytes, len }, at, minor, &record);
}

#define TAKE(minor, bytes) take(minor, bytes, sizeof(bytes) - 1, &at)

static void records_of_1_21(void)
{
	size_t at;

	ok(TAKE(21, "\x41\x01\xe2\xda\xa0\xb8\xa8\xff\x16") == NULL && at == 9 &&
	           record.type == V1_BATCH && record.arg[0] == 1 && record.ticks == 101131565411682,
	   "a batch");
	ok(TAKE(21, "\xcd\x04\x0a\x01\x02\x01") == NULL && record.type == V1_GO_CREATE &&
	           record.ticks == 10 && record.arg[0] == 1 && record.arg[1] == 2 &&
	           record.stack == 1,
	   "a record with its length");
	ok(TAKE(21, "\x5f\x0e\x02") == NULL && record.type == V1_GO_WAITING && record.ticks == 14 &&
	           record.arg[0] == 2,
	   "one that counts its arguments");
	ok(TAKE(21, "\xf0\x04\x4b\x01\x06\x0b\x0alogMessage") == NULL && at == 17 &&
	           record.arg[1] == 6 && record.stack == 11 &&
	           bytes_equal(record.text, bytes_of("logMessage")),
	   "a log and its text");
	ok(TAKE(21, "\x25\x09\x03r\x00r") == NULL && record.arg[0] == 9 && record.text.len == 3,
	   "a string");
	ok(TAKE(21, "\xc3\x8b\x80\x80\x80\x80\x80\x80\x80\x80\x00\x02\x01\xd3\x8d\x84\x87\x10"
	            "\x0e\x0f\x90\x01") == NULL &&
	           record.arg[0] == 2 && record.arg[1] == 1 && record.text.len == 9,
	   "a stack whose length is padded");
}

static void records_of_1_5(void)
{
	size_t at;

	ok(TAKE(5, "\x41\x01\xe7\x0c\xc7\xad\xb3\x8d\xf0\xca\x3f") == NULL && record.seq == 1639 &&
	           record.ticks == 279649643714247,
	   "a batch with its number");
	ok(TAKE(5, "\x54\x01\x30\x09") == NULL && record.type == V1_GO_BLOCK && record.seq == 1 &&
	           record.ticks == 48 && record.stack == 9,
	   "two differences before the arguments");
	ok(TAKE(5, "\xdd\x0c\x03\x0c\x32\xe0\x0f\x91\xb8\xb8\x8d\xf0\xca\x3f") == NULL &&
	           record.arg[1] == 2016 && record.arg[2] == 279649643797521,
	   "the end of a syscall");
	ok(TAKE(5, "\x02\xa4\xeb\xa9\x13\x00") == NULL && record.arg[0] == 40531364 && at == 6,
	   "the frequency and the number behind it");
}

static void versions_differ(void)
{
	size_t at;

	ok(TAKE(8, "\x09\x05") == NULL && TAKE(10, "\x09\x05") != NULL &&
	           TAKE(10, "\x49\x05\x01") == NULL && record.arg[0] == 1,
	   "a stop has a kind from 1.10 on");
	ok(TAKE(8, "\x0c\x05") == NULL && TAKE(9, "\x0c\x05") != NULL &&
	           TAKE(9, "\x8c\x05\x01\x02") == NULL,
	   "a sweep says how much from 1.9 on");
	ok(TAKE(5, "\x4e\x01\x02\x03") == NULL && TAKE(7, "\x8e\x01\x02\x03") == NULL,
	   "a start has a number from 1.7 on");
	ok(TAKE(7, "\x2a\x01") != NULL && TAKE(7, "\x6a\x01\x02") != NULL &&
	           TAKE(8, "\x6a\x01\x02") == NULL,
	   "a type that came later is none");
}

static void what_is_no_record(void)
{
	size_t at, cut = 0;
	static const char log[] = "\xf0\x04\x4b\x01\x06\x0b\x0alogMessage";

	for (size_t len = 0; len < 17; len++)
		cut += take(21, log, len, &at) == v1_cut && at == 0;
	is_u64(cut, 17, "a record cut anywhere is said to be");
	ok(TAKE(21, "\x00\x01") != NULL && TAKE(21, "\x32\x01") != NULL, "unknown types");
	ok(TAKE(21, "\xcd\x05\x0a\x01\x02\x01\x00") != NULL &&
	           TAKE(21, "\xcd\x03\x0a\x01\x02\x01") != NULL,
	   "a length that does not fit");
	ok(TAKE(21, "\x9f\x0e\x02\x01") != NULL && TAKE(21, "\x1f\x0e") != NULL,
	   "too many arguments, and too few");
	ok(TAKE(21, "\x06\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02") != NULL &&
	           TAKE(21, "\x06\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") == NULL,
	   "numbers have 64 bits");
	ok(TAKE(21, "\x25\x00\x01x") != NULL && TAKE(21, "\x25\x01\x00") != NULL &&
	           TAKE(21, "\x25\x01\xc1\x84\x3dx") != NULL,
	   "a string has an id, a text, and a million bytes at most");
	ok(TAKE(21, "\xc3\x04\x01\xe9\x07\x00") != NULL && TAKE(21, "\xc3\x03\x01\x01\x00") != NULL,
	   "a stack has at most 1000 frames, and all of them");
}

int main(void)
{
	records_of_1_21();
	records_of_1_5();
	versions_differ();
	what_is_no_record();
	return tap_done();
}
