# Completes speciesnet in fish: speciesnet completion fish | source
function __speciesnet_command
    set -l command speciesnet
    for word in (commandline -opc)[2..-1]
        switch "$command $word"
            case @commands@
                set command "$command $word"
        end
    end
    test "$command" = "$argv[1]"
end
complete -c speciesnet -f
@words@
