# fish completion for bitacora
function __bitacora_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    set -l word (commandline -ct)
    $program complete -- $words "$word" 2>/dev/null
end
complete -c bitacora -f -a '(__bitacora_complete)'
complete -c bitacora -n '__fish_seen_subcommand_from ingest' -F
