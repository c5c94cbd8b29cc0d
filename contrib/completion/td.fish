# fish completion for td and td-*: programs, options, ids, queues, labels,
# states.  Install it as td.fish in a folder of $fish_complete_path.

function __td_ids
    td-ls -q -s $argv[1] 2>/dev/null | head -n 1000
end

function __td_queues
    td-stat -a 2>/dev/null | sed '1,2d; s/ .*//'
end

function __td_labels
    td-ls -j 2>/dev/null | head -n 1000 | string match -rg '"labels":\[([^\]]*)\]' | string split , | string trim -c '"' | sort -u
end

function __td_options
    set -l words (commandline -opc)
    set -l program $words[1]
    test $program = td; and set -q words[2]; and set program td-$words[2]
    $program -h 2>/dev/null | string match -rg '^ .*(--[a-z-]+)'
end

function __td_verbs
    td -h 2>/dev/null | string match -rg '^  td ([a-z-]+) '
end

set -l live ready,waiting,delayed,held,running
set -l every running,ready,waiting,delayed,held,failed,cancelled,done
set -l states ready waiting delayed held running done failed cancelled

complete -c td -n 'not set -q (commandline -opc)[2]' -xa '(__td_verbs)'
for pair in cancel:$live wait:$live hold:ready,waiting,delayed,running \
        set:ready,waiting,delayed,held release:held \
        retry:done,failed,cancelled ls:$every show:$every path:$every \
        log:$every deps:$every joblog:$every
    set -l verb (string split -m 1 : $pair)
    complete -c td-$verb[1] -xa "(__td_ids $verb[2])"
    complete -c td-$verb[1] -s s -l state -xa "$states"
    complete -c td -n "__fish_seen_subcommand_from $verb[1]" -xa "(__td_ids $verb[2])"
    complete -c td-$verb[1] -s Q -l queue -xa '(__td_queues)'
    complete -c td-$verb[1] -s l -l label -xa '(__td_labels)'
end
for verb in pause resume
    complete -c td-$verb -xa '(__td_queues)'
end
complete -c td-ls -l sort -xa 'id priority state age queue'
for verb in (__td_verbs)
    complete -c td-$verb -n 'string match -q -- "-*" (commandline -ct)' -a '(__td_options)'
    complete -c td-$verb -s d -l directory -xa '(__fish_complete_directories)'
end
