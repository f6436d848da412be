/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Databases to read: opening, statistics, metadata, suggestions, checking.
 * Depends on Xapian, guard.hh and handles.hh. */
#include "handles.hh"

using dgmx::guard;

dgm_status dgmx_db_open(const char *path, dgmx_db **out, dgm_error *err)
{
    return dgmx_db_open_many(&path, 1, out, err);
}

dgm_status dgmx_db_open_many(const char *const *paths, size_t n, dgmx_db **out,
                             dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_db &made) {
        for (size_t i = 0; i < n; i++) {
            made.db.add_database(Xapian::Database(paths[i]));
        }
        made.shards = n;
    });
}

dgm_status dgmx_db_join(dgmx_db *first, dgmx_db *second, dgmx_db **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_db &made) {
        if (first->shards != 1 || second->shards != 1) {
            throw Xapian::InvalidArgumentError("only single local databases are joined");
        }
        made.db.add_database(first->db);
        made.db.add_database(second->db);
        made.shards = 2;
    });
}

dgm_status dgmx_db_open_remote(const char *host, unsigned port, unsigned timeout_ms,
                               dgmx_db **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_db &made) {
        made.db = Xapian::Remote::open(host, port, timeout_ms, timeout_ms);
    });
}

void dgmx_db_close(dgmx_db *db)
{
    dgmx::drop(db);
}

dgm_status dgmx_db_reopen(dgmx_db *db, bool *moved, dgm_error *err)
{
    return guard(err, [&] {
        bool did = db->db.reopen();
        if (did) {
            db->columns = std::make_shared<dgmx::Columns>();
            db->frequencies.clear();
        }
        if (moved) {
            *moved = did;
        }
    });
}

dgm_status dgmx_db_revision(dgmx_db *db, uint64_t *out, dgm_error *err)
{
    return guard(err, [&] {
        if (db->shards != 1) {
            throw Xapian::InvalidArgumentError("only one local database has a revision");
        }
        *out = db->db.get_revision();
    });
}

dgm_status dgmx_db_doc_count(dgmx_db *db, uint32_t *out, dgm_error *err)
{
    return guard(err, [&] { *out = db->db.get_doccount(); });
}

dgm_status dgmx_db_last_docid(dgmx_db *db, dgmx_docid *out, dgm_error *err)
{
    return guard(err, [&] { *out = db->db.get_lastdocid(); });
}

dgm_status dgmx_db_average_length(dgmx_db *db, double *out, dgm_error *err)
{
    return guard(err, [&] { *out = db->db.get_avlength(); });
}

dgm_status dgmx_db_term_freq(dgmx_db *db, const char *term, size_t n, uint32_t *out,
                             dgm_error *err)
{
    return guard(err, [&] {
        dgmx::check_term(term, n);
        std::string_view text(term, n);
        *out = db->pending ? db->db.get_termfreq(std::string(text))
                           : db->frequencies.find(db->db, text);
    });
}

dgm_status dgmx_db_max_wdf(dgmx_db *db, const char *term, size_t n, uint32_t *out,
                           dgm_error *err)
{
    return guard(err, [&] { *out = db->db.get_wdf_upper_bound(dgmx::term_of(term, n)); });
}

dgm_status dgmx_db_get_metadata(dgmx_db *db, const char *key, dgmx_bytes *out,
                                dgm_error *err)
{
    return guard(err, [&] {
        dgmx::check_term(key, std::strlen(key), "metadata key");
        dgmx::lend(out, db->lent, db->db.get_metadata(key));
    });
}

dgm_status dgmx_db_value_bounds(dgmx_db *db, uint32_t slot, dgmx_bytes *low,
                                dgmx_bytes *high, dgm_error *err)
{
    return guard(err, [&] {
        dgmx::check_slot(slot);
        dgmx::lend(low, db->lent, db->db.get_value_lower_bound(slot));
        dgmx::lend(high, db->lent_high, db->db.get_value_upper_bound(slot));
    });
}

dgm_status dgmx_db_suggest(dgmx_db *db, const char *word, size_t n, unsigned distance,
                           dgmx_bytes *out, dgm_error *err)
{
    return guard(err, [&] {
        std::string text = dgmx::term_of(word, n);
        dgmx::lend(out, db->lent, db->db.get_spelling_suggestion(text, distance));
    });
}

dgm_status dgmx_check(const char *path, uint64_t *faults, dgm_error *err)
{
    return guard(err, [&] {
        Xapian::Database opened{ std::string(
            path) }; /* tells a missing one from an unreadable one */
        *faults = Xapian::Database::check(path, 0, nullptr);
    });
}

dgm_status dgmx_db_find(dgmx_db *db, const char *term, size_t n, dgmx_docid *out,
                        dgm_error *err)
{
    *out = 0;
    return guard(err, [&] {
        std::string text = dgmx::term_of(term, n);
        Xapian::PostingIterator first = db->db.postlist_begin(text);
        if (first == db->db.postlist_end(text)) {
            throw Xapian::DocNotFoundError("no document with the term " + text);
        }
        *out = *first;
    });
}
