// Reads the journal, also while another process writes it. It may be damaged: nothing in it is trusted.
#include <charconv>

#include "bridge/store/journal.hpp"

namespace lull::store {
namespace {

std::optional<std::int64_t> gap_in(std::string_view text) {
  constexpr std::string_view kGap = "{\"gap\":";
  if (text.substr(0, kGap.size()) != kGap) return std::nullopt;
  std::int64_t n = 0;
  std::from_chars(text.data() + kGap.size(), text.data() + text.size(), n);
  return n;
}

}  // namespace

Result<std::vector<Chapter>> read_chapters(Database& db) {
  std::vector<Chapter> chapters;
  db.each("SELECT number,version,config,snapshot,begun_utc,at FROM chapter ORDER BY number", {}, [&](const Row& row) {
    chapters.push_back({row.integer(0), row.text(1), row.text(2), row.text(3), Utc{milliseconds{row.integer(4)}},
                        Instant{milliseconds{row.integer(5)}}});
    return true;
  });
  if (db.failed()) return Error{"the journal", db.why()};
  return chapters;
}

Result<std::int64_t> read_moments(Database& db, std::int64_t chapter, const std::function<bool(const Moment&)>& moment,
                                  bool with_effects) {
  const std::string where = "chapter " + std::to_string(chapter);
  const auto first = db.number("SELECT first_event FROM chapter WHERE number=?", {chapter});
  if (!first) return Error{where, db.failed() ? db.why() : "is not in the journal"};
  const auto end = db.number("SELECT min(first_event) FROM chapter WHERE number>?", {chapter}).value_or(INT64_MAX);
  std::int64_t count = 0, lost = 0;
  std::optional<Error> problem;
  const auto tell = [&](Moment& m) {
    m.lost = std::exchange(lost, 0);
    ++count;
    return moment(m);
  };
  db.each("SELECT id,at,ticks,text FROM event WHERE id>=? AND id<? ORDER BY id", {*first, end}, [&](const Row& row) {
    const std::int64_t id = row.integer(0), ticks = row.integer(2);
    if (ticks > 0) {
      Moment m{{{}, Tick{}}, {}};
      for (std::int64_t i = 0; i < std::min(ticks, kTickRun); ++i) {
        m.event.at = Instant{milliseconds{row.integer(1)} + seconds{i}};
        if (!tell(m)) return false;
      }
      return true;
    }
    const std::string text = row.text(3);
    if (const auto gap = gap_in(text)) {
      lost += *gap;
      return true;
    }
    auto event = event_from(text);
    if (!event) {
      problem = Error{where + ", event " + std::to_string(id) + event.error().where, event.error().what};
      return false;
    }
    Moment m{std::move(*event), {}};
    if (with_effects)
      db.each("SELECT text FROM effect WHERE event=? ORDER BY id", {id}, [&](const Row& effect) {
        m.effects.push_back(effect.text(0));
        return true;
      });
    return tell(m);
  });
  if (problem) return *problem;
  if (db.failed()) return Error{where, db.why()};
  if (lost > 0) return Error{where, "ends with " + std::to_string(lost) + " moments that could not be written"};
  return count;
}

Result<std::vector<Entry>> read_entries(Database& db, Utc from, Utc to) {
  std::vector<Entry> entries;
  db.each(
      "SELECT utc,text FROM effect WHERE utc>=? AND utc<? AND what IN ('decision','note','notify','night_ended') "
      "ORDER BY id",
      {std::int64_t{from.since_epoch.count()}, std::int64_t{to.since_epoch.count()}}, [&](const Row& row) {
        entries.push_back({Utc{milliseconds{row.integer(0)}}, row.text(1)});
        return true;
      });
  if (db.failed()) return Error{"the journal", db.why()};
  return entries;
}

Result<std::vector<std::string>> read_nights(Database& db, const std::function<std::string(Utc)>& night_of) {
  std::vector<std::string> nights;
  // By quarters of an hour, for every zone's noon falls on one: far fewer to name than notes.
  db.each("SELECT DISTINCT utc/900000 AS quarter FROM effect WHERE what='note' ORDER BY quarter DESC", {},
          [&](const Row& row) {
            std::string night = night_of(Utc{milliseconds{row.integer(0) * 900'000}});
            if (nights.empty() || nights.back() != night) nights.push_back(std::move(night));
            return true;
          });
  if (db.failed()) return Error{"the journal", db.why()};
  return nights;
}

}  // namespace lull::store
