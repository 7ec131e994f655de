/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/export/gzip.h"
#include "core/export/pprof.h"

#include "tests/tap.h"

/* What is written is read back here by other code: gzip, then the messages of profile.proto. */
static struct budget budget;

/* ---- what is written */

enum { MOST = 1 << 21 };
static uint8_t file[MOST], plain[MOST];
static size_t file_len, plain_len;

static bool take(void *context, struct bytes text)
{
	(void)context;
	if (text.len > MOST - file_len)
		return false;
	memcpy(file + file_len, text.data, text.len);
	file_len += text.len;
	return true;
}

static struct text_out *new_out(void)
{
	static struct text_out out;

	out = (struct text_out){ .take = take };
	file_len = 0;
	return &out;
}

static uint32_t little(const uint8_t *at, int len)
{
	uint32_t number = 0;

	for (int i = 0; i < len; i++)
		number |= (uint32_t)at[i] << 8 * i;
	return number;
}

/* Bit by bit, unlike the one that is tested. */
static uint32_t crc_of(const uint8_t *data, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* Unpacks the file; how many blocks it has, 0 if it is broken. */
static size_t unpack(void)
{
	size_t at = 10, blocks = 0;
	bool is_last = false;

	plain_len = 0;
	if (file_len < 18 || memcmp(file, "\x1f\x8b\x08\x00", 4) != 0)
		return 0;
	for (; !is_last; blocks++) {
		uint32_t len = little(file + at + 1, 2);

		is_last = file[at] & 1;
		if (file[at] > 1 || (len ^ little(file + at + 3, 2)) != 0xffff ||
		    at + 5 + len + 8 > file_len)
			return 0;
		memcpy(plain + plain_len, file + at + 5, len);
		plain_len += len;
		at += 5 + len;
	}
	return at + 8 == file_len && little(file + at, 4) == crc_of(plain, plain_len) &&
	                       little(file + at + 4, 4) == plain_len
	               ? blocks
	               : 0;
}

static void gzip_stores_blocks(void)
{
	static struct gzip gzip;
	static uint8_t bytes[100000];
	struct text_out *out = new_out();

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * i >> 3);
	gzip_begin(&gzip, out);
	for (size_t i = 0; i < sizeof(bytes); i += 1000)
		gzip_put(&gzip, (struct bytes){ bytes + i, 1000 });
	gzip_end(&gzip);
	text_flush(out);
	is_u64(unpack(), 7, "as many blocks as it takes");
	ok(plain_len == sizeof(bytes) && memcmp(plain, bytes, plain_len) == 0,
	   "all comes back, and its sum is right");
}

static void gzip_of_nothing(void)
{
	static struct gzip gzip;
	struct text_out *out = new_out();

	gzip_begin(&gzip, out);
	gzip_end(&gzip);
	text_flush(out);
	is_u64(unpack(), 1, "nothing is one block");
	is_u64(plain_len, 0, "that is empty");
}

static void the_sum_is_the_usual_one(void)
{
	static struct gzip gzip;
	struct text_out *out = new_out();

	gzip_begin(&gzip, out);
	gzip_put(&gzip, bytes_of("123456789"));
	gzip_end(&gzip);
	is_u64(gzip.crc, 0xcbf43926, "the CRC of 1 to 9");
}

/* ---- what it says */

struct field {
	uint64_t number, value; /* value: of a varint, or the length */
	const uint8_t *data;    /* NULL: a varint */
};

static uint64_t take_varint(struct bytes *in)
{
	uint64_t value = 0;

	for (unsigned shift = 0; in->len > 0; shift += 7) {
		uint8_t byte = *in->data++;

		in->len--;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			break;
	}
	return value;
}

static bool take_field(struct bytes *in, struct field *field)
{
	uint64_t key;

	if (in->len == 0)
		return false;
	key = take_varint(in);
	*field = (struct field){ .number = key >> 3, .value = take_varint(in) };
	if ((key & 7) != 2)
		return (key & 7) == 0;
	field->data = in->data;
	if (field->value > in->len)
		return false;
	in->data += field->value;
	in->len -= field->value;
	return true;
}

static struct bytes inside(const struct field *field)
{
	return (struct bytes){ field->data, (size_t)field->value };
}

/* The nth message of a kind, from 0; one whose data is NULL: there is none. */
static struct bytes nth(uint64_t number, uint64_t n)
{
	struct bytes in = { plain, plain_len };
	struct field field;

	while (take_field(&in, &field))
		if (field.number == number && n-- == 0)
			return inside(&field);
	return (struct bytes){ NULL, 0 };
}

/* A number in a message; 0 if it is not there. */
static uint64_t number_in(struct bytes message, uint64_t number)
{
	struct field field;

	while (take_field(&message, &field))
		if (field.number == number && field.data == NULL)
			return field.value;
	return 0;
}

static struct bytes bytes_in(struct bytes message, uint64_t number)
{
	struct field field;

	while (take_field(&message, &field))
		if (field.number == number && field.data != NULL)
			return inside(&field);
	return (struct bytes){ NULL, 0 };
}

