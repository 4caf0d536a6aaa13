# Completion of beredctl for fish. Tickets, messages, primaries, checks and desks come from the daemon;
# without one, they are silently left out.

function __beredctl_ask
    set -l words (commandline -opc)
    set -l socket
    if set -l at (contains -i -- --socket $words); and set -q words[(math $at + 1)]
        set socket --socket $words[(math $at + 1)]
    end
    timeout 2 $words[1] $socket $argv 2>/dev/null
end

# The values of a key in what beredctl answers: __beredctl_values KEY COMMAND...
function __beredctl_values
    __beredctl_ask --json $argv[2..-1] | string match -rga "\"$argv[1]\": *\"?([A-Za-z0-9._/-]+)" | sort -u
end

function __beredctl_tickets
    __beredctl_values id ticket list --limit 200
end

function __beredctl_messages
    __beredctl_values id message list --limit 200
end

function __beredctl_quarantined
    __beredctl_values message handback quarantine list
end

function __beredctl_outgoing
    __beredctl_values message outgoing list
end

function __beredctl_templates
    __beredctl_values name template list
end

function __beredctl_primaries
    __beredctl_values primary failover status
end

function __beredctl_checks
    __beredctl_values check check list
end

function __beredctl_people
    __beredctl_values name person list
end

function __beredctl_desks
    __beredctl_ask config show | sed -nE '/^\[\[desk\]\]/,/^$/ s/^name = "(.*)"$/\1/p'
end

# The words of the line that are no options and no options' values.
function __beredctl_words
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word --socket --color --state --desk --assignee --custody --search --sort --limit \
                --since --after --until --if-updated --primary --person --reason --note \
                --message -m --to --cc --attach --subject --file --language --ticket --template \
                --set-state --assign --set-priority --remove --tag --untag \
                --smtp --health --keep --fail --hostname
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end

# Is the line at exactly this place? Further words are arguments of it: --arguments N.
function __beredctl_at
    argparse 'arguments=' -- $argv
    set -q _flag_arguments; or set _flag_arguments 0
    set -l words (__beredctl_words)
    set -l depth (count $argv)
    test (count $words) -eq (math $depth + $_flag_arguments); or return 1
    test $depth -eq 0; or test "$words[1..$depth]" = "$argv"
end

# Is the line at or behind this command?
function __beredctl_in
    set -l words (__beredctl_words)
    set -l depth (count $argv)
    test (count $words) -ge $depth; and test "$words[1..$depth]" = "$argv"
end

complete -c beredctl -f
complete -c beredctl -l socket -r -F -d 'The control socket'
complete -c beredctl -l json -d 'One JSON document'
complete -c beredctl -l color -x -a 'auto always never' -d Colour
complete -c beredctl -l help -d 'A summary'
complete -c beredctl -n __beredctl_at -l version -d 'The version'

complete -c beredctl -n __beredctl_at -a status -d 'What is going on'
complete -c beredctl -n __beredctl_at -a ticket -d Conversations
complete -c beredctl -n __beredctl_at -a outgoing -d 'Mails on their way out'
complete -c beredctl -n __beredctl_at -a notice -d 'What customers are told by themselves'
complete -c beredctl -n __beredctl_at -a template -d 'Texts that answers begin with'
complete -c beredctl -n __beredctl_at -a person -d 'Who works'
complete -c beredctl -n __beredctl_at -a team -d Teams
complete -c beredctl -n __beredctl_at -a staffing -d 'How many there are for the work'
complete -c beredctl -n __beredctl_at -a desk -d 'Queue and tickets on the whole screen'
complete -c beredctl -n __beredctl_at -a events -d 'Deadlines that came near or were broken'
complete -c beredctl -n __beredctl_at -a message -d 'Mails as accepted'
complete -c beredctl -n __beredctl_at -a export -d 'Every message as JSON lines'
complete -c beredctl -n __beredctl_at -a failover -d 'Modes of the primaries'
complete -c beredctl -n __beredctl_at -a check -d 'Health checks'
complete -c beredctl -n __beredctl_at -a handback -d 'Giving mail back'
complete -c beredctl -n __beredctl_at -a config -d Configuration
complete -c beredctl -n __beredctl_at -a sandbox -d 'A primary to practise on'

complete -c beredctl -n '__beredctl_at ticket' -a 'list show note state assign priority tag merge split bulk undo'
for leaf in show note state assign priority tag merge split
    complete -c beredctl -n "__beredctl_at ticket $leaf" -a '(__beredctl_tickets)'
