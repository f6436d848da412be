/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing: one writer per database, batches that are kept whole or known to be lost.
 * Depends on Xapian, lib/base/fail.h, guard.hh and handles.hh. */
#include "handles.hh"

extern "C" {
#include "fail.h"
}

using dgmx::guard;

struct dgmx_writer {
    Xapian::WritableDatabase db;
    bool in_transaction = false;
    dgm_error lost = DGM_ERROR_INIT; /* what dropped the pending batch, if anything did */
};

/* Any exception out of a change may have dropped everything that was pending, and
 * Xapian's next commit would still say that all is well. So the first failure is
 * remembered, and the writer refuses everything until it is opened again. */
template <typename F> static dgm_status change(dgmx_writer *w, dgm_error *err, F &&body)
{
    if (w->lost.code != DGM_OK) {
        return dgmi_fail(err, w->lost.code, "the pending batch was lost: %.200s",
                         w->lost.text);
    }
    dgm_status status = guard(&w->lost, body);
    if (status != DGM_OK) {
        dgmi_fail(err, status, "%s", w->lost.text);
    }
    return status;
}

static int open_flags(unsigned flags)
{
    int open = Xapian::DB_OPEN;
    if (flags & DGMX_OVERWRITE) {
        open = Xapian::DB_CREATE_OR_OVERWRITE;
    } else if (flags & DGMX_CREATE) {
        open = Xapian::DB_CREATE_OR_OPEN;
    }
    return open | (flags & DGMX_NO_SYNC ? Xapian::DB_NO_SYNC : 0);
}

dgm_status dgmx_writer_open(const char *path, unsigned flags, dgmx_writer **out,
                            dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_writer &made) {
        made.db = Xapian::WritableDatabase(path, open_flags(flags));
    });
}

dgm_status dgmx_writer_memory(dgmx_writer **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_writer &made) {
        made.db = Xapian::WritableDatabase(std::string(), Xapian::DB_BACKEND_INMEMORY);
    });
}

/* Xapian would commit on closing; a transaction that is cancelled takes what came before
 * it along. The database is closed by name, because views made from the writer may live
 * on and would keep its lock. */
void dgmx_writer_close(dgmx_writer *w)
{
    if (!w) {
        return;
    }
    guard(nullptr, [&] {
        if (!w->in_transaction) {
            w->db.begin_transaction(false);
        }
        w->db.cancel_transaction();
    });
    guard(nullptr, [&] { w->db.close(); });
    dgmx::drop(w);
}

/* Unflushed: what was pending before joins the batch instead of being committed half-way.
 */
dgm_status dgmx_writer_begin(dgmx_writer *w, dgm_error *err)
{
    if (w->in_transaction) {
        return dgmi_fail(err, DGM_E_ARG, "a transaction is open already");
    }
    return change(w, err, [&] {
        w->db.begin_transaction(false);
        w->in_transaction = true;
    });
}

dgm_status dgmx_writer_commit(dgmx_writer *w, dgm_error *err)
{
    return change(w, err, [&] {
        if (w->in_transaction) {
            w->in_transaction = false;
            w->db.commit_transaction();
        }
        w->db.commit();
    });
}

dgm_status dgmx_writer_add(dgmx_writer *w, dgmx_doc *doc, dgmx_docid *id, dgm_error *err)
{
    return change(w, err, [&] {
        Xapian::docid given = w->db.add_document(doc->doc);
        if (id) {
            *id = given;
        }
    });
}

dgm_status dgmx_writer_replace(dgmx_writer *w, dgmx_docid id, dgmx_doc *doc,
                               dgm_error *err)
{
    if (id == 0) {
        return dgmi_fail(err, DGM_E_ARG, "document id 0 does not exist");
    }
    return change(w, err, [&] { w->db.replace_document(id, doc->doc); });
}

/* Checks a term, so that what follows can only fail for reasons that lose the batch. */
static dgm_status take_term(const char *p, size_t n, std::string *out, dgm_error *err)
{
    return guard(err, [&] { *out = dgmx::term_of(p, n); });
}

dgm_status dgmx_writer_replace_term(dgmx_writer *w, const char *term, size_t n,
                                    dgmx_doc *doc, dgmx_docid *id, dgm_error *err)
{
    std::string text;
    dgm_status status = take_term(term, n, &text, err);
    if (status != DGM_OK) {
        return status;
    }
    return change(w, err, [&] {
        Xapian::docid given = w->db.replace_document(text, doc->doc);
        if (id) {
            *id = given;
        }
    });
}

/* Deleting what is not there would drop the pending batch, so its length is asked for
 * first. */
dgm_status dgmx_writer_delete(dgmx_writer *w, dgmx_docid id, dgm_error *err)
{
    if (id == 0) {
        return dgmi_fail(err, DGM_E_ARG, "document id 0 does not exist");
    }
    dgm_status status = guard(err, [&] { w->db.get_doclength(id); });
    if (status != DGM_OK) {
        return status;
    }
    return change(w, err, [&] { w->db.delete_document(id); });
}

dgm_status dgmx_writer_delete_term(dgmx_writer *w, const char *term, size_t n,
                                   dgm_error *err)
{
    std::string text;
    dgm_status status = take_term(term, n, &text, err);
    if (status != DGM_OK) {
        return status;
    }
    return change(w, err, [&] { w->db.delete_document(text); });
}

dgm_status dgmx_writer_set_metadata(dgmx_writer *w, const char *key, const char *p,
                                    size_t n, dgm_error *err)
{
    dgm_status status = guard(err, [&] {
        dgmx::check_term(key, std::strlen(key), "metadata key");
        dgmx::check_size(n);
    });
    if (status != DGM_OK) {
        return status;
    }
    return change(w, err, [&] { w->db.set_metadata(key, n ? std::string(p, n) : ""); });
}

dgm_status dgmx_writer_add_spelling(dgmx_writer *w, const char *word, size_t n,
                                    uint32_t count, dgm_error *err)
{
    std::string text;
    dgm_status status = take_term(word, n, &text, err);
    if (status != DGM_OK) {
        return status;
    }
    return change(w, err, [&] { w->db.add_spelling(text, count); });
}

dgm_status dgmx_writer_add_synonym(dgmx_writer *w, const char *term, size_t n,
                                   const char *synonym, size_t m, dgm_error *err)
{
    std::string from, to;
    dgm_status status = take_term(term, n, &from, err);
    if (status == DGM_OK) {
        status = take_term(synonym, m, &to, err);
    }
    if (status != DGM_OK) {
        return status;
    }
    return change(w, err, [&] { w->db.add_synonym(from, to); });
}

dgm_status dgmx_writer_clear_synonyms(dgmx_writer *w, const char *term, size_t n,
                                      dgm_error *err)
{
    std::string text;
    dgm_status status = take_term(term, n, &text, err);
    if (status != DGM_OK) {
        return status;
    }
    return change(w, err, [&] { w->db.clear_synonyms(text); });
}

dgm_status dgmx_writer_db(dgmx_writer *w, dgmx_db **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_db &made) {
        made.db = w->db;
        made.shards = 1;
        made.pending = true;
    });
}
