#!/usr/bin/env bash
# What docker-compose.yml runs, as processes and without containers: the sandbox's API and pretend clusters, and two silos,
# with the settings of the same files. MongoDB and the S3 server must be there already.
#
#   processes.sh [--no-build] [options of the sandbox]
#
# A variable of the environment wins over the same one in silo*.env: Storage__MongoDb__ConnectionString=mongodb://… processes.sh
# CONFIGURATION is Release unless it says Debug. Ends with Ctrl-C, SIGTERM, or the first process that ends, and ends the others.
set -euo pipefail
root=$(realpath "$(dirname "$0")/../..")
configuration=${CONFIGURATION:-Release}
data=sandbox-data

if [ "${1:-}" = --no-build ]; then
  shift
else
  dotnet build "$root/Sandbox" --configuration "$configuration" --nologo --verbosity quiet
fi

start() { # name, project, settings files…, then -- and arguments
  local name=$1 project=$2 line key; shift 2
  (
    while [ "$1" != -- ]; do
      while IFS= read -r line; do
        key=${line%%=*}
        case $line in '' | '#'*) ;; *) [ -n "${!key:-}" ] || export "${line?}" ;; esac
      done <"$root/Sandbox/compose/$1"
      shift
    done
    shift
    exec dotnet "$root/$project/bin/$configuration/net10.0/ClusterGrains.$project.dll" "$@" > >(sed -u "s/^/$name  | /") 2>&1
  ) &
  pids+=($!)
}

stop() {
  trap - TERM INT EXIT
  kill "${pids[@]}" 2>/dev/null || true
  wait
}

pids=()
trap stop EXIT
trap 'exit 0' TERM INT

start sandbox Sandbox -- --no-silo --data "$data" "$@"
until [ -s "$data/kubeconfig" ]; do
  kill -0 "${pids[0]}" 2>/dev/null || exit 1
  sleep 0.1
done
start silo-1 Silo silo.env silo-1.env --
start silo-2 Silo silo.env silo-2.env --
wait -n
echo "One of the processes ended; so do the others." >&2
exit 1
