/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzz target: any bytes as a document of format rdf. What comes out must be a whole
 * item that survives being written and read back. */
#include "fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_reader("rdf", data, size);
}
