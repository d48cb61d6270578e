# Completes speciesnet in bash: eval "$(speciesnet completion bash)"
_speciesnet() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command=speciesnet word words='' files=''
    COMPREPLY=()
    # Bash takes = for a word of its own.
    if [ "$current" = = ]; then
        current=''
    elif [ "$previous" = = ]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$command $word" in
            @commands@) command="$command $word" ;;
        esac
    done
    case "$command $previous" in
@values@
    esac
    case "$command" in
@words@
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    if [ -n "$files" ] && [ "${current#-}" = "$current" ]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}
complete -F _speciesnet speciesnet
