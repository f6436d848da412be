/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running queries: weighting, order, collapsing, spies, matching.
 * Depends on Xapian, guard.hh, handles.hh, mset.hh and weight.hh. */
#include "handles.hh"
#include "mset.hh"
#include "weight.hh"

using dgmx::guard;

/* The spies stand before the Enquire, which points at them: they are destroyed after it.
 */
struct dgmx_enquire {
    std::vector<std::shared_ptr<Xapian::ValueCountMatchSpy>> spies;
    std::unique_ptr<Xapian::Weight> weight;
    bool by_docid = false, greatest_first = false, higher_docid_first = false;
    std::vector<dgmx::Prefix> prefixes;
    Xapian::Database db;
    Xapian::Enquire enquire;
    explicit dgmx_enquire(const Xapian::Database &db_) : db(db_), enquire(db_)
    {
    }
};

dgm_status dgmx_enquire_new(dgmx_db *db, dgmx_enquire **out, dgm_error *err)
{
    *out = nullptr;
    return guard(err, [&] {
        auto made = std::make_unique<dgmx_enquire>(db->db);
        made->weight = std::make_unique<Xapian::BM25Weight>();
        *out = made.release();
    });
}

dgm_status dgmx_enquire_set_query(dgmx_enquire *e, dgmx_query *q, dgm_error *err)
{
    return guard(err, [&] {
        e->enquire.set_query(q->query);
        e->prefixes = q->prefixes;
    });
}

dgm_status dgmx_enquire_set_weight(dgmx_enquire *e, const dgmx_weight *weight,
                                   dgm_error *err)
{
    return guard(err, [&] { e->weight = dgmx::weight_of(*weight); });
}

static void set_order(Xapian::Enquire &enquire, dgmx_order order, uint32_t slot,
                      bool descending)
{
    switch (order) {
    case DGMX_BY_RELEVANCE:
    case DGMX_BY_DOCID:
        enquire.set_sort_by_relevance();
        return;
    case DGMX_BY_VALUE:
        enquire.set_sort_by_value(slot, descending);
        return;
    case DGMX_BY_VALUE_THEN_RELEVANCE:
        enquire.set_sort_by_value_then_relevance(slot, descending);
        return;
    case DGMX_BY_RELEVANCE_THEN_VALUE:
        enquire.set_sort_by_relevance_then_value(slot, descending);
        return;
    }
    throw Xapian::InvalidArgumentError("no such order: " + std::to_string(order));
}

dgm_status dgmx_enquire_set_order(dgmx_enquire *e, dgmx_order order, uint32_t slot,
                                  bool descending, dgm_error *err)
{
    return guard(err, [&] {
        if (order != DGMX_BY_RELEVANCE && order != DGMX_BY_DOCID) {
            dgmx::check_slot(slot);
        }
        set_order(e->enquire, order, slot, descending);
        e->by_docid = order == DGMX_BY_DOCID;
        e->greatest_first = descending;
    });
}

dgm_status dgmx_enquire_set_docid_order(dgmx_enquire *e, bool descending, dgm_error *err)
{
    return guard(err, [&] { e->higher_docid_first = descending; });
}

dgm_status dgmx_enquire_set_cutoff(dgmx_enquire *e, double weight, dgm_error *err)
{
    return guard(err, [&] { e->enquire.set_cutoff(0, weight); });
}

dgm_status dgmx_enquire_set_collapse(dgmx_enquire *e, uint32_t slot, unsigned max,
                                     dgm_error *err)
{
    return guard(err, [&] {
        dgmx::check_slot(slot);
        e->enquire.set_collapse_key(max ? slot : Xapian::BAD_VALUENO, max);
    });
}

dgm_status dgmx_enquire_add_spy(dgmx_enquire *e, dgmx_spy *spy, dgm_error *err)
{
    return guard(err, [&] {
        e->spies.push_back(spy->spy);
        e->enquire.add_matchspy(spy->spy.get());
    });
}

/* Order by id is no order to Xapian but what is left when nothing weighs anything, and it
 * then stops at the last hit that is wanted. So weight and id order are settled here,
 * whatever was set first. */
static void settle(dgmx_enquire &e)
{
    if (e.by_docid) {
        e.enquire.set_weighting_scheme(*dgmx::boolean_weight());
    } else {
        e.enquire.set_weighting_scheme(*e.weight);
    }
    bool descending = e.by_docid ? e.greatest_first : e.higher_docid_first;
    e.enquire.set_docid_order(descending ? Xapian::Enquire::DESCENDING
                                         : Xapian::Enquire::ASCENDING);
}

/* Xapian finds out by itself that a prefix has too many terms, but it loses some memory
 * when it says so in the middle of preparing a match. So they are counted before. */
static void check_prefix(const Xapian::Database &db, const dgmx::Prefix &prefix)
{
    unsigned count = 0;
    Xapian::TermIterator end = db.allterms_end(prefix.start);
    for (auto at = db.allterms_begin(prefix.start); at != end; ++at) {
        if (++count > prefix.limit) {
            throw Xapian::WildcardError("more than " + std::to_string(prefix.limit) +
                                        " words begin with " + prefix.start);
        }
    }
}

dgm_status dgmx_enquire_match(dgmx_enquire *e, uint32_t first, uint32_t count,
                              uint32_t check_at_least, dgmx_mset **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_mset &made) {
        settle(*e);
        for (const dgmx::Prefix &prefix : e->prefixes) {
            check_prefix(e->db, prefix);
        }
        made.mset = e->enquire.get_mset(first, count, check_at_least);
    });
}

dgm_status dgmx_enquire_matching_terms(dgmx_enquire *e, dgmx_docid id, dgmx_terms **out,
                                       dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_terms &made) {
        made.at = e->enquire.get_matching_terms_begin(id);
        made.end = e->enquire.get_matching_terms_end(id);
        made.can_skip = false; /* they come in the order of the query */
    });
}

void dgmx_enquire_free(dgmx_enquire *e)
{
    dgmx::drop(e);
}
