# SPDX-License-Identifier: MIT
# Completion of gander's command line for bash: commands, options and their words, then files.

_gander() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local commands="summary findings triage goroutines goroutine stw gc assists procs threads tasks task regions region logs
		net sync syscall sched cpu stacks compare mmu why critical damage events wire footprint anonymize chrome cut
		screen"
	local options="--format --group --sort --limit --from --to --filter --goroutines --region --tree --peek --unclipped
		--compat --window --flags --held --events --view --threshold --output --strict --size --keys --ansi --follow --at --compare --glyphs
		--keymap --link --no-color --no-findings --demo --memory --jobs --try-newer --help --version"

	# bash takes --format=csv apart
	if [ "$before" = "=" ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	elif [ "$word" = "=" ]; then
		before=${COMP_WORDS[COMP_CWORD - 1]}
		word=
	fi
	COMPREPLY=()
	case $before in
	--format) COMPREPLY=($(compgen -W "text csv json pprof" -- "$word")) ;;
	--glyphs) COMPREPLY=($(compgen -W "auto eighth half ascii" -- "$word")) ;;
	--keymap) COMPREPLY=($(compgen -W "chrome vim" -f -- "$word")) ;;
	--compat) COMPREPLY=($(compgen -W "go1.26" -- "$word")) ;;
	--flags) COMPREPLY=($(compgen -W "stw background assist sweep perproc mut" -- "$word")) ;;
	--view) COMPREPLY=($(compgen -W "proc thread" -- "$word")) ;;
	--compare | --output) COMPREPLY=($(compgen -f -- "$word")) ;;
	--group | --sort | --limit | --from | --to | --filter | --goroutines | --region | --peek | --window | --size | --keys | --at | --link | \
		--memory | --jobs) ;;
	*)
		if [[ $word == -* ]]; then
			COMPREPLY=($(compgen -W "$options" -- "$word"))
		else
			[ "$COMP_CWORD" -gt 1 ] || COMPREPLY=($(compgen -W "$commands" -- "$word"))
			COMPREPLY+=($(compgen -f -- "$word"))
		fi
		;;
	esac
}

complete -o filenames -F _gander gander
