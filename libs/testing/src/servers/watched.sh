# Runs a command and ends it when the process that started this script ends, for whatever reason.
#   watched.sh SIGNAL SCRATCH COMMAND [ARGUMENT …]
# The watcher reads from stdin, a pipe that only that process holds open. When the pipe closes, it sends SIGNAL to the
# command, and the folder SCRATCH (unless '') is deleted. The command's pid is written to file descriptor 3.
signal=$1 scratch=$2
shift 2
exec 4<&0
"$@" </dev/null 3>&- 4<&- &
pid=$!
(
  read -r _ <&4
  [ -z "$scratch" ] || : >"$scratch/.orphaned"
  kill "-$signal" "$pid"
) 2>/dev/null 3>&- &
watcher=$!
echo "$pid" >&3
# The exit status reports how the command ended; suppress the shell's message.
exec 3>&- 4<&- 2>/dev/null
wait "$pid"
status=$?
kill "$watcher"
[ ! -e "$scratch/.orphaned" ] || rm -rf "$scratch"
exit "$status"
