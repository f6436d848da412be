/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counting the matches of a query by time and by value at once.
 * Depends on Xapian, guard.hh and handles.hh. */
#include "handles.hh"
#include "numberset.hh"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <unordered_map>

using dgmx::guard;

namespace
{

constexpr size_t class_max = 256;
constexpr uint32_t no_row = UINT32_MAX;

struct Row {
    std::string label;
    uint32_t label_documents = 0;
    uint64_t documents = 0, groups = 0, undated = 0;
    std::string first, last;
    Xapian::docid first_id = 0, last_id = 0;

    /* Documents come by id, so of two at one time the lower id is the first. */
    void note_time(const std::string &value, Xapian::docid id)
    {
        if (first_id == 0 || value < first || (value == first && id < first_id)) {
            first = value;
            first_id = id;
        }
        if (last_id == 0 || value > last || (value == last && id < last_id)) {
            last = value;
            last_id = id;
        }
    }
};

struct Cell {
    uint64_t documents = 0, groups = 0;
};

struct Place {
    int64_t bucket;
    uint32_t row;

    bool operator==(const Place &other) const
    {
        return bucket == other.bucket && row == other.row;
    }
};

uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t mixed = (b + 1) * 0xd6e8feb86659fd93u;
    mixed = a ^ mixed ^ mixed >> 29;
    mixed *= 0x9e3779b97f4a7c15u;
    return mixed ^ mixed >> 32;
}

struct PlaceHash {
    size_t operator()(const Place &p) const
    {
        return static_cast<size_t>(mix(static_cast<uint64_t>(p.bucket), p.row));
    }
};

struct Value {
    uint32_t row = no_row;
    uint32_t documents = 0;
};

} // namespace

class CrossSpy : public Xapian::ValueCountMatchSpy
{
    dgmx_cross how;
    std::unordered_map<std::string, Value> values;
    std::unordered_map<std::string, uint32_t> numbers; /* of classes */
    std::unordered_map<Place, Cell, PlaceHash> cells;
    dgmx::NumberSet seen; /* groups of rows and of cells */

    uint32_t row_of(const std::string &value)
    {
        char key[class_max];
        size_t n = how.class_of(how.user, value.data(), value.size(), key, sizeof key);
        if (n == 0 || n > sizeof key) {
            return no_row;
        }
        auto next = static_cast<uint32_t>(rows.size());
        auto entry = numbers.emplace(std::string(key, n), next);
        if (entry.second) {
            rows.emplace_back();
        }
        return entry.first->second;
    }

    struct Found {
        Xapian::docid id;
        std::string time;
        bool dated;
        int64_t bucket;
        uint64_t group;
    };

    void tally(uint32_t number, const Found &found)
    {
        Row &row = rows[number];
        row.documents++;
        row.groups += how.groups && seen.add(mix(found.group, number));
        if (!found.dated) {
            row.undated++;
            return;
        }
        row.note_time(found.time, found.id);
        Cell &cell = cells[Place{ found.bucket, number }];
        cell.documents++;
        uint64_t place = mix(static_cast<uint64_t>(found.bucket), number);
        cell.groups += how.groups && seen.add(mix(found.group, place));
        if (cells.size() > how.cells_max) {
            throw Xapian::InvalidArgumentError(
                "so many intervals and values that counting them was given up; ask for "
                "a longer interval or a shorter period");
        }
    }

    void tally_values(const Xapian::Document &doc, const Found &found)
    {
        uint32_t done[64]; /* rows of this document: two spellings of one are one */
        unsigned n = 0;
        for (Xapian::valueno i = 0; i < how.slots && n < 64; i++) {
            std::string text = doc.get_value(how.slot + i);
            if (text.empty()) {
                break;
            }
            auto entry = values.try_emplace(std::move(text));
            Value &value = entry.first->second;
            if (entry.second) {
                value.row = row_of(entry.first->first);
            }
            value.documents++;
            bool counts =
                value.row != no_row && std::find(done, done + n, value.row) == done + n;
            if (counts) {
                tally(done[n++] = value.row, found);
            }
        }
        without += n == 0;
    }

    void note_id(Xapian::docid id)
    {
        if (id / 64 >= ids.size()) {
            ids.resize(id / 64 + 1);
        }
        ids[id / 64] |= uint64_t{ 1 } << id % 64;
    }

    uint64_t group_of(const Xapian::Document &doc) const
    {
        uint64_t group = doc.get_docid(); /* by itself where there is none */
        if (how.groups) {
            std::string value = doc.get_value(how.group_slot);
            if (value.size() == sizeof group) {
                std::memcpy(&group, value.data(), sizeof group);
            }
        }
        return group;
    }

  public:
    std::vector<Row> rows;
    uint64_t without = 0;
    std::vector<uint64_t> ids;

    explicit CrossSpy(const dgmx_cross &how_)
        : Xapian::ValueCountMatchSpy(how_.time_slot), how(how_), rows(1)
    {
    }

    void operator()(const Xapian::Document &doc, double) override
    {
        ++internal->total;
        Found found = { doc.get_docid(), doc.get_value(how.time_slot), false, 0,
                        group_of(doc) };
        found.dated =
            found.time.size() <= sizeof dgmx_row::first &&
            how.bucket_of(how.user, found.time.data(), found.time.size(), &found.bucket);
        tally(0, found);
        if (how.ids) {
            note_id(found.id);
        }
        if (how.slots > 0) {
            tally_values(doc, found);
        }
    }

