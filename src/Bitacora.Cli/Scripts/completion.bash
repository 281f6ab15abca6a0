# bash completion for bitacora
_bitacora() {
    local line word words=() candidates=()
    # COMP_WORDS is cut at ':' and '=' too; queries need them whole.
    read -r -a words <<<"${COMP_LINE:0:COMP_POINT}"
    if [[ "${COMP_LINE:COMP_POINT-1:1}" == ' ' ]]; then words+=(''); fi
    word=${words[-1]}
    while IFS=$'\t' read -r line _; do
        candidates+=("$line")
    done < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
    # Readline replaces only what stands behind the last ':' or '='.
    local kept=${word%"${word##*[:=]}"}
    [[ "$COMP_WORDBREAKS" == *:* ]] || kept=''
    COMPREPLY=()
    for line in "${candidates[@]}"; do
        line=${line#"$kept"}
        # '>' and blanks mean something to the shell.
        COMPREPLY+=("$(printf '%q' "$line")")
    done
    [[ "${COMPREPLY[*]}" == *: ]] && compopt -o nospace
    return 0
}
complete -o default -F _bitacora bitacora ./bitacora
