#!/bin/sh
# Installs what this machine lacks: the Debian packages of packaging/debian-packages.txt and the npm packages of
# package-lock.json. Says nothing and takes a moment when all is there. Never removes anything, starts no service.
#
#   tools/install.sh run     what building and running needs
#   tools/install.sh         that, and what the tests need
set -eu
purpose=${1:-test}
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
fail() { printf 'install: %s\n' "$*" >&2; exit 1; }

missing_packages() {
    list=$(cat packaging/debian-packages.txt)
    [ "$purpose" = test ] || list=$(printf '%s\n' "$list" | sed '/^# --- to test/,$d')
    wanted=$(printf '%s\n' "$list" | sed 's/#.*//' | tr -s ' \n' ' ')
    # One call for all; dpkg-query exits 1 when it does not know one of them, which is what we want to learn.
    # shellcheck disable=SC2086 # the list is meant to be split
    present=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^ii  *//p' | tr '\n' ' ')
    for package in $wanted; do
        case " $present" in *" $package "*) continue ;; esac
        case $package in
        # A machine may have Node from elsewhere, with npm inside its package.
        nodejs) command -v node >/dev/null 2>&1 && continue ;;
        npm) command -v npm >/dev/null 2>&1 && continue ;;
        esac
        printf '%s ' "$package"
    done
}

install_debian() {
    command -v dpkg-query >/dev/null 2>&1 || {
        say "install: this is no Debian system; see packaging/debian-packages.txt for what edulab needs."
        return 0
    }
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1; then
        as_root="sudo"
    else
        fail "these Debian packages are missing and you are neither root nor able to sudo: ${missing}
Ask an administrator for: apt-get install --no-install-recommends ${missing}"
    fi
    say "Installing Debian packages (a few minutes): $missing"
    log=$(mktemp)
    $as_root apt-get update -qq >"$log" 2>&1 || { cat "$log"; fail "apt-get update did not work; is the network reachable?"; }
    # Debian starts a service as soon as it is installed (nginx would take port 80): say no for this once.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
        $as_root chmod 755 $policy
        # shellcheck disable=SC2064 # expanded now on purpose
        trap "$as_root rm -f $policy; rm -f $log" EXIT
        trap 'exit 130' INT TERM
    fi
    # shellcheck disable=SC2086 # both are meant to be split
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >"$log" 2>&1 </dev/null ||
        { tail -n 30 "$log"; fail "apt-get could not install: $missing"; }
}

check_node() {
    command -v node >/dev/null 2>&1 || fail "node is missing; edulab builds with Node 18 or newer."
    major=$(node --version | sed 's/^v//; s/\..*//')
    [ "$major" -ge 18 ] || fail "node $(node --version) is too old: edulab builds with Node 18 or newer."
}

install_npm() {
    [ -f package-lock.json ] || return 0
    stamp=node_modules/.edulab-lock.json
    cmp -s package-lock.json "$stamp" && return 0
    say "Installing npm packages"
    npm ci --no-audit --no-fund --loglevel=error || fail "npm ci did not work; is the network reachable?"
    cp package-lock.json "$stamp"
}

install_debian
check_node
install_npm
