#!/bin/sh
# Makes the products again, in the folder of this script. Needs the JWST pipeline: pip install jwst
set -eu
CDPATH='' cd -- "$(dirname -- "$0")"
: "${CRDS_SERVER_URL:=https://jwst-crds.stsci.edu}" "${CRDS_PATH:=$HOME/crds_cache}"
export CRDS_SERVER_URL CRDS_PATH

# The newest context in the headers of the archive's files; empty for the context of the pipeline.
context='# (context)'
if [ -n "${CRDS_CONTEXT:-$context}" ]; then
    CRDS_CONTEXT=${CRDS_CONTEXT:-$context}
    export CRDS_CONTEXT
fi

