#!/bin/sh
# Faults that a sweep must find: some of them.
exec python3 "${0%/*}/controls.py" --some 2
