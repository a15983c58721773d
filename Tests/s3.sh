#!/usr/bin/env bash
# A real S3 server for tests, on loopback, in memory: Ceph's RADOS Gateway over one monitor and one object store.
#
#   s3.sh up DIR [PORT]      starts everything below DIR (emptied) and prints the endpoint when it answers
#   s3.sh stop-gateway DIR   nobody answers S3 any more; the objects stay
#   s3.sh start-gateway DIR  answers again, at the same endpoint, with the same objects
#   s3.sh down DIR           ends what `up` started, and nothing else
#
# Needs Debian's radosgw, ceph-mon and ceph-osd. Path style, region us-east-1, access key "testaccess",
# secret key "testsecret". With S3_OWNER=<pid> everything ends when that process does.
set -euo pipefail

usage() { sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# -ge 2 ] || usage
verb=$1 dir=$(realpath -m "$2") self=$(realpath "$0")
conf=$dir/ceph.conf keys=$dir/keyring

wait_until() { # what, tries of 0.1 s, command…
  local what=$1 tries=$2; shift 2
  until "$@" >/dev/null 2>&1; do
    ((tries-- > 0)) || { echo "s3.sh: $what did not come up; see $dir/log" >&2; exit 1; }
    sleep 0.1
  done
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() { # below the range that outgoing connections take
  local port
  while :; do port=$((15000 + RANDOM % 15000)); listening "$port" || { echo "$port"; return; }; done
}

stop() { # names of daemons, as in their pid files
  local name file pid
  for name in "$@"; do
    file=$dir/run/$name.pid
    [ -s "$file" ] || continue
    pid=$(cat "$file")
    # A recycled pid must not cost a stranger its life.
    if [[ $(readlink "/proc/$pid/exe" 2>/dev/null) == */@(ceph-mon|ceph-osd|radosgw) ]]; then
      kill "$pid" 2>/dev/null || true
      for _ in {1..50}; do [ -d "/proc/$pid" ] || break; sleep 0.1; done
      kill -9 "$pid" 2>/dev/null || true
    fi
    rm -f "$file"
  done
}

ceph_cli() { ceph -c "$conf" --connect-timeout 5 "$@"; }

start_gateway() {
  radosgw -c "$conf" -n client.rgw </dev/null >>"$dir/log/gateway.out" 2>&1
  wait_until "the gateway" 600 listening "$(cat "$dir/port")"
}

configure() { # port of the gateway, ports of the monitor
  cat >"$conf" <<EOF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v2:127.0.0.1:$2,v1:127.0.0.1:$3]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = $keys
run dir = $dir/run
pid file = $dir/run/\$name.pid
admin socket = $dir/run/\$name.asok
log file = $dir/log/\$name.log
crash dir = $dir/log
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd crush chooseleaf type = 0
osd objectstore = memstore
osd data = $dir/osd
memstore device bytes = 1073741824
mon data = $dir/mon
mon initial members = a
mon max pg per osd = 1000
mon allow pool size one = true
mon data avail crit = 1
mon cluster log file = $dir/log/cluster.log
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$1
rgw data = $dir/gateway
EOF
  local who
  ceph-authtool --create-keyring "$keys" >/dev/null
  for who in mon. client.admin client.rgw; do
    ceph-authtool "$keys" --gen-key -n "$who" --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
  done >/dev/null
}

start_monitor() {
  local fsid; fsid=$(sed -n 's/^fsid = //p' "$conf")
  monmaptool --create --addv a "$(sed -n 's/^mon host = //p' "$conf")" --fsid "$fsid" "$dir/monmap" >/dev/null
  ceph-mon -c "$conf" -i a --mkfs --monmap "$dir/monmap" --keyring "$keys" >/dev/null 2>&1
  ceph-mon -c "$conf" -i a >/dev/null 2>&1
  wait_until "the monitor" 100 ceph_cli status
}

start_object_store() {
  local uuid key id
  uuid=$(cat /proc/sys/kernel/random/uuid) key=$(ceph-authtool --gen-print-key)
  id=$(printf '{"cephx_secret": "%s"}' "$key" | ceph_cli osd new "$uuid" -i - 2>/dev/null)
  printf '[osd.%s]\n\tkey = %s\n' "$id" "$key" >>"$keys"
  ceph-osd -c "$conf" -i "$id" --mkfs --osd-uuid "$uuid" >/dev/null 2>&1
  ceph-osd -c "$conf" -i "$id" >/dev/null 2>&1
  wait_until "the object store" 300 osd_is_up
}

osd_is_up() { ceph_cli osd stat | grep -q '1 up'; }

admin() { radosgw-admin -c "$conf" -n client.rgw "$@" >/dev/null 2>>"$dir/log/admin.out"; }

up() {
  command -v radosgw ceph-mon ceph-osd >/dev/null ||
    { echo "s3.sh: install Debian's radosgw, ceph-mon and ceph-osd (apt-get install --no-install-recommends)" >&2; exit 1; }
  stop client.rgw osd.0 mon.a
  rm -rf "$dir"; mkdir -p "$dir"/{run,log,mon,osd,gateway}
  echo "${1:-$(free_port)}" >"$dir/port"
  configure "$(cat "$dir/port")" "$(free_port)" "$(free_port)"
  start_monitor
  start_object_store
  start_gateway
  admin user create --uid=test --display-name=test --access-key=testaccess --secret-key=testsecret
  if [ -n "${S3_OWNER:-}" ]; then
    (trap '' HUP INT; while [ -d "/proc/$S3_OWNER" ]; do sleep 1; done; exec "$self" down "$dir") </dev/null >/dev/null 2>&1 &
  fi
  echo "http://127.0.0.1:$(cat "$dir/port")"
}

case $verb in
  up) up "${3:-}" ;;
  down) stop client.rgw osd.0 mon.a ;;
  stop-gateway) stop client.rgw ;;
  start-gateway) start_gateway ;;
  *) usage ;;
esac
