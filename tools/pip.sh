#!/bin/bash
# pip of a virtual environment, also of one that was made without it (uv makes such).
#   tools/pip.sh .venv/bin/python install -e .
set -eu
python="$1"
shift
if ! "$python" -m pip --version >/dev/null 2>&1 && ! "$python" -m ensurepip >/dev/null 2>&1; then
    if [ "$1" = install ] && command -v uv >/dev/null; then
        exec uv pip install --python "$python" "${@:2}"
    fi
    echo "   ! $python has no pip and can't get one: remove .venv and try again, or install uv" >&2
    exit 1
fi
exec "$python" -m pip --no-input "$@"
