// The journal's chapters, one after the other, told to another house.
#include <algorithm>
#include <map>
#include <set>

#include "automations/backtest/match.hpp"
#include "bridge/backtest/backtest.hpp"
#include "bridge/night_keeper.hpp"
#include "bridge/past.hpp"
#include "devices/dialects/dialect.hpp"

namespace lull {
namespace {

using namespace backtest;

/// A pad was told on some seconds before it said so, and a lease that nobody renewed runs on after a crash.
constexpr milliseconds kToldBefore = 3s, kSoonAfter = 15s, kRunsOn = 300s;

/// When a massage that was proved at `proved` may have begun to shake the bed: with the session that brought it, but
/// not in the moment that led to it, which was still seen.
Utc shaking_since(const NightReport& report, Utc proved) {
  Utc since = proved - kToldBefore;
  for (const Session& s : report.sessions)
    if (s.span.begin <= proved && proved - s.span.begin <= kSoonAfter) since = s.span.begin + 1ms;
  return since;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// One selected night as it really was.
struct Really {
  Span span;
  std::optional<NightOf> was{};
  std::vector<Span> shaken{};  // in order: a pad really ran
  bool known = false;          // the record was read
};

class JournalTest {
 public:
  JournalTest(Store& store, House house, const BacktestProgress& progress) : store_(store), progress_(progress) {
    // As in the running program: a device is who speaks like that from there, whatever it is called.
    for (Device& device : house.devices)
      if (std::string id = store.id_for(device); !id.empty()) device.id = std::move(id);
    house_ = std::make_shared<const House>(std::move(house));
    world_ = std::make_unique<World>(house_);
  }

  Result<Outcome> run(std::size_t nights) {
    auto read = store_.chapters();
    if (!read) return read.error();
    chapters_ = std::move(*read);
    auto all = store_.nights([&](Utc at) { return night_of(house_->zone, at); });
    if (!all) return all.error();
    if (chapters_.empty() || all->empty())
      return Error{"the journal", "holds no night: nothing was recorded there yet"};
    if (all->size() > nights) all->resize(nights);
    if (all->size() < nights)
      remark(out_, "the journal has " + std::to_string(all->size()) + " of the " + std::to_string(nights) +
                       " nights that were asked for");
    for (const std::string& night : *all)
      if (const auto span = span_of_night(house_->zone, night)) really_[night].span = *span;
    const Utc from = really_.begin()->second.span.begin;
    // The chapter of a noon begins with the first full minute after it.
    std::size_t first = 0;
    for (std::size_t i = 0; i < chapters_.size(); ++i)
      if (chapters_[i].begun <= from + 90s) first = i;
    for (std::size_t i = first; i < chapters_.size(); ++i) {
      if (progress_) progress_(done_.size(), really_.size());
      chapter(chapters_[i]);
    }
    close_night();
    if (progress_) progress_(really_.size(), really_.size());
    if (out_.nights.empty())
      return Error{"the journal",
                   "no night of it can be tested: " +
                       (out_.remarks.empty() ? std::string("no events are kept") : listed(out_.remarks))};
    for (const auto& [night, really] : really_)
      if (!done_.contains(night))
        remark(out_, "the night of " + night + " is left out: its events are not kept any more, or cannot be read");
    out_.beside = "what really happened";
    return std::move(out_);
  }

 private:
  void chapter(const Chapter& c) {
    const auto past = past_of(c);
    if (!past) {
      remark(out_,
             past.error().where + " of " + text(local(house_->zone, c.begun)) + " is left out: " + past.error().what);
      goes_on_ = false;
      return;
    }
    recorded_ = past->house;
    matching_ = match(*recorded_, *house_);
    if (!matching_.lost.empty())
      remark(out_, "not in the tested configuration, so what they said is left out: " + listed(matching_.lost));
    if (!matching_.fresh.empty())
      remark(out_, "never recorded, so sensors of these say nothing and pads are taken to be in order: " +
                       listed(matching_.fresh));
    const auto known = known_of(past->hub, matching_, *house_);
    if (starts_run(c)) {
      world_->knows(known);
      world_->keeps(tests_passed());
      world_->starts();
      add({c.begun, RunBegan{}});
    } else if (!goes_on_ || past->hub.now < world_->hub().now) {
      world_->knows(known);
      world_->goes_on(before_of(past->hub, matching_, *house_));
    } else {
      world_->replays_are(before_of(past->hub, matching_, *house_).relief);
    }
    goes_on_ = true;
    std::int64_t lost = 0;
    const auto read = store_.happened(c.number, [&](const Moment& moment) {
      lost += moment.lost;
      if (const auto event = moved(moment.event, matching_)) hear(*event);
      return true;
    });
    if (!read) {
      remark(out_, read.error().where + ": " + read.error().what + "; the rest of this chapter is left out");
      goes_on_ = false;
    }
    if (lost > 0)
      remark(out_, "chapter " + std::to_string(c.number) + ": " + std::to_string(lost) +
                       " moments could not be written that night, and are missing here");
  }

  /// Set-up tests are passed once and hold; one that was passed later than this night counts, too.
  std::vector<Setting> tests_passed() const {
    std::vector<Setting> out = store_.kept().settings;
    std::erase_if(out, [](const Setting& s) { return s.name.rfind("trial:", 0) != 0; });
    return out;
  }

  void hear(const Event& event) {
    if (const auto offset = world_->hub().utc_minus_boot) {
      const Utc at{event.at.since_boot + *offset};
      if (!running_ || at >= running_->span.end || at < running_->span.begin) turn(at);
      if (running_) look_at_pads(event.at, at);
    }
    world_->hears(event);
  }

  void look_at_pads(Instant at, Utc utc_now) {
    while (pad_ < running_->shaken.size() && running_->shaken[pad_].end <= utc_now) ++pad_;
    if (pad_ < running_->shaken.size() && running_->shaken[pad_].begin <= utc_now)
      world_->shaken(at + (running_->shaken[pad_].end - utc_now));
  }

  void turn(Utc at) {
    close_night();
    const std::string night = night_of(house_->zone, at);
    const auto found = really_.find(night);
    running_ = found == really_.end() ? nullptr : &found->second;
    name_ = running_ ? night : "";
    pad_ = 0;
    if (!running_ || running_->known) return;
    running_->known = true;
    const auto report = read_report(store_, *recorded_, night, chapters_);
    if (!report) return remark(out_, report.error().where + ": " + report.error().what);
    running_->was = night_of_report(*report, *recorded_);
    for (const LaneSpan& lane : report->lanes)
      if (lane.lane == Lane::massage)
        running_->shaken.push_back(
            {shaking_since(*report, lane.span.begin), lane.finished ? lane.span.end : lane.span.end + kRunsOn});
    std::sort(running_->shaken.begin(), running_->shaken.end(),
              [](const Span& a, const Span& b) { return a.begin < b.begin; });
  }

  void add(Timed record) { records_.push_back(std::move(record)); }

  void close_night() {
    for (Timed& record : world_->take_records()) add(std::move(record));
    std::vector<Timed> records = std::exchange(records_, {});
    if (!running_) return;
    // A night in two pieces (its noon chapter could not be read, the clock was set) is one report.
    auto& kept = pieces_[name_];
    std::move(records.begin(), records.end(), std::back_inserter(kept));
    const NightReport report = report_of(*house_, name_, kept);
    if (report.empty) return;
    NightBeside night{name_, "", house_->zone, night_of_report(report, *house_), running_->was};
    const auto old =
        std::find_if(out_.nights.begin(), out_.nights.end(), [&](const NightBeside& n) { return n.night == name_; });
    if (old == out_.nights.end())
      out_.nights.push_back(std::move(night));
    else
      *old = std::move(night);
    done_.insert(name_);
    while (pieces_.size() > 2) pieces_.erase(pieces_.begin());
  }

  Store& store_;
  const BacktestProgress& progress_;
  std::vector<Chapter> chapters_;
  std::shared_ptr<const House> house_, recorded_;
  std::unique_ptr<World> world_;
  Matching matching_;
  Outcome out_;
  std::map<std::string, Really> really_;  // by night: at most as many as were asked for
  std::map<std::string, std::vector<Timed>> pieces_;
  std::set<std::string> done_;
  Really* running_ = nullptr;
  std::string name_;
  std::size_t pad_ = 0;
  bool goes_on_ = false;
  std::vector<Timed> records_;
};

}  // namespace

Result<Outcome> backtest_journal(Store& store, House house, std::size_t nights, const BacktestProgress& progress) {
  return JournalTest(store, std::move(house), progress).run(nights);
}

void put_beside(Outcome& outcome, Outcome other, std::string words) {
  outcome.beside = std::move(words);
  for (NightBeside& night : outcome.nights) {
    night.was.reset();
    for (NightBeside& beside : other.nights)
      if (beside.night == night.night && beside.source == night.source) night.was = std::move(beside.would);
  }
  for (std::string& text : other.remarks) remark(outcome, std::move(text));
}

}  // namespace lull
