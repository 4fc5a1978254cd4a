#!/usr/bin/env bash
# What the official Neo4j image's entry point does, as far as tests need it: the password from NEO4J_AUTH, settings
# from NEO4J_* variables, the server in the foreground with its log on stdout.
set -euo pipefail

if [ "${1:-neo4j}" != neo4j ]; then
    exec "$@"
fi

export NEO4J_CONF=${NEO4J_HOME}/conf
readonly CONFIG=${NEO4J_CONF}/neo4j.conf

declare -A settings=(
    # Inside a container every address is the container's own; what reaches it is the engine's business.
    [server.default_listen_address]=0.0.0.0
    [server.directories.data]=/data
    [server.directories.logs]=/logs
    [server.memory.heap.initial_size]=512m
    [server.memory.heap.max_size]=512m
    [server.memory.pagecache.size]=128m
    [dbms.usage_report.enabled]=false
)

# NEO4J_server_memory_heap_max__size=1g means server.memory.heap.max_size=1g: two underscores are one, one is a dot.
# Settings begin in lower case; NEO4J_AUTH, NEO4J_HOME and their like do not.
while IFS= read -r name; do
    key=${name#NEO4J_}
    key=${key//__/$'\001'}
    key=${key//_/.}
    key=${key//$'\001'/_}
    settings[$key]=${!name}
done < <(compgen -e | grep -E '^NEO4J_[a-z]' || true)

auth=${NEO4J_AUTH:-}
password=
case $auth in
    none) settings[dbms.security.auth_enabled]=false ;;
    neo4j/?*) password=${auth#neo4j/} ;;
    '') ;;
    *)
        echo "NEO4J_AUTH is 'none' or 'neo4j/<password>'; no other user name can be set." >&2
        exit 1
        ;;
esac

for key in "${!settings[@]}"; do
    printf '%s=%s\n' "$key" "${settings[$key]}"
done | sort >"$CONFIG"

# Neo4j writes sizes as 512m, 512M or 512MiB; Java knows only the first two.
heap() {
    local size=${settings[$1]}
    size=${size%B}
    printf '%s' "${size%i}"
}

# Neo4j moved its main class when it went from 5 to calendar versions.
case $NEO4J_VERSION in
    [45].*) main=org.neo4j.server.CommunityEntryPoint ;;
    *) main=org.neo4j.server.Neo4jCommunity ;;
esac

# An existing database keeps its password, as with the official image.
if [ -n "$password" ] && [ ! -e /data/dbms/auth.ini ]; then
    # The class behind `neo4j-admin`, called directly: the launcher would fork a second Java for the same answer.
    java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "${NEO4J_HOME}/lib/*" org.neo4j.cli.AdminTool \
        dbms set-initial-password "$password"
fi

# exec: the server is process 1 and gets the engine's SIGTERM itself, so `docker stop` shuts it down cleanly.
exec java "-Xms$(heap server.memory.heap.initial_size)" "-Xmx$(heap server.memory.heap.max_size)" \
    -Dfile.encoding=UTF-8 \
    --add-opens=java.base/java.nio=ALL-UNNAMED \
    --add-opens=java.base/java.io=ALL-UNNAMED \
    --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
    --add-opens=java.base/java.util.concurrent=ALL-UNNAMED \
    -cp "${NEO4J_HOME}/lib/*" "$main" \
    --home-dir="$NEO4J_HOME" --config-dir="$NEO4J_CONF" --console-mode
