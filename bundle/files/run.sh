#!/bin/sh
# Starts circle15 without a network: ./run.sh demo
# `./run.sh doctor` says what is missing. CIRCLE15_PYTHON names a Python to use.
versions="@VERSIONS@"
machine="@MACHINE@"
glibc_minor=@GLIBC@

stop() {
  printf 'circle15: %s %s\n' "$1" "$2" >&2
  exit 3
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 3

found=$(uname -sm)
[ "$found" = "Linux $machine" ] ||
  stop "本安装包用于 Linux $machine，本机为 $found。" "This bundle is for Linux $machine; this is $found."

found=$(getconf GNU_LIBC_VERSION 2>/dev/null) || found="no glibc"
minor=$(printf '%s' "$found" | sed -n 's/^glibc 2\.\([0-9]*\).*/\1/p')
[ "${minor:-0}" -ge "$glibc_minor" ] ||
  stop "需要 glibc 2.$glibc_minor 以上，本机为 $found。" "glibc 2.$glibc_minor or newer is needed; this system has $found."

version_of() {
  "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

seen=""
python=""
try() {
  [ -z "$python" ] || return 0
  found=$(version_of "$1") || return 0
  case " $versions " in
  *" $found "*) python="$1" ;;
  *) case " $seen " in *" $found "*) ;; *) seen="$seen $found" ;; esac ;;
  esac
}

if [ -n "${CIRCLE15_PYTHON:-}" ]; then
  try "$CIRCLE15_PYTHON"
else
  for version in $versions; do
    own="$here/python/bin/python$version"
    if [ -f "$own" ]; then
      [ -x "$own" ] || chmod u+x "$own"
      try "$own"
    fi
  done
  for version in $versions; do try "python$version"; done
  try python3
  try python
fi

[ -n "$python" ] ||
  stop "需要 Python ${versions}，本机只有：${seen:- 无}。请安装其中一个，或使用自带 Python 的安装包（见 README.zh.txt）。" \
    "Python $versions is needed; found:${seen:- none}. Install one, or use a bundle with Python in it (README.txt)."

exec "$python" -I -S -X utf8 "$here/app/launch.py" "$@"
