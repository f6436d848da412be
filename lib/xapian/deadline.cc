/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The posting source behind a deadline.
 * Depends on Xapian, lib/base/clock.h and guard.hh. */
#include "deadline.hh"

#include "guard.hh"

extern "C" {
#include "clock.h"
}

namespace
{

/* Claims every id up to the last one. Ids without a document do no harm: as a filter it
 * is asked only about documents that the other side has. */
class Deadline : public Xapian::PostingSource
{
    uint64_t deadline_us;
    bool *passed; /* set instead of throwing, if there is one */
    unsigned calls = 0;
    Xapian::docid at = 0, last = 0;
    Xapian::doccount count = 0;

    /* Reading the clock at each document would cost more than matching it. The first call
     * reads it, so that a time already passed stops a match before it starts. */
    void tick()
    {
        if ((calls++ & 15) != 0 || dgmi_now_us() <= deadline_us) {
            return;
        }
        if (!passed) {
            throw dgmx::DeadlinePassed();
        }
        *passed = true;
        last = 0; /* there are no more documents: the match ends with what it has */
    }

  public:
    Deadline(uint64_t deadline_us_, bool *passed_)
        : deadline_us(deadline_us_), passed(passed_)
    {
    }

    Xapian::doccount get_termfreq_min() const override
    {
        return count;
    }
    /* Fewer than anything, so that Xapian asks it first: before what compares places and
     * may take long over each document, and before a filter that leaves nothing of what
     * is found, behind which it would never be asked. */
    Xapian::doccount get_termfreq_est() const override
    {
        return 0;
    }
    Xapian::doccount get_termfreq_max() const override
    {
        return count;
    }

    void next(double) override
    {
        tick();
        at++;
    }

    void skip_to(Xapian::docid id, double) override
    {
        tick();
        if (id > at) {
            at = id;
        }
    }

    bool check(Xapian::docid id, double min_weight) override
    {
        skip_to(id, min_weight);
        return true;
    }

    bool at_end() const override
    {
        return at > last;
    }

    Xapian::docid get_docid() const override
    {
        return at;
    }

    /* Each database of several gets a copy of its own. */
    Deadline *clone() const override
    {
        return new Deadline(deadline_us, passed);
    }

    /* No clock here: Xapian 1.4 loses the weights that it has cloned when this throws,
     * while the first step of the match, which follows at once, may throw without a
     * trace. */
    void init(const Xapian::Database &db) override
    {
        calls = 0;
        at = 0;
        last = db.get_lastdocid();
        count = db.get_doccount();
    }

    std::string get_description() const override
    {
        return "deadline";
    }
};

} // namespace

Xapian::Query dgmx::with_deadline(const Xapian::Query &child, uint64_t deadline_us,
                                  bool *passed)
{
    Xapian::Query source((new Deadline(deadline_us, passed))->release());
    return Xapian::Query(Xapian::Query::OP_FILTER, child, source);
}
