/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Weighting schemes: Xapian's own, and two small changes to them.
 * Depends on Xapian and weight.hh. */
#include "weight.hh"

#include <algorithm>
#include <string>

namespace
{

/* Where neither wdf nor positions are wanted, Xapian 1.4.22 reads a term that is in all
 * documents from the list of all documents under the term's name, and fails with
 * "Unexpected end of posting list" at the end of that list's first block, unless ids run
 * from 1 without a gap. A weight that says it wants the wdf is left alone, costs nothing
 * measurable and travels by its base's name. */
template <typename Base> class WantingWdf : public Base
{
  public:
    WantingWdf()
    {
        this->need_stat(Base::WDF);
    }
    WantingWdf *clone() const override
    {
        return new WantingWdf();
    }
};

/* The stored wdf is the score. TfIdfWeight("nnn") says the same, but Xapian bounds the
 * wdf of a term by the sum over all documents, so that no document can ever be passed
 * over; a bound that is known makes a query of several common words four times as fast.
 * To a remote it goes by the name of TfIdfWeight, which scores alike. */
class ImpactWeight : public Xapian::Weight
{
    double factor = 0;
    Xapian::termcount most;

    void init(double given) override
    {
        factor = given * get_wqf();
    }

  public:
    explicit ImpactWeight(Xapian::termcount most_) : most(most_)
    {
        need_stat(WDF);
        need_stat(WQF);
    }
    ImpactWeight *clone() const override
    {
        return new ImpactWeight(most);
    }
    std::string name() const override
    {
        return "Xapian::TfIdfWeight";
    }
    std::string serialise() const override
    {
        return "nnn";
    }
    /* A wdf beyond the bound would break the promise of get_maxpart, so it counts less.
     */
    double get_sumpart(Xapian::termcount wdf, Xapian::termcount,
                       Xapian::termcount) const override
    {
        return factor * std::min(wdf, most);
    }
    double get_maxpart() const override
    {
        return factor * most;
    }
    double get_sumextra(Xapian::termcount, Xapian::termcount) const override
    {
        return 0;
    }
    double get_maxextra() const override
    {
        return 0;
    }
};

std::unique_ptr<Xapian::Weight> impact_weight(uint32_t max_wdf)
{
    if (max_wdf == 0) {
        throw Xapian::InvalidArgumentError("an impact weight without its greatest wdf");
    }
    return std::make_unique<ImpactWeight>(max_wdf);
}

} // namespace

std::unique_ptr<Xapian::Weight> dgmx::boolean_weight()
{
    return std::make_unique<WantingWdf<Xapian::BoolWeight>>();
}

std::unique_ptr<Xapian::Weight> dgmx::weight_of(const dgmx_weight &w)
{
    switch (w.kind) {
    case DGMX_WEIGHT_BOOL:
        return boolean_weight();
    case DGMX_WEIGHT_BM25:
        return std::make_unique<Xapian::BM25Weight>(w.k1, w.k2, w.k3, w.b, w.min_normlen);
    case DGMX_WEIGHT_TFIDF:
        return std::make_unique<Xapian::TfIdfWeight>(w.normalizations ? w.normalizations
                                                                      : "");
    case DGMX_WEIGHT_COORD:
        return std::make_unique<WantingWdf<Xapian::CoordWeight>>();
    case DGMX_WEIGHT_IMPACT:
        return impact_weight(w.max_wdf);
    }
    throw Xapian::InvalidArgumentError("no such weight: " + std::to_string(w.kind));
}
