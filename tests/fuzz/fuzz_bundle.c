/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target: any bytes as an archive or as packed once more. What comes out must be
 * whole items that survive being written and read back. */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader("ndjson", data, size);
}
