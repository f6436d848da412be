/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking over documents: postings of a term, values of a slot; positions in a document.
 * Depends on Xapian, guard.hh and handles.hh. */
#include "handles.hh"

#include <cstdlib>
#include <new>

using dgmx::guard;

struct dgmx_postings {
    Xapian::Database db;
    Xapian::PostingIterator at, end;
    bool fresh = true;
};

struct dgmx_values {
    Xapian::Database db;
    Xapian::ValueIterator at, end;
    bool fresh = true;
    std::string lent;
};

/* Steps over what was handed out; false at the end. */
template <typename T> static bool pass(T &it)
{
    if (!it.fresh && it.at != it.end) {
        ++it.at;
    }
    it.fresh = true;
    return it.at != it.end;
}

/* n 0 asks for all documents, as Xapian's empty term does. */
dgm_status dgmx_postings_of(dgmx_db *db, const char *term, size_t n, dgmx_postings **out,
                            dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_postings &made) {
        std::string text = n ? dgmx::term_of(term, n) : std::string();
        made.db = db->db;
        made.at = db->db.postlist_begin(text);
        made.end = db->db.postlist_end(text);
    });
}

dgm_status dgmx_postings_next(dgmx_postings *it, dgmx_docid *id, uint32_t *wdf,
                              dgm_error *err)
{
    bool more = false;
    dgm_status status = guard(err, [&] {
        more = pass(*it);
        if (!more) {
            return;
        }
        *id = *it->at;
        if (wdf) {
            *wdf = it->at.get_wdf();
        }
        it->fresh = false;
    });
    return status == DGM_OK && !more ? DGM_E_NOTFOUND : status;
}

dgm_status dgmx_postings_read(dgmx_postings *it, dgmx_docid *ids, uint32_t *wdfs,
                              size_t room, size_t *n, dgm_error *err)
{
    *n = 0;
    return guard(err, [&] {
        while (*n < room && pass(*it)) {
            ids[*n] = *it->at;
            wdfs[(*n)++] = it->at.get_wdf();
            it->fresh = false;
        }
    });
}

dgm_status dgmx_postings_skip_to(dgmx_postings *it, dgmx_docid id, dgm_error *err)
{
    return guard(err, [&] {
        if (pass(*it) && *it->at < id) {
            it->at.skip_to(id);
        }
    });
}

void dgmx_postings_free(dgmx_postings *it)
{
    dgmx::drop(it);
}

dgm_status dgmx_values_of(dgmx_db *db, uint32_t slot, dgmx_values **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_values &made) {
        dgmx::check_slot(slot);
        made.db = db->db;
        made.at = db->db.valuestream_begin(slot);
        made.end = db->db.valuestream_end(slot);
    });
}

dgm_status dgmx_values_next(dgmx_values *it, dgmx_docid *id, dgmx_bytes *value,
                            dgm_error *err)
{
    bool more = false;
    dgm_status status = guard(err, [&] {
        more = pass(*it);
        if (!more) {
            return;
        }
        *id = it->at.get_docid();
        dgmx::lend(value, it->lent, *it->at);
        it->fresh = false;
    });
    return status == DGM_OK && !more ? DGM_E_NOTFOUND : status;
}

dgm_status dgmx_values_skip_to(dgmx_values *it, dgmx_docid id, dgm_error *err)
{
    return guard(err, [&] {
        if (pass(*it) && it->at.get_docid() < id) {
            it->at.skip_to(id);
        }
    });
}

void dgmx_values_free(dgmx_values *it)
{
    dgmx::drop(it);
}

dgm_status dgmx_values_table(dgmx_db *db, uint32_t slot, size_t size, dgmx_docid last,
                             char *out, dgm_error *err)
{
    return guard(err, [&] {
        dgmx::check_slot(slot);
        auto end = db->db.valuestream_end(slot);
        for (auto at = db->db.valuestream_begin(slot); at != end; ++at) {
            std::string value = *at;
            if (value.size() == size && at.get_docid() <= last) {
                std::memcpy(out + at.get_docid() * size, value.data(), size);
            }
        }
    });
}

static uint32_t *copy_out(const std::vector<uint32_t> &found)
{
    size_t bytes = found.size() * sizeof(uint32_t);
    uint32_t *copy = static_cast<uint32_t *>(std::malloc(bytes ? bytes : 1));
    if (!copy) {
        throw std::bad_alloc();
    }
    if (bytes) {
        std::memcpy(copy, found.data(), bytes);
    }
    return copy;
}

dgm_status dgmx_positions(dgmx_db *db, dgmx_docid id, const char *term, size_t n,
                          uint32_t **out, size_t *count, dgm_error *err)
{
    *out = nullptr;
    *count = 0;
    return guard(err, [&] {
        std::string text = dgmx::term_of(term, n);
        std::vector<uint32_t> found;
        Xapian::PositionIterator end = db->db.positionlist_end(id, text);
        for (auto at = db->db.positionlist_begin(id, text); at != end; ++at) {
            found.push_back(*at);
        }
        *out = copy_out(found);
        *count = found.size();
    });
}
