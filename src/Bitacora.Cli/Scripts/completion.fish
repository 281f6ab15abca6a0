# fish completion for bitacora
function __bitacora_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    set -l word (commandline -ct)
    $program complete -- $words "$word" 2>/dev/null
end
complete -c bitacora -f -a '(__bitacora_complete)'
# Files are for words of which the program knows no more, such as those of ingest and --config.
complete -c bitacora -n 'not __bitacora_complete | string length -q' -F
