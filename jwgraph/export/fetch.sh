#!/bin/sh
# Run it as: sh SCRIPT [FOLDER]. Run it again after an interruption: what is there is kept, the rest goes on.
# A file is NAME.SIZE.part until it is whole. Files that are not public need MAST_API_TOKEN in the environment.
set -eu

total='# (count)'
number=0
fetched=0
kept=0
failed=''
newline='
'
child=''
held=''
status=''

say() { printf '%s\n' "$*" >&2; }

stop() {
    trap - INT TERM HUP
    if [ -n "$child" ]; then
        kill "$child" 2>/dev/null || :
        wait "$child" 2>/dev/null || :
    fi
    [ -z "$status" ] || rm -f -- "$status"
    say "stopped; run it again to go on"
    exit 130
}

command -v curl >/dev/null 2>&1 || { say 'curl is not installed'; exit 2; }
case ${MAST_API_TOKEN:-} in
    *[!A-Za-z0-9._~+/=-]*) say 'MAST_API_TOKEN holds characters that no token has'; exit 2 ;;
esac
if [ "$#" -gt 0 ]; then
    mkdir -p -- "$1"
    CDPATH='' cd -- "$1"
fi
status=$(mktemp)
trap 'rm -f -- "$status"' EXIT
trap stop INT TERM HUP

# The token goes through a pipe: arguments of a command can be seen by every user of the machine.
settings() {
    if [ -n "${MAST_API_TOKEN:-}" ]; then
        printf 'header = "Authorization: token %s"\n' "$MAST_API_TOKEN"
    fi
}

bytes() { wc -c <"$1" | tr -d ' '; }

# What takes long runs in the background: a shell hears a signal when it waits, and not before another command ends.
# A signal that comes while a command is started waits until its number is known.
hold() { trap 'held=1' INT TERM HUP; }
await() {
    child=$!
    trap stop INT TERM HUP
    [ -z "$held" ] || stop
    code=0
    wait "$child" || code=$?
    child=''
    return "$code"
}

transfer() {
    hold
    settings | curl --config - --fail --silent --show-error --location --globoff \
        --proto '=http,https' --proto-redir '=http,https' --connect-timeout 60 --speed-limit 1 --speed-time 120 \
        --continue-at - --write-out '%{http_code}' --output "$1" --url "$2" >"$status" &
    await
}

pause() {
    hold
    sleep "$1" &
    await
}

# Fetch to a file that may be there in part: a broken connection goes on where it broke.
fetch() {
    tries=0
    while :; do
        : >>"$1" || return 1
        had=$(bytes "$1")
        code=0
        transfer "$1" "$2" || code=$?
        [ "$code" -ne 0 ] || return 0
        answer=$(cat -- "$status")
        case $code:$answer in
            # The server knows no ranges, or the part is as long as the file or longer: begin anew.
            33:* | 36:* | 22:416)
                [ "$had" -gt 0 ] || return 1
                rm -f -- "$1"
                ;;
            22:408 | 22:429 | 22:5??) ;;
            22:401 | 22:403)
                say '  not allowed: files that are not public need MAST_API_TOKEN'
                return 1
                ;;
            5:* | 6:* | 7:* | 16:* | 18:* | 28:* | 35:* | 52:* | 55:* | 56:* | 92:*) ;;
            *) return 1 ;;
        esac
        # A transfer that gets on is tried again; one that stands still is given up.
        if [ -f "$1" ] && [ "$(bytes "$1")" -gt "$had" ]; then tries=0; fi
        tries=$((tries + 1))
        [ "$tries" -lt 5 ] || return 1
        pause "$tries"
    done
}

# one NAME URL SIZE: leave NAME whole, or say why not.
one() {
    file=./$1
    part=$file.$3.part
    if [ -f "$file" ] && { [ -z "$3" ] || [ "$(bytes "$file")" -eq "$3" ]; }; then
        kept=$((kept + 1))
        return 0
    fi
    if [ -n "$3" ] && [ -f "$part" ] && [ "$(bytes "$part")" -gt "$3" ]; then rm -f -- "$part"; fi
    if [ -z "$3" ] || [ ! -f "$part" ] || [ "$(bytes "$part")" -ne "$3" ] || [ "$3" -eq 0 ]; then
        say "[$number/$total] $1"
        if ! fetch "$part" "$2"; then
            [ -s "$part" ] || rm -f -- "$part"
            return 1
        fi
    fi
    have=$(bytes "$part")
    if [ -n "$3" ] && [ "$have" -ne "$3" ]; then
        say "  $have bytes came and $3 were to come: it may have been processed anew; export the list again"
        rm -f -- "$part"
        return 1
    fi
    mv -f -- "$part" "$file" || return 1
    fetched=$((fetched + 1))
}

get() {
    number=$((number + 1))
    if ! one "$@"; then failed="$failed$1$newline"; fi
}

# aside FILE NEW: rename a file once, however often the script is run.
aside() {
    if [ -e "./$1" ] && [ ! -e "./$2" ]; then mv "./$1" "./$2"; fi
}

# (calls)

say "$fetched fetched, $kept there already, of $total"
if [ -n "$failed" ]; then
    say 'failed:'
    printf '%s' "$failed" >&2
    exit 1
fi
