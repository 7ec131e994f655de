/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/analysis/pattern.h"

#include "tests/tap.h"

static enum pattern_result match(const char *expression, const char *text)
{
	struct pattern pattern;
	struct error err = { 0 };
	enum pattern_result result;

	if (!pattern_open(&pattern, bytes_of(expression), &err)) {
		printf("# %s: %s\n", expression, err.message);
		return PATTERN_COSTLY;
	}
	result = pattern_match(&pattern, bytes_of(text), NULL);
	pattern_close(&pattern);
	return result;
}

static void capitals_count_if_there_is_one(void)
{
	ok(match("servehttp", "net/http.ServeHTTP") == PATTERN_YES, "small letters match all");
	ok(match("ServeHttp", "net/http.ServeHTTP") == PATTERN_NO, "a capital matches itself");
	ok(match("\\Servehttp", "net/http.ServeHTTP") == PATTERN_YES, "one of a class is none");
	ok(match("\\Serve", "XERVE") == PATTERN_YES, "nor does it make others count");
	ok(match("\\x{4D}ain", "main") == PATTERN_YES, "nor does a number's");
	ok(match("\\p{Lu}ain\\pL", "MAINS") == PATTERN_YES, "nor a property's");
	ok(match("\\", "a\\b") == PATTERN_COSTLY, "a backslash alone is no expression");
}

static void literal_is_as_it_stands(void)
{
	ok(match("\\Vsync.(*Mutex).Lock", "sync.(*Mutex).Lock") == PATTERN_YES, "signs are signs");
	ok(match("\\Va.c", "abc") == PATTERN_NO, "a point is a point");
	ok(match("\\Va.C", "a.c") == PATTERN_NO, "capitals count there, too");
	ok(match("\\Va.c", "A.C") == PATTERN_YES, "if there are any");
}

static void place_is_the_first(void)
{
	struct pattern pattern;
	struct error err = { 0 };
	const char *text = "main.(*bus).send";
	struct bytes place;

	pattern_open(&pattern, bytes_of("s"), &err);
	ok(pattern_match(&pattern, bytes_of(text), &place) == PATTERN_YES, "it matches");
	is_u64((uint64_t)(place.data - (const uint8_t *)text), 9, "where it is first");
	is_u64(place.len, 1, "and as long as it is");
	pattern_close(&pattern);
}

static void empty_matches_all(void)
{
	ok(match("", "") == PATTERN_YES && match("", "x") == PATTERN_YES, "the empty one");
	ok(match("\\V", "x") == PATTERN_YES, "the empty literal");
	ok(match("^$", "") == PATTERN_YES, "an empty text can match");
}

static void wrong_is_told_with_its_place(void)
{
	struct pattern pattern;
	struct error err = { 0 };

	ok(!pattern_open(&pattern, bytes_of("main.(foo"), &err), "an open parenthesis");
	is_u64(err.offset, 9, "is missed at the end");
	ok(err.message[0] != '\0', "in words");
	err = (struct error){ 0 };
	ok(!pattern_open(&pattern, bytes_of("ab*+*c"), &err), "a repeat of nothing");
	is_u64(err.offset, 4, "where it stands");
	err = (struct error){ 0 };
	ok(!pattern_open(&pattern, bytes_of("a\\Cb"), &err), "single bytes of characters");
}

static void large_ones_are_refused(void)
{
	struct pattern pattern;
	struct error err = { 0 };
	char text[2000];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	ok(!pattern_open(&pattern, bytes_of(text), &err), "too long");
	err = (struct error){ 0 };
	ok(!pattern_open(&pattern, bytes_of("(((a{1,200}){1,200}){1,90})"), &err),
	   "repeats of repeats");
	err = (struct error){ 0 };
	memset(text, '(', 100);
	memset(text + 100, ')', 100);
	text[200] = '\0';
	ok(!pattern_open(&pattern, bytes_of(text), &err), "too deep");
}

static void costly_ends(void)
{
	static char text[17000];

	memset(text, 'a', sizeof(text) - 2);
	text[sizeof(text) - 2] = 'c';
	ok(match("(?:a|b)+$", text) != PATTERN_YES, "one that tries everything comes back");
	ok(match("(a+)+[de]", text) == PATTERN_COSTLY, "and says that it gave up");
	ok(match("c$", text) == PATTERN_NO, "the end of a long text is not looked at");
}

static void broken_text_is_text(void)
{
	ok(match("b", "a\xff\xc3"
	              "b") == PATTERN_YES,
	   "behind bytes that are no UTF-8");
	ok(match("\xc3\xa4", "\xc3\x84") == PATTERN_YES, "letters beyond ASCII have small ones");
}

int main(void)
{
	capitals_count_if_there_is_one();
	literal_is_as_it_stands();
	place_is_the_first();
	empty_matches_all();
	wrong_is_told_with_its_place();
	large_ones_are_refused();
	costly_ends();
	broken_text_is_text();
	return tap_done();
}
