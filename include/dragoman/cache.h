/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For those who keep pages of results to give them out again.
 * A part of dragoman.h, which includes it.
 *
 * A page is a function of its request, of the revision it names (dgm_page.revision) and
 * of the tables beside the index (dgm_tables_mark), and may stand for another search that
 * is equal in all three; its took_ms is then that of the first. Two kinds of searches are
 * excepted, and these tell them. */
/* Before the guard, for it includes this file in its turn. */
#include "../dragoman.h"

#ifndef DRAGOMAN_CACHE_H
#define DRAGOMAN_CACHE_H

#ifdef __cplusplus
extern "C" {
#endif

/* Was something left out because time ran out: counts, related words, a better spelling?
 * The next search of the kind may have it. NULL: no. Errors: none. Threads: any. */
DGM_API bool dgm_page_is_cut(const dgm_page *page);

#ifdef __cplusplus
}
#endif
#endif