    /* It has no name, so that a remote database refuses it. */
    std::string name() const override
    {
        return std::string();
    }

    void name_rows()
    {
        for (const auto &entry : values) {
            if (entry.second.row == no_row) {
                continue;
            }
            Row &row = rows[entry.second.row];
            uint32_t n = entry.second.documents;
            if (n > row.label_documents ||
                (n == row.label_documents && entry.first < row.label)) {
                row.label = entry.first;
                row.label_documents = n;
            }
        }
    }

    std::vector<std::pair<Place, Cell>> list_cells() const
    {
        return std::vector<std::pair<Place, Cell>>(cells.begin(), cells.end());
    }
};

dgm_status dgmx_spy_new_cross(const dgmx_cross *how, dgmx_spy **out, dgm_error *err)
{
    return dgmx::make(out, err, [&](dgmx_spy &made) {
        dgmx::check_slot(how->time_slot);
        dgmx::check_slot(how->slot);
        dgmx::check_slot(how->group_slot);
        made.spy = std::make_shared<CrossSpy>(*how);
    });
}

/* The rows in the order in which they are given out: all, then most documents first. */
static std::vector<uint32_t> order_of(const std::vector<Row> &rows)
{
    std::vector<uint32_t> order(rows.size());
    for (uint32_t i = 0; i < order.size(); i++) {
        order[i] = i;
    }
    std::sort(order.begin() + 1, order.end(), [&](uint32_t a, uint32_t b) {
        return rows[a].documents != rows[b].documents
                   ? rows[a].documents > rows[b].documents
                   : rows[a].label < rows[b].label;
    });
    return order;
}

static size_t bytes_of_labels(const std::vector<Row> &rows)
{
    size_t bytes = 0;
    for (const Row &row : rows) {
        bytes += row.label.size() + 1;
    }
    return bytes;
}

static dgmx_row row_out(const Row &row, char *label)
{
    dgmx_row out = {};
    std::memcpy(label, row.label.c_str(), row.label.size() + 1);
    out.label = label;
    out.documents = row.documents;
    out.groups = row.groups;
    out.undated = row.undated;
    std::memcpy(out.first, row.first.data(), row.first.size());
    std::memcpy(out.last, row.last.data(), row.last.size());
    out.first_id = row.first_id;
    out.last_id = row.last_id;
    return out;
}

static std::vector<dgmx_cell> sorted_cells(const CrossSpy &spy,
                                           const std::vector<uint32_t> &place)
{
    std::vector<dgmx_cell> cells;
    for (const auto &entry : spy.list_cells()) {
        cells.push_back(dgmx_cell{ place[entry.first.row], entry.first.bucket,
                                   entry.second.documents, entry.second.groups });
    }
    std::sort(cells.begin(), cells.end(), [](const dgmx_cell &a, const dgmx_cell &b) {
        return a.row != b.row ? a.row < b.row : a.bucket < b.bucket;
    });
    return cells;
}

/* The table, its rows, its cells and its labels, one behind the other. */
static dgmx_table *table_out(const CrossSpy &spy)
{
    std::vector<uint32_t> order = order_of(spy.rows), place(order.size());
    for (uint32_t i = 0; i < order.size(); i++) {
        place[order[i]] = i;
    }
    std::vector<dgmx_cell> cells = sorted_cells(spy, place);
    size_t rows_bytes = order.size() * sizeof(dgmx_row);
    size_t cells_bytes = cells.size() * sizeof(dgmx_cell);
    size_t ids_bytes = spy.ids.size() * sizeof(uint64_t);
    auto *block =
        static_cast<char *>(std::malloc(sizeof(dgmx_table) + rows_bytes + cells_bytes +
                                        ids_bytes + bytes_of_labels(spy.rows)));
    if (!block) {
        throw std::bad_alloc();
    }
    auto *rows = reinterpret_cast<dgmx_row *>(block + sizeof(dgmx_table));
    auto *into = reinterpret_cast<dgmx_cell *>(block + sizeof(dgmx_table) + rows_bytes);
    auto *ids = reinterpret_cast<uint64_t *>(into + cells.size());
    char *label = reinterpret_cast<char *>(ids + spy.ids.size());
    std::copy(spy.ids.begin(), spy.ids.end(), ids);
    for (size_t i = 0; i < order.size(); i++) {
        const Row &row = spy.rows[order[i]];
        rows[i] = row_out(row, label);
        label += row.label.size() + 1;
    }
    std::copy(cells.begin(), cells.end(), into);
    auto *table = reinterpret_cast<dgmx_table *>(block);
    *table = dgmx_table{ rows,         order.size(), spy.without,   into,
                         cells.size(), ids,          spy.ids.size() };
    return table;
}

dgm_status dgmx_spy_table(dgmx_spy *spy, dgmx_table **out, dgm_error *err)
{
    *out = nullptr;
    return guard(err, [&] {
        auto *cross = dynamic_cast<CrossSpy *>(spy->spy.get());
        if (!cross) {
            throw Xapian::InvalidArgumentError("a spy that does not cross two slots");
        }
        cross->name_rows();
        *out = table_out(*cross);
    });
}
