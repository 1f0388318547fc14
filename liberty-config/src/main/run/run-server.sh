#!/bin/sh
# Runs the server in the foreground of Maven's console:  run-server.sh <server script> <server name>
# The server takes the place of this shell, so Ctrl-C reaches it like any foreground program. Maven tells it to stop and waits
# for it (org.memphisee.run.Launcher). What that does not cover is done by a watcher: when Maven is gone, killed without a
# word, the server is told to stop in good order.
set -eu
maven=$PPID
server=$$
(
    while kill -0 "$maven" 2>/dev/null && kill -0 "$server" 2>/dev/null; do
        sleep 0.5
    done
    kill -TERM "$server" 2>/dev/null || true
) </dev/null >/dev/null 2>&1 &
exec "$1" run "$2"
