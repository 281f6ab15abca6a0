#compdef bitacora
# zsh completion for bitacora
_bitacora() {
    local -a candidates
    local name description
    while IFS=$'\t' read -r name description; do
        candidates+=("${name//:/\\:}${description:+:$description}")
    done < <("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( ${#candidates} )); then
        _describe -t values bitacora candidates
    else
        _files
    fi
}
# Found in fpath, this file is the function and is asked at once; sourced, it names the function.
if [[ "${funcstack[1]}" == _bitacora ]]; then
    _bitacora "$@"
else
    compdef _bitacora bitacora
fi
