#!/bin/sh
# 断网安装并启动（installs without a network and starts）：sh start.sh [--port 8501] [--host 127.0.0.1]
set -eu
cd "$(dirname "$0")"
export PYTHONUTF8=1 PIP_NO_INDEX=1 PIP_DISABLE_PIP_VERSION_CHECK=1
case "@PLATFORM@" in win*) echo "本包为 Windows 制作，请运行 start.bat（this bundle is for Windows）" >&2; exit 1 ;; esac
if [ ! -f .venv/.ready ]; then
  found=
  for python in "${PYTHON:-python@PYTHON@}" python@PYTHON@ python3 python; do
    if "$python" -c 'import sys, venv; sys.exit("%d.%d" % sys.version_info[:2] != "@PYTHON@")' 2>/dev/null; then
      found=$python
      break
    fi
  done
  if [ -z "$found" ]; then
    echo "需要 Python @PYTHON@，请安装后重试，或写 PYTHON=路径 sh start.sh（Python @PYTHON@ is needed）" >&2
    exit 1
  fi
  echo "首次启动：安装随包的程序，约一两分钟（installing）"
  "$found" -m venv --clear --without-pip .venv
  pip=$(echo wheels/pip-*.whl)
  .venv/bin/python "$pip/pip" install --quiet --no-cache-dir --find-links wheels --require-hashes -r wheels/requirements.txt
  touch .venv/.ready
fi
.venv/bin/python -m geo.build
exec .venv/bin/python -m app serve "$@"
