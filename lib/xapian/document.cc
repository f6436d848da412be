/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents: their record, values, terms and positions.
 * Depends on Xapian, guard.hh and handles.hh. */
#include "handles.hh"

using dgmx::guard;

dgm_status dgmx_doc_new(dgmx_doc **out, dgm_error *err)
{
    return dgmx::make(out, err, [](dgmx_doc &) {});
}

void dgmx_doc_free(dgmx_doc *doc)
{
    dgmx::drop(doc);
}

dgm_status dgmx_doc_get(dgmx_db *db, dgmx_docid id, dgmx_doc **out, dgm_error *err)
{
    return dgmx::make(out, err,
                      [&](dgmx_doc &made) { made.doc = db->db.get_document(id); });
}

dgm_status dgmx_doc_known(dgmx_db *db, dgmx_docid id, dgmx_doc **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_doc &made) {
        made.doc = db->db.get_document(id, Xapian::DOC_ASSUME_VALID);
    });
}

dgm_status dgmx_doc_set_data(dgmx_doc *doc, const char *p, size_t n, dgm_error *err)
{
    return guard(err, [&] {
        dgmx::check_size(n);
        doc->doc.set_data(n ? std::string(p, n) : std::string());
    });
}

dgm_status dgmx_doc_data(dgmx_doc *doc, dgmx_bytes *out, dgm_error *err)
{
    return guard(err, [&] { dgmx::lend(out, doc->lent, doc->doc.get_data()); });
}

dgm_status dgmx_doc_set_value(dgmx_doc *doc, uint32_t slot, const char *p, size_t n,
                              dgm_error *err)
{
    return guard(err, [&] {
        dgmx::check_slot(slot);
        dgmx::check_size(n);
        doc->doc.add_value(slot, n ? std::string(p, n) : std::string());
    });
}

dgm_status dgmx_doc_value(dgmx_doc *doc, uint32_t slot, dgmx_bytes *out, dgm_error *err)
{
    return guard(err, [&] { dgmx::lend(out, doc->lent, doc->doc.get_value(slot)); });
}

dgm_status dgmx_doc_add_term(dgmx_doc *doc, const char *term, size_t n, uint32_t wdf,
                             dgm_error *err)
{
    return guard(err, [&] { doc->doc.add_term(dgmx::term_of(term, n), wdf); });
}

dgm_status dgmx_doc_has_term(dgmx_doc *doc, const char *term, size_t n, bool *has,
                             dgm_error *err)
{
    *has = false;
    return guard(err, [&] {
        std::string text = dgmx::term_of(term, n);
        Xapian::TermIterator it = doc->doc.termlist_begin();
        it.skip_to(text);
        *has = it != doc->doc.termlist_end() && *it == text;
    });
}

dgm_status dgmx_doc_remove_term(dgmx_doc *doc, const char *term, size_t n, dgm_error *err)
{
    return guard(err, [&] { doc->doc.remove_term(dgmx::term_of(term, n)); });
}

dgm_status dgmx_doc_add_posting(dgmx_doc *doc, const char *term, size_t n,
                                uint32_t position, uint32_t wdf, dgm_error *err)
{
    return guard(err,
                 [&] { doc->doc.add_posting(dgmx::term_of(term, n), position, wdf); });
}

/* The first position carries the wdf, so that a term costs one look-up less. */
static void add_one(Xapian::Document &doc, const std::string &text, const dgmx_term &term)
{
    if (term.n_positions == 0) {
        doc.add_term(text, term.wdf);
        return;
    }
    doc.add_posting(text, term.positions[0], term.wdf);
    for (uint32_t i = 1; i < term.n_positions; i++) {
        doc.add_posting(text, term.positions[i], 0);
    }
}

/* All are checked before the first is added: a refused list leaves the document as it
 * was. */
dgm_status dgmx_doc_add_terms(dgmx_doc *doc, const dgmx_term *terms, size_t n,
                              dgm_error *err)
{
    return guard(err, [&] {
        for (size_t i = 0; i < n; i++) {
            dgmx::check_term(terms[i].p, terms[i].n);
        }
        std::string text;
        text.reserve(DGMX_TERM_MAX);
        for (size_t i = 0; i < n; i++) {
            text.assign(terms[i].p, terms[i].n);
            add_one(doc->doc, text, terms[i]);
        }
    });
}
