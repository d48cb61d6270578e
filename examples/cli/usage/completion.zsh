#compdef speciesnet
# Completes speciesnet in zsh: speciesnet completion zsh > a folder of $fpath, as _speciesnet
_speciesnet() {
    local command=speciesnet word previous=${words[CURRENT - 1]}
    local -a items
    for word in "${(@)words[2,CURRENT-1]}"; do
        case "$command $word" in
            @commands@) command="$command $word" ;;
        esac
    done
    if [[ ${words[CURRENT]} == --*=* ]]; then
        previous=${words[CURRENT]%%=*}
        compset -P '*='
    fi
    case "$command $previous" in
@values@
    esac
    case "$command" in
@words@
    esac
    _describe -o speciesnet items
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _speciesnet "$@"
else
    compdef _speciesnet speciesnet
fi