static struct bytes with_id(uint64_t number, uint64_t id)
{
	struct bytes message = { NULL, 0 };

	for (uint64_t n = 0; (message = nth(number, n)).data != NULL; n++)
		if (number_in(message, 1) == id)
			break;
	return message;
}

static char said[4096];
static size_t said_len;

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	said_len += (size_t)vsnprintf(said + said_len, sizeof(said) - said_len, format, args);
	va_end(args);
}

static void say_text(uint64_t place)
{
	struct bytes text = nth(6, place);

	say("%.*s", (int)text.len, (const char *)text.data);
}

static void say_type(struct bytes type)
{
	say_text(number_in(type, 1));
	say("/");
	say_text(number_in(type, 2));
}

static void say_sample(struct bytes sample)
{
	struct bytes values = bytes_in(sample, 2), places = bytes_in(sample, 1);

	say("\n");
	while (values.len > 0)
		say("%" PRIu64 " ", take_varint(&values));
	while (places.len > 0) {
		struct bytes location = with_id(4, take_varint(&places));
		struct bytes line = bytes_in(location, 4);
		struct bytes function = with_id(5, number_in(line, 1));

		say("%" PRIx64 "=", number_in(location, 3));
		say_text(number_in(function, 2));
		say("@");
		say_text(number_in(function, 4));
		say(":%" PRIu64 "%s", number_in(line, 2), places.len > 0 ? " < " : "");
	}
}

/* The profile as a text, a line a sample. */
static const char *told(void)
{
	struct bytes message = { NULL, 0 };

	said_len = 0;
	if (unpack() == 0)
		return "not gzip";
	for (uint64_t n = 0; (message = nth(1, n)).data != NULL; n++) {
		say(n == 0 ? "" : " ");
		say_type(message);
	}
	say(", ");
	say_type(nth(11, 0));
	say(" %" PRIu64, number_in((struct bytes){ plain, plain_len }, 12));
	for (uint64_t n = 0; (message = nth(2, n)).data != NULL; n++)
		say_sample(message);
	return said;
}

static struct frame frame(struct model *model, uint64_t pc, const char *function, uint32_t line)
{
	return (struct frame){
		.pc = pc,
		.function = strings_add(&model->strings, bytes_of(function)),
		.file = strings_add(&model->strings, bytes_of("a.go")),
		.line = line,
	};
}

static void profiles_are_told(void)
{
	struct model model;
	struct profile profile;
	struct frame frames[3], nowhere = { 0 };
	struct text_out *out;
	stack_id late, early;

	model_init(&model, &budget, (struct version){ .minor = 26 });
	profile_init(&profile, &budget);
	frames[0] = frame(&model, 0x900, "main.send", 7);
	frames[1] = frame(&model, 0x500, "main.loop", 300);
	frames[2] = frame(&model, 0x480, "main.loop", 200);
	late = stacks_add(&model.stacks, frames, 3);
	early = stacks_add(&model.stacks, frames + 1, 1);
	profile_add(&profile, late, 1000000);
	profile_add(&profile, late, 1);
	profile_add(&profile, early, 5);
	profile_add(&profile, 0, 6);
	profile_add(&profile, stacks_add(&model.stacks, &nowhere, 1), 10);
	out = new_out();
	pprof_put(out, &profile, &model, PROFILE_DELAYS);
	text_flush(out);
	is_text(told(),
	        "contentions/count delay/nanoseconds, trace/count 1\n"
	        "2 16 \n"
	        "1 5 500=main.loop@a.go:300\n"
	        "2 1000001 900=main.send@a.go:7 < 500=main.loop@a.go:300 < "
	        "480=main.loop@a.go:200",
	        "each stack, by addresses, with how often and how long");
	ok(nth(4, 3).data == NULL && nth(5, 2).data == NULL,
	   "an address is one location, and a name one function");
	ok(nth(6, 0).data != NULL && nth(6, 0).len == 0, "the first text is empty");
	out = new_out();
	pprof_put(out, &profile, &model, PROFILE_COUNTS);
	text_flush(out);
	ok(strncmp(told(), "samples/count, trace/count 1\n2 \n1 500=", 37) == 0,
	   "without delays there is one number");
	profile_free(&profile);
	model_free(&model);
	is_u64(atomic_load(&budget.used), 0, "memory comes back");
}

static void an_empty_profile_is_one(void)
{
	struct model model;
	struct profile profile;
	struct text_out *out = new_out();

	model_init(&model, &budget, (struct version){ .minor = 26 });
	profile_init(&profile, &budget);
	pprof_put(out, &profile, &model, PROFILE_DELAYS);
	text_flush(out);
	is_text(told(), "contentions/count delay/nanoseconds, trace/count 1", "nothing");
	profile_free(&profile);
	model_free(&model);
}

int main(void)
{
	gzip_stores_blocks();
	gzip_of_nothing();
	the_sum_is_the_usual_one();
	profiles_are_told();
	an_empty_profile_is_one();
	return tap_done();
}
