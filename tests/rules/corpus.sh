#!/bin/sh
# The sample corpus holds what its README says: encoding, ids, counts, lists.
set -eu
/usr/bin/python3 corpus/check.py
