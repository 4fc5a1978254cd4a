#!/usr/bin/env bash
# Make sure that a Docker engine answers, and start one where that is possible.
#
#   tests/container/docker.sh
#
# Does nothing if an engine answers already. Otherwise, as root on Debian or Ubuntu, installs the distribution's
# docker.io and starts it. Prints the DOCKER_HOST to use if it is not the client's default, and nothing else, on
# stdout; all messages go to stderr. Exits 1, with a sentence, if no engine can be had.
set -euo pipefail

readonly LOG=${JWGRAPH_DOCKERD_LOG:-/var/log/jwgraph-dockerd.log}
readonly LOCK=/run/lock/jwgraph-docker.lock

say() { printf 'docker.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# limit SECONDS COMMAND...: killed if it outstays a polite end; `timeout` is missing on macOS.
limit() {
    if command -v timeout >/dev/null 2>&1; then
        timeout -k 2 "$@"
    else
        shift
        "$@"
    fi
}

# `docker version` with a server field fails unless the engine itself answers. An engine that hangs is no engine.
answers() {
    local client
    for client in docker /usr/bin/docker; do
        if command -v "$client" >/dev/null 2>&1 &&
            limit 10 "$client" version --format '{{.Server.Version}}' </dev/null >/dev/null 2>&1; then
            return 0
        fi
    done
    return 1
}

if answers; then
    exit 0
fi
if [ -n "${DOCKER_HOST:-}" ]; then
    die "DOCKER_HOST is set to ${DOCKER_HOST}, but no Docker engine answers there. Start it, or unset DOCKER_HOST."
fi
if [ "$(id -u)" -ne 0 ]; then
    die "No Docker engine answers, and only root can start one. Start Docker, or run this script as root on Debian or Ubuntu."
fi
if ! command -v apt-get >/dev/null 2>&1; then
    die "No Docker engine answers, and this system has no apt-get to install one with. Install and start Docker, then try again."
fi

# Two runs at once would fight over apt and over the engine's pid file: the second waits, then finds the engine up.
mkdir -p "$(dirname "$LOCK")"
exec 9>"$LOCK"
flock -w 600 9 || die "Another run of this script has held ${LOCK} for ten minutes. End it, then try again."
if answers; then
    exit 0
fi

install_engine() {
    local output
    output=$(mktemp)
    say "installing docker.io"
    # iptables is only recommended by docker.io, but the engine's default network does not come up without it.
    if ! {
        apt-get -o DPkg::Lock::Timeout=300 update &&
            apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends ca-certificates docker.io iptables
    } >"$output" 2>&1 9>&- </dev/null; then
        tail -n 20 "$output" >&2
        rm -f "$output"
        die "apt-get could not install docker.io: see its last lines above."
    fi
    rm -f "$output"
}

# After a kill the pid files stay. Their number may belong to another program by now, or to a dead child that nobody
# has reaped; the engine would then refuse to start, or wait for a containerd that is not there. A dead process has no
# executable.
forget_stale() {
    local file=$1 program=$2 executable
    [ -f "$file" ] || return 0
    executable=$(readlink "/proc/$(cat "$file")/exe" || true)
    case ${executable##*/} in
        "$program" | "$program (deleted)") ;;
        *) rm -f "$file" ;;
    esac
}

# start_engine FLAGS...: returns 0 as soon as the engine answers, 1 if it ends or does not answer in 60 s.
start_engine() {
    local pid deadline
    forget_stale /var/run/docker.pid dockerd
    forget_stale /var/run/docker/containerd/containerd.pid containerd
    say "starting dockerd${*:+ $*} (its log: ${LOG})"
    printf -- '--- dockerd %s\n' "$*" >>"$LOG"
    # Its own session and no open descriptors of ours: it must outlive this script, not hold our lock or a CI's pipe.
    setsid dockerd "$@" </dev/null >>"$LOG" 2>&1 9>&- &
    pid=$!
    deadline=$((SECONDS + 60))
    while [ "$SECONDS" -lt "$deadline" ]; do
        if answers; then
            return 0
        fi
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.3
    done
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    return 1
}

export DEBIAN_FRONTEND=noninteractive
PATH=$PATH:/usr/sbin:/sbin
export PATH
if ! command -v dockerd >/dev/null 2>&1; then
    install_engine
fi

if [ -d /run/systemd/system ]; then
    systemctl start docker 9>&- || die "systemd could not start Docker: see 'journalctl -u docker'."
    for _ in $(seq 60); do
        if answers; then
            exit 0
        fi
        sleep 0.5
    done
    die "systemd started Docker, but it does not answer: see 'journalctl -u docker'."
fi

# Without systemd the engine is started by hand. Its defaults first; without iptables for kernels that have no
# netfilter (ports published on loopback still work, through docker-proxy); vfs where overlayfs cannot be mounted.
: >"$LOG" || die "The engine's log ${LOG} cannot be written. Name another with JWGRAPH_DOCKERD_LOG."
if start_engine ||
    start_engine --iptables=false --ip6tables=false --ip-masq=false ||
    start_engine --iptables=false --ip6tables=false --ip-masq=false --storage-driver=vfs; then
    exit 0
fi
tail -n 20 "$LOG" >&2
die "dockerd was started in three ways and did not answer: see its last lines above and ${LOG}."
