# Completion of beredctl for bash; needs nothing but bash. Tickets, messages, primaries, checks and
# desks come from the daemon; without one, they are silently left out.

# What beredctl says, to the socket that the line names; at most two seconds.
_beredctl_ask() {
    local program=${COMP_WORDS[0]} socket=()
    local i
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} == --socket ]]; then
            [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
            socket=(--socket "${COMP_WORDS[i + 1]}")
        fi
    done
    timeout 2 "$program" "${socket[@]}" "$@" 2>/dev/null
}

# Names are letters, digits, dots, dashes and underscores. Nothing else goes on: compgen would run it.
_beredctl_plain() { grep -xE '[A-Za-z0-9._/-]+'; }

# The values of one key in JSON, one a line.
_beredctl_values() {
    grep -oE "\"$1\": *(\"[^\"]*\"|[0-9]+)" | sed -E 's/^"[^"]*": *//; s/"//g' | _beredctl_plain | sort -u
}

_beredctl_tickets() { _beredctl_ask --json ticket list --limit 200 | _beredctl_values id; }
_beredctl_messages() { _beredctl_ask --json message list --limit 200 | _beredctl_values id; }
_beredctl_quarantined() { _beredctl_ask --json handback quarantine list | _beredctl_values message; }
_beredctl_outgoing() { _beredctl_ask --json outgoing list | _beredctl_values message; }
_beredctl_primaries() { _beredctl_ask --json failover status | _beredctl_values primary; }

# "primary" stands before "check" in each object.
_beredctl_checks() {
    _beredctl_ask --json check list | grep -oE '"(primary|check)": *"[^"]*"' |
        sed -E 's/^"([^"]*)": *"(.*)"$/\1 \2/' |
        while read -r key value; do
            case $key in
                primary) primary=$value ;;
                check) printf '%s/%s\n' "$primary" "$value" ;;
            esac
        done | _beredctl_plain
}

_beredctl_templates() { _beredctl_ask --json template list | _beredctl_values name; }
_beredctl_people() { _beredctl_ask --json person list | _beredctl_values name; }

_beredctl_desks() {
    _beredctl_ask config show |
        sed -nE '/^\[\[desk\]\]/,/^$/ s/^name = "(.*)"$/\1/p' | _beredctl_plain
}

# The commands below a command.
_beredctl_commands() {
    case $1 in
        "")
            echo status ticket desk events person team staffing outgoing notice template message export \
                failover check handback config sandbox
            ;;
        ticket)
            echo list show note state assign priority tag merge split bulk undo reply new forward settle \
                next escalate deescalate lease release
            ;;
        outgoing) echo list resend drop ;;
        notice) echo preview ;;
        template) echo list show ;;
        person) echo list show absent present ;;
        team) echo list ;;
        staffing) echo show set ;;
        message) echo list show raw part ;;
        failover) echo status force auto history ;;
        check) echo list run ;;
        handback) echo status plan run pause resume reconcile quarantine ;;
        "handback quarantine") echo list retry drop ;;
        config) echo check show ;;
    esac
}

_beredctl_options() {
    case $1 in
        "") echo --version ;;
        "ticket reply")
            echo --message --to --cc --attach --subject --file --yes --close --open --all --unquoted --take --language --template
            ;;
        "ticket new") echo --desk --to --cc --attach --subject --file --yes --close ;;
        "ticket forward") echo --message --to --cc --attach --subject --file --yes --close ;;
        "outgoing list") echo --limit ;;
        "notice preview") echo --desk --language ;;
        "template list") echo --desk ;;
        "template show") echo --language --ticket ;;
        "outgoing drop") echo --reason ;;
        "ticket next") echo --person ;;
        "ticket escalate" | "ticket deescalate") echo --note ;;
        "person absent") echo --until --reason ;;
        "ticket list") echo --state --desk --assignee --custody --search --sort --overdue --watch --limit ;;
        desk) echo --desk ;;
        events) echo --after --limit ;;
        "message list" | "handback plan") echo --limit ;;
        "ticket note") echo --message --file ;;
        "ticket state") echo --until --if-updated ;;
        "ticket assign") echo --take --if-updated ;;
        "ticket priority") echo --if-updated ;;
        "ticket tag") echo --remove --if-updated ;;
        "ticket merge" | "ticket split") echo --reason ;;
        "ticket bulk")
            echo --state --desk --assignee --custody --search --all --set-state --until --assign
            echo --set-priority --tag --untag --dry-run --yes
            ;;
        export) echo --desk --since --tickets ;;
        "failover history") echo --primary --limit ;;
        "handback reconcile") echo --since ;;
        "handback quarantine retry") echo --all ;;
        "handback quarantine drop") echo --reason ;;
        "config check") echo --dns ;;
        sandbox) echo --smtp --health --keep --fail --hostname ;;
    esac
    echo --socket --json --color --help
}

