# shellcheck shell=bash
# What every script here shares: where things are, how to speak, how to install a Debian package.
# Sourced, never run. Keeps no state besides the variables below.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/berth-tests # tools of the tests, outside the tree
export ROOT CACHE
cd "$ROOT"

# In CI a fresh clone shares its compiled dependencies with earlier runs through a folder outside of it.
if [ "${CI:-}" = true ]; then
  export CARGO_INCREMENTAL=0
  export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-${BERTH_CI_CACHE:-$HOME/.cache/berth-ci}/target}
  unset BERTH_CI_CACHE # the server refuses settings that it does not know
fi
export TARGET=${CARGO_TARGET_DIR:-$ROOT/target}

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# is_debian: true on Debian and its relatives with apt.
is_debian() {
  have apt-get && grep -qE '^(ID|ID_LIKE)=.*(debian|ubuntu)' /etc/os-release 2>/dev/null
}

# as_root COMMAND...: runs it as root, through sudo where we are not.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    have sudo || die "root is needed for: $* (become root, or install sudo)"
    sudo -- "$@"
  fi
}

# missing_packages PACKAGE...: prints those that are not installed.
missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || printf '%s ' "$package"
  done
}

# install_packages WHY PACKAGE...: installs what is missing; elsewhere than on Debian names it and stops.
install_packages() {
  local why=$1 missing
  shift
  is_debian || die "this set-up knows Debian 12 and its relatives only. Install by hand what is there called: $* ($why)"
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  say "Installing by apt: $missing($why)"
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || die "root is needed to install them: run 'apt-get install $missing' as root, or install sudo"
    say "sudo may ask for your password: apt needs root"
  fi
  # shellcheck disable=SC2086 # a list of words
  apt_install $missing >/dev/null 2>&1 || {
    as_root apt-get update -q
    # shellcheck disable=SC2086 # a list of words
    apt_install $missing
  }
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# version_at_least HAVE WANT: compares dotted versions.
version_at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# need_go VERSION WHY: makes sure that `go` is there in at least this version, or names what to install and stops.
need_go() {
  local want=$1 why=$2 have_go
  # Debian 12's own Go can't fetch a newer one by itself; that of its backports can.
  local backport=golang-1.23
  if ! have go && is_debian && apt-cache policy "$backport-go" | grep -q 'Candidate: [0-9]'; then
    install_packages "$why" "$backport-go"
    export PATH=$PATH:/usr/lib/${backport/golang/go}/bin
  fi
  have go || die "Go $want or newer is missing. It $why.
Install it from https://go.dev/dl, or let apt know Debian's backports and run this again"
  have_go=$(go env GOVERSION | sed 's/^go//')
  if ! version_at_least "$have_go" "$want"; then
    version_at_least "$have_go" 1.21 || die "Go $have_go is too old, $want or newer is needed"
    export GOTOOLCHAIN=auto # fetches the newer one that a module asks for through the module proxy
  fi
}
