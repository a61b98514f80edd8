#!/bin/sh
# Renews both locks: hashes, no addresses.
set -eu
cd "$(dirname "$0")/.."
uv pip compile --quiet --generate-hashes --universal --no-header --no-emit-index-url \
    pyproject.toml --output-file requirements.lock
uv pip compile --quiet --extra dev --generate-hashes --universal --no-header --no-emit-index-url \
    --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock
# What setup.py installs the rest with, where the machine has no uv
echo uv | uv pip compile --quiet --generate-hashes --universal --no-header --no-emit-index-url - --output-file scripts/uv.lock
# The server that scripts/spark.py starts is of the same version as its client
grep -o "^pyspark-client==[0-9.]*" requirements-dev.lock | sed "s/-client//" | uv pip compile --quiet --generate-hashes \
    --universal --no-header --no-emit-index-url - --output-file scripts/spark.lock
