/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stemming, and which Xapian this is.
 * Depends on Xapian, guard.hh and handles.hh. */
#include "handles.hh"

struct dgmx_stem {
    Xapian::Stem stem;
    std::string lent;
};

dgm_status dgmx_stem_new(const char *language, dgmx_stem **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_stem &made) {
        made.stem = Xapian::Stem(std::string(language));
    });
}

dgm_status dgmx_stem_word(dgmx_stem *s, const char *word, size_t n, dgmx_bytes *out,
                          dgm_error *err)
{
    return dgmx::guard(err, [&] {
        std::string text = n ? std::string(word, n) : std::string();
        dgmx::lend(out, s->lent, s->stem(text));
    });
}

void dgmx_stem_free(dgmx_stem *s)
{
    dgmx::drop(s);
}

const char *dgmx_xapian_version(void)
{
    return Xapian::version_string();
}