# The value of an option.
_beredctl_value_of() {
    case $1 in
        --color) echo auto always never ;;
        --state) echo new open pending solved closed ;;
        --set-state) echo open pending solved closed ;;
        --set-priority) echo low normal high urgent ;;
        --assign) echo me nobody ;;
        --custody) echo primary fallback returned ;;
        --sort) echo updated due ;;
        --fail) echo none refuse hang tempfail reject drop ;;
        --language) echo en sv no fi ;;
        --message) _beredctl_messages ;;
        --ticket) _beredctl_tickets ;;
        --template) _beredctl_templates ;;
        --desk) _beredctl_desks ;;
        --primary) _beredctl_primaries ;;
        --person) _beredctl_people ;;
    esac
}

_beredctl_takes_value() {
    case $1 in
        --socket | --color | --state | --desk | --assignee | --custody | --search | --sort | --limit) return 0 ;;
        --since | --after | --until | --if-updated | --primary | --person | --reason | --note) return 0 ;;
        --message | --to | --cc | --attach | --subject | --file | --language | --ticket | --template) return 0 ;;
        --set-state | --assign | --set-priority | --remove | --tag | --untag) return 0 ;;
        --smtp | --health | --keep | --fail | --hostname) return 0 ;;
    esac
    return 1
}

# The argument number $2 of a command.
_beredctl_argument() {
    case "$1 $2" in
        "ticket show 0" | "ticket note 0" | "ticket state 0" | "ticket assign 0") _beredctl_tickets ;;
        "ticket priority 0" | "ticket tag 0" | "ticket split 0") _beredctl_tickets ;;
        "ticket merge 0" | "ticket merge 1") _beredctl_tickets ;;
        "ticket reply 0" | "ticket forward 0" | "ticket settle 0") _beredctl_tickets ;;
        "ticket escalate 0" | "ticket deescalate 0" | "ticket lease 0" | "ticket release 0") _beredctl_tickets ;;
        "ticket state 1") echo open pending solved closed ;;
        "ticket assign 1") echo me nobody auto; _beredctl_people ;;
        "ticket priority 1") echo low normal high urgent ;;
        "ticket split 1") _beredctl_messages ;;
        "person show 0" | "person absent 0" | "person present 0") _beredctl_people ;;
        "staffing set 0") echo normal reduced critical auto ;;
        "template show 0") _beredctl_templates ;;
        "outgoing resend 0" | "outgoing drop 0") _beredctl_outgoing ;;
        "message show 0" | "message raw 0" | "message part 0") _beredctl_messages ;;
        "failover force 0" | "failover auto 0") _beredctl_primaries ;;
        "failover force 1") echo fallback normal ;;
        "check run 0") _beredctl_checks ;;
        "handback plan 0" | "handback run 0" | "handback pause 0" | "handback resume 0" | \
            "handback reconcile 0") _beredctl_primaries ;;
        "handback quarantine retry 0" | "handback quarantine drop 0") _beredctl_quarantined ;;
    esac
}

_beredctl_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
}

_beredctl() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local path="" arguments=0 i word
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if _beredctl_takes_value "$word"; then
            [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
            # An ADDR:PORT is three words, because bash breaks words at colons.
            while [[ ${COMP_WORDS[i + 2]} == : ]]; do ((i += 2)); done
            ((i++))
        elif [[ $word == -* ]]; then
            continue
        elif [[ " $(_beredctl_commands "$path") " == *" $word "* ]]; then
            path=${path:+$path }$word
        else
            ((arguments++))
        fi
    done

    # --option=value comes as three words.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if _beredctl_takes_value "$prev"; then
        case $prev in
            --socket | --file | --attach) _beredctl_files -f "$cur" ;;
            --keep) _beredctl_files -d "$cur" ;;
            *) mapfile -t COMPREPLY < <(compgen -W "$(_beredctl_value_of "$prev")" -- "$cur") ;;
        esac
    elif [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_beredctl_options "$path")" -- "$cur")
    elif [[ -n $(_beredctl_commands "$path") ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_beredctl_commands "$path")" -- "$cur")
    elif [[ $path == "config check" ]]; then
        _beredctl_files -f "$cur"
    else
        mapfile -t COMPREPLY < <(compgen -W "$(_beredctl_argument "$path" "$arguments")" -- "$cur")
    fi
}

complete -F _beredctl beredctl
