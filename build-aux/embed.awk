# SPDX-License-Identifier: MIT
# Makes C of text files: awk -f embed.awk keymaps/chrome.keymap ... > builtin.c
# See tui/control/keymap_files.h for what it defines.

function begin_file(path) {
	if (count++ > 0)
		print "\t},"
	sub(/.*\//, "", path)
	sub(/\.[^.]*$/, "", path)
	print "\t{"
	print "\t\t\"" path "\","
	print "\t\t\"\""
}

BEGIN {
	print "/* SPDX-License-Identifier: MIT */"
	print "/* Made by build-aux/embed.awk: do not edit. */"
	print "#include \"config.h\""
	print ""
	print "#include \"tui/control/keymap_files.h\""
	print ""
	print "const struct keymap_file keymap_files[] = {"
}

FNR == 1 {
	begin_file(FILENAME)
}

{
	gsub(/[\\"]/, "\\\\&")
	gsub(/\t/, "\\t")
	gsub(/\?/, "\\?") # no trigraphs
	print "\t\t\"" $0 "\\n\""
}

END {
	if (count > 0)
		print "\t},"
	print "};"
	print ""
	print "const size_t keymap_file_count = sizeof(keymap_files) / sizeof(keymap_files[0]);"
}