end
complete -c beredctl -n '__beredctl_at --arguments 1 ticket state' -a 'open pending solved closed'
complete -c beredctl -n '__beredctl_at --arguments 1 ticket priority' -a 'low normal high urgent'
complete -c beredctl -n '__beredctl_at --arguments 1 ticket merge' -a '(__beredctl_tickets)'
complete -c beredctl -n '__beredctl_at --arguments 1 ticket split' -a '(__beredctl_messages)'
complete -c beredctl -n '__beredctl_in ticket note' -s m -l message -x
complete -c beredctl -n '__beredctl_in ticket note' -l file -r -F
complete -c beredctl -n '__beredctl_in ticket state' -l until -x
complete -c beredctl -n '__beredctl_in ticket assign' -l take
for leaf in state assign priority tag
    complete -c beredctl -n "__beredctl_in ticket $leaf" -l if-updated -x
end
complete -c beredctl -n '__beredctl_in ticket tag' -l remove -x
for leaf in merge split
    complete -c beredctl -n "__beredctl_in ticket $leaf" -l reason -x
end
complete -c beredctl -n '__beredctl_in ticket bulk' -l state -x -a 'new open pending solved closed'
complete -c beredctl -n '__beredctl_in ticket bulk' -l desk -x -a '(__beredctl_desks)'
complete -c beredctl -n '__beredctl_in ticket bulk' -l custody -x -a 'primary fallback returned'
complete -c beredctl -n '__beredctl_in ticket bulk' -l set-state -x -a 'open pending solved closed'
complete -c beredctl -n '__beredctl_in ticket bulk' -l set-priority -x -a 'low normal high urgent'
complete -c beredctl -n '__beredctl_in ticket bulk' -l assign -x -a 'me nobody'
for option in assignee search until tag untag
    complete -c beredctl -n '__beredctl_in ticket bulk' -l $option -x
end
for option in all dry-run yes
    complete -c beredctl -n '__beredctl_in ticket bulk' -l $option
end
complete -c beredctl -n '__beredctl_at ticket' -a 'list show reply new forward settle'
for leaf in show reply forward settle
    complete -c beredctl -n "__beredctl_at ticket $leaf" -a '(__beredctl_tickets)'
end
for leaf in reply new forward
    complete -c beredctl -n "__beredctl_in ticket $leaf" -l to -x
    complete -c beredctl -n "__beredctl_in ticket $leaf" -l cc -x
    complete -c beredctl -n "__beredctl_in ticket $leaf" -l attach -r -F
    complete -c beredctl -n "__beredctl_in ticket $leaf" -l subject -x
    complete -c beredctl -n "__beredctl_in ticket $leaf" -l file -r -F
    complete -c beredctl -n "__beredctl_in ticket $leaf" -l yes
    complete -c beredctl -n "__beredctl_in ticket $leaf" -l close
end
for leaf in reply forward
    complete -c beredctl -n "__beredctl_in ticket $leaf" -l message -x -a '(__beredctl_messages)'
end
complete -c beredctl -n '__beredctl_in ticket new' -l desk -x -a '(__beredctl_desks)'
complete -c beredctl -n '__beredctl_in ticket reply' -l open
complete -c beredctl -n '__beredctl_in ticket reply' -l all
complete -c beredctl -n '__beredctl_in ticket reply' -l unquoted
complete -c beredctl -n '__beredctl_in ticket reply' -l take
complete -c beredctl -n '__beredctl_in ticket reply' -l language -x -a 'en sv no fi'
complete -c beredctl -n '__beredctl_in ticket reply' -l template -x -a '(__beredctl_templates)'
complete -c beredctl -n '__beredctl_at ticket' -a 'next escalate deescalate lease release'
for leaf in escalate deescalate lease release
    complete -c beredctl -n "__beredctl_at ticket $leaf" -a '(__beredctl_tickets)'
end
complete -c beredctl -n '__beredctl_at --arguments 1 ticket assign' -a 'me nobody auto (__beredctl_people)'
complete -c beredctl -n '__beredctl_in ticket next' -l person -x -a '(__beredctl_people)'
complete -c beredctl -n '__beredctl_in ticket escalate' -l note -x
complete -c beredctl -n '__beredctl_in ticket deescalate' -l note -x

complete -c beredctl -n '__beredctl_at person' -a 'list show absent present'
for leaf in show absent present
    complete -c beredctl -n "__beredctl_at person $leaf" -a '(__beredctl_people)'
