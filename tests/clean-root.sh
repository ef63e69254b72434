#!/bin/bash
# Proof that two commands are enough: makes a bare Debian 12 root with git and make, puts a fresh clone of HEAD in it
# and runs `make build` and `make test` there as root. Needs root and debootstrap.
#
#   tests/clean-root.sh [--keep] [command]     command: what to run instead of "make build && make test"
#
# The machine's own apt and npm configuration is copied into the root at run time, so mirrors and proxies work. The
# bare root and the .deb files are kept in $CACHE between runs. Everything runs in its own mount and process
# namespace: when it ends, its mounts and processes are gone.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
CACHE=${CACHE:-/var/cache/edulab-clean-root}
keep=no
if [ "${1:-}" = --keep ]; then keep=yes; shift; fi
command=${1:-make build && make test}

say() { printf '== %s\n' "$*"; }
fail() { printf 'clean-root: %s\n' "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "only root can make a root."
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap."

mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb *\(\[[^]]*\] *\)\?\([^ ]*\) .*/\2/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null | head -n 1 || true)
[ -n "$mirror" ] || fail "no mirror in /etc/apt."

mkdir -p "$CACHE/debs" "$CACHE/bootstrap"
if [ ! -f "$CACHE/bare.tar" ]; then
    say "debootstrap"
    rm -rf "$CACHE/bare"
    debootstrap --variant=minbase --include=git,make,ca-certificates --cache-dir="$CACHE/bootstrap" \
        bookworm "$CACHE/bare" "$mirror" >"$CACHE/debootstrap.log" 2>&1 ||
        fail "debootstrap did not work, see $CACHE/debootstrap.log"
    tar -C "$CACHE/bare" -cf "$CACHE/bare.tar.part" .
    mv "$CACHE/bare.tar.part" "$CACHE/bare.tar"
    rm -rf "$CACHE/bare"
fi

root=$(mktemp -d "${TMPDIR:-/var/tmp}/edulab-clean-root.XXXXXX")
# shellcheck disable=SC2317 # called by the trap
finish() { if [ "$keep" = yes ]; then say "kept: $root"; else rm -rf --one-file-system "$root"; fi; }
trap finish EXIT
tar -C "$root" -xf "$CACHE/bare.tar"
chmod 755 "$root"

for path in /etc/apt /etc/npmrc /usr/etc/npmrc /root/.npmrc /etc/resolv.conf /etc/hosts /etc/ssl/certs \
    /usr/local/share/ca-certificates /usr/share/keyrings; do
    [ -e "$path" ] || continue
    mkdir -p "$root$(dirname "$path")"
    rm -rf "${root:?}$path"
    cp -aL "$path" "$root$path"
done
git clone --quiet --no-hardlinks "$top" "$root/srv/edulab"
say "HEAD is $(git -C "$top" log -1 --format='%h %s')"

started=$(date +%s)
status=0
# shellcheck disable=SC2016 # expanded by the inner shell
root=$root debs=$CACHE/debs command=$command unshare --mount --pid --ipc --fork --kill-child --propagation private \
    bash -euc '
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount -t tmpfs tmpfs "$root/dev"
    for node in null zero full random urandom tty; do touch "$root/dev/$node"; mount --bind "/dev/$node" "$root/dev/$node"; done
    mkdir "$root/dev/shm" "$root/dev/pts"
    mount -t tmpfs tmpfs "$root/dev/shm"
    ln -s /proc/self/fd "$root/dev/fd"
    mkdir -p "$root/var/cache/apt/archives"
    mount --bind "$debs" "$root/var/cache/apt/archives"
    exec env -u EDULAB_BUILD HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        chroot "$root" bash -c "rm -f /etc/apt/apt.conf.d/docker-clean; cd /srv/edulab; $command"
    ' || status=$?
say "$(($(date +%s) - started)) s in a bare Debian $(cat "$root/etc/debian_version"), exit $status"
exit $status