end
complete -c beredctl -n '__beredctl_in person absent' -l until -x
complete -c beredctl -n '__beredctl_in person absent' -l reason -x
complete -c beredctl -n '__beredctl_at team' -a list
complete -c beredctl -n '__beredctl_at staffing' -a 'show set'
complete -c beredctl -n '__beredctl_at staffing set' -a 'normal reduced critical auto'
complete -c beredctl -n '__beredctl_in ticket list' -l state -x -a 'new open pending solved closed'
complete -c beredctl -n '__beredctl_in ticket list' -l desk -x -a '(__beredctl_desks)'
complete -c beredctl -n '__beredctl_in ticket list' -l assignee -x
complete -c beredctl -n '__beredctl_in ticket list' -l custody -x -a 'primary fallback returned'
complete -c beredctl -n '__beredctl_in ticket list' -l search -x
complete -c beredctl -n '__beredctl_in ticket list' -l sort -x -a 'updated due'
complete -c beredctl -n '__beredctl_in ticket list' -l overdue
complete -c beredctl -n '__beredctl_in ticket list' -l watch
complete -c beredctl -n '__beredctl_in ticket list' -l limit -x
complete -c beredctl -n '__beredctl_in desk' -l desk -x -a '(__beredctl_desks)'
complete -c beredctl -n '__beredctl_in events' -l after -x
complete -c beredctl -n '__beredctl_in events' -l limit -x

complete -c beredctl -n '__beredctl_at notice' -a preview
complete -c beredctl -n '__beredctl_in notice preview' -l desk -x -a '(__beredctl_desks)'
complete -c beredctl -n '__beredctl_in notice preview' -l language -x -a 'en sv no fi'
complete -c beredctl -n '__beredctl_at template' -a 'list show'
complete -c beredctl -n '__beredctl_in template list' -l desk -x -a '(__beredctl_desks)'
complete -c beredctl -n '__beredctl_at template show' -a '(__beredctl_templates)'
complete -c beredctl -n '__beredctl_in template show' -l language -x -a 'en sv no fi'
complete -c beredctl -n '__beredctl_in template show' -l ticket -x -a '(__beredctl_tickets)'

complete -c beredctl -n '__beredctl_at outgoing' -a 'list resend drop'
complete -c beredctl -n '__beredctl_in outgoing list' -l limit -x
complete -c beredctl -n '__beredctl_at outgoing resend' -a '(__beredctl_outgoing)'
complete -c beredctl -n '__beredctl_at outgoing drop' -a '(__beredctl_outgoing)'
complete -c beredctl -n '__beredctl_in outgoing drop' -l reason -x

complete -c beredctl -n '__beredctl_at message' -a 'list show raw part'
complete -c beredctl -n '__beredctl_in message list' -l limit -x
for leaf in show raw part
    complete -c beredctl -n "__beredctl_at message $leaf" -a '(__beredctl_messages)'
end

complete -c beredctl -n '__beredctl_in export' -l desk -x -a '(__beredctl_desks)'
complete -c beredctl -n '__beredctl_in export' -l since -x
complete -c beredctl -n '__beredctl_in export' -l tickets

complete -c beredctl -n '__beredctl_at failover' -a 'status force auto history'
complete -c beredctl -n '__beredctl_at failover force' -a '(__beredctl_primaries)'
complete -c beredctl -n '__beredctl_at --arguments 1 failover force' -a 'fallback normal'
complete -c beredctl -n '__beredctl_at failover auto' -a '(__beredctl_primaries)'
complete -c beredctl -n '__beredctl_in failover history' -l primary -x -a '(__beredctl_primaries)'
complete -c beredctl -n '__beredctl_in failover history' -l limit -x

complete -c beredctl -n '__beredctl_at check' -a 'list run'
complete -c beredctl -n '__beredctl_at check run' -a '(__beredctl_checks)'

complete -c beredctl -n '__beredctl_at handback' -a 'status plan run pause resume reconcile quarantine'
for leaf in plan run pause resume reconcile
    complete -c beredctl -n "__beredctl_at handback $leaf" -a '(__beredctl_primaries)'
end
complete -c beredctl -n '__beredctl_in handback plan' -l limit -x
complete -c beredctl -n '__beredctl_in handback reconcile' -l since -x
complete -c beredctl -n '__beredctl_at handback quarantine' -a 'list retry drop'
complete -c beredctl -n '__beredctl_at handback quarantine retry' -a '(__beredctl_quarantined)'
complete -c beredctl -n '__beredctl_at handback quarantine drop' -a '(__beredctl_quarantined)'
complete -c beredctl -n '__beredctl_in handback quarantine retry' -l all
complete -c beredctl -n '__beredctl_in handback quarantine drop' -l reason -x

complete -c beredctl -n '__beredctl_at config' -a 'check show'
complete -c beredctl -n '__beredctl_at config check' -F
complete -c beredctl -n '__beredctl_in config check' -l dns

complete -c beredctl -n '__beredctl_in sandbox' -l smtp -x -d ADDR:PORT
complete -c beredctl -n '__beredctl_in sandbox' -l health -x -d ADDR:PORT
complete -c beredctl -n '__beredctl_in sandbox' -l keep -x -a '(__fish_complete_directories)'
complete -c beredctl -n '__beredctl_in sandbox' -l fail -x -a 'none refuse hang tempfail reject drop'
complete -c beredctl -n '__beredctl_in sandbox' -l hostname -x
