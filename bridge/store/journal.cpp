// Takes moments from the loop in microseconds and writes them in batches.
#include "bridge/store/journal.hpp"

#include <chrono>
#include <iterator>

#include "bridge/give_way.hpp"

namespace lull::store {
namespace {

const char* const kMigrations[] = {
    // 1: the first
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    "CREATE TABLE chapter(number INTEGER PRIMARY KEY, version TEXT, config TEXT, snapshot TEXT, begun_utc INTEGER,"
    "                     at INTEGER, first_event INTEGER);"
    // ticks > 0: so many ticks, one a second from `at`, and no text. Otherwise the event, or {"gap":n}.
    "CREATE TABLE event(id INTEGER PRIMARY KEY, at INTEGER, ticks INTEGER, text TEXT);"
    "CREATE TABLE effect(id INTEGER PRIMARY KEY, event INTEGER, utc INTEGER, what TEXT, text TEXT);"
    "CREATE INDEX effect_event ON effect(event);"
    "CREATE INDEX effect_utc ON effect(utc);",
};

/// {"decision":{...}} is a decision.
std::string_view name_in(std::string_view text) {
  const auto end = text.find('"', 2);
  return end == std::string_view::npos ? std::string_view{} : text.substr(2, end - 2);
}

}  // namespace

const Schema kJournalSchema{"the journal", kMigrations, false};

std::size_t Journal::Line::bytes() const {
  std::size_t sum = text.size();
  for (const auto& e : effects) sum += e.size() + sizeof e;
  return sum;
}

Result<std::unique_ptr<Journal>> Journal::open(const std::string& path, const StoreOptions& options,
                                               std::vector<std::string>& warnings) {
  auto db = open_database(path, kJournalSchema, Access::read_write, warnings, options.max_pages);
  if (!db) return db.error();
  return std::unique_ptr<Journal>(new Journal(path, options, std::move(*db)));
}

Journal::Journal(std::string path, StoreOptions options, std::unique_ptr<Database> db)
    : path_(std::move(path)), options_(options), db_(std::move(db)) {
  next_event_ = db_->number("SELECT max(id) FROM event").value_or(0) + 1;
  next_effect_ = db_->number("SELECT max(id) FROM effect").value_or(0) + 1;
  next_chapter_ = db_->number("SELECT max(number) FROM chapter").value_or(0) + 1;
}

Journal::~Journal() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    close_run();
    leaving_ = urgent_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

std::optional<std::string> Journal::remembered(const std::string& name) {
  std::optional<std::string> value;
  db_->each("SELECT value FROM meta WHERE name=?", {name}, [&](const Row& row) {
    value = row.text(0);
    return false;
  });
  return value;
}
void Journal::remember(const std::string& name, const std::string& value) {
  if (remembered(name) == value) return;
  db_->transaction([&] { db_->run("INSERT OR REPLACE INTO meta VALUES(?,?)", {name, value}); });
}
std::vector<Recorded> Journal::kept() {
  std::vector<Recorded> all;
  db_->forget_failure();
  db_->each(
      "SELECT text FROM effect WHERE what IN ('keep_dose','keep_setting','keep_rule_used','keep_learned') ORDER BY id",
      {}, [&](const Row& row) {
        auto read = recorded_from(row.text(0));
        if (read && *read) all.push_back(std::move(**read));
        return true;
      });
  return all;
}

void Journal::start(Trouble trouble) {
  trouble_ = std::move(trouble);
  thread_ = std::thread([this] { write(); });
}

std::int64_t Journal::begin_chapter(Chapter chapter) {
  utc_minus_boot_ = chapter.begun.since_epoch - chapter.at.since_boot;
  Line line;
  std::unique_lock lock(mutex_);
  chapter.number = next_chapter_++;
  const std::int64_t number = chapter.number;
  line.chapter = std::make_unique<Chapter>(std::move(chapter));
  close_run();
  push(std::move(line));
  let_write(lock);
  return number;
}

void Journal::append(const Event& event, std::span<const Effect> effects) {
  if (const auto* clock = std::get_if<ClockSet>(&event.news)) utc_minus_boot_ = clock->utc_minus_boot;
  Line line;
  line.at = event.at.since_boot.count();
  line.utc = Utc{event.at.since_boot + utc_minus_boot_};
  if (std::holds_alternative<Tick>(event.news) && effects.empty()) {
    std::unique_lock lock(mutex_);
    if (run_.ticks > 0 && run_.ticks < kTickRun && line.at == run_.at + 1000 * run_.ticks) {
      ++run_.ticks;
      return;
    }
    close_run();
    run_ = std::move(line);
    run_.ticks = 1;
    return let_write(lock);
  }
  line.text = to_text(event);
  line.effects.reserve(effects.size());
  for (const Effect& effect : effects) line.effects.push_back(to_text(effect));
  std::unique_lock lock(mutex_);
  close_run();
  push(std::move(line));
  let_write(lock);
}

void Journal::let_write(std::unique_lock<std::mutex>& lock) {
  const bool wake = std::exchange(must_wake_, false);
  lock.unlock();
  if (wake) wake_.notify_all();
}

void Journal::close_run() {
  if (run_.ticks == 0) return;
  push(std::move(run_));
  run_ = Line{};
}

void Journal::push(Line line) {
  const std::size_t bytes = line.bytes();
  // A chapter is never dropped: what follows could not be replayed without it.
  if (!line.chapter && (waiting_ >= options_.max_lines || waiting_bytes_ + bytes > kMaxWaitingBytes)) {
    const std::int64_t moments = line.ticks > 0 ? line.ticks : 1;
    lost_ += moments, lost_ever_ += moments;
    return;
  }
  note_loss();
  must_wake_ = must_wake_ || queue_.empty() || queue_.size() + 1 == kBatch;
  waiting_ += 1, waiting_bytes_ += bytes, ++pushed_;
  queue_.push_back(std::move(line));
}

void Journal::note_loss() {
  if (lost_ == 0) return;
  Line gap;
  gap.text = "{\"gap\":" + std::to_string(lost_) + "}";
  lost_ = 0;
  waiting_ += 1, waiting_bytes_ += gap.bytes(), ++pushed_;
  queue_.push_back(std::move(gap));
}

bool Journal::flush(milliseconds patience) {
  std::unique_lock lock(mutex_);
  close_run();
  note_loss();
  const auto target = pushed_;
  urgent_ = true;
  wake_.notify_all();
  return written_.wait_for(lock, patience, [&] { return done_ >= target && !prune_; });
}

void Journal::prune() {
  std::lock_guard lock(mutex_);
  prune_ = true;
  wake_.notify_all();
}

void Journal::write() {
  give_way();
  std::unique_lock lock(mutex_);
  std::int64_t lost_told = 0;
  while (true) {
    wake_.wait(lock, [&] { return leaving_ || prune_ || !queue_.empty(); });
    wake_.wait_for(lock, options_.gather, [&] { return leaving_ || urgent_ || queue_.size() >= kBatch; });
    std::deque<Line> batch;
    while (!queue_.empty() && batch.size() < kBatch) {
      batch.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    if (queue_.empty()) urgent_ = false;  // a flush wants all of it
    const bool pruning = prune_;
    while (!batch.empty()) {
      lock.unlock();
      const bool fine = write(batch);
      lock.lock();
      if (fine) break;
      if (leaving_) return;  // tried once more, in vain; what was lost was reported
      wake_.wait_for(lock, options_.retry, [&] { return leaving_ || urgent_; });
      urgent_ = false;
    }
    for (const Line& line : batch) waiting_bytes_ -= line.bytes();
    waiting_ -= batch.size();
    const bool behind = waiting_ > options_.max_lines / 2, last = leaving_ && queue_.empty();
    const std::int64_t lost = lost_ever_;
    lock.unlock();
    // Said before it is done: who waited for the writing has heard whether the journal is well.
    if (lost > lost_told)
      report(false, "the journal could not keep up: " + std::to_string(lost) + " moments were not written");
    else if (!behind)
      report(true, "");
    lost_told = lost;
    lock.lock();
    done_ += batch.size();
    written_.notify_all();
    lock.unlock();
    if (pruning) drop_old();
    lock.lock();
    if (pruning) {
      prune_ = false;
      written_.notify_all();
    }
    if (last) return;
  }
}

bool Journal::write(std::deque<Line>& batch) {
  std::int64_t event = 0, effect = 0, since = 0;
  const auto all = [&] {
    event = next_event_, effect = next_effect_, since = since_chapter_;
    for (const Line& line : batch) put(line, event, effect, since);
  };
  bool fine = db_ && db_->transaction(all);
  if (!fine && db_ && db_->corrupt()) {
    begin_anew();
    fine = db_ && db_->transaction(all);
  }
  if (!fine) {
    report(false, path_ + " cannot be written: " + (db_ ? db_->why() : "it cannot be opened"));
    if (!db_) begin_anew();
    return false;
  }
  next_event_ = event, next_effect_ = effect, since_chapter_ = since;
  for (Line& line : batch)
    if (line.chapter) current_ = std::move(line.chapter);
  return true;
}

void Journal::put(const Line& line, std::int64_t& event, std::int64_t& effect, std::int64_t& since) {
  if (line.chapter) {
    const Chapter& c = *line.chapter;
    db_->run("INSERT INTO chapter VALUES(?,?,?,?,?,?,?)",
             {c.number, c.version, c.config_text, c.snapshot, std::int64_t{c.begun.since_epoch.count()},
              std::int64_t{c.at.since_boot.count()}, event});
    since = 0;
    return;
  }
  if (line.ticks > 0)
    db_->run("INSERT INTO event VALUES(?,?,?,NULL)", {event, line.at, line.ticks});
  else
    db_->run("INSERT INTO event VALUES(?,?,NULL,?)", {event, line.at, line.text});
  for (const std::string& text : line.effects)
    db_->run("INSERT INTO effect VALUES(?,?,?,?,?)",
             {effect++, event, std::int64_t{line.utc.since_epoch.count()}, name_in(text), text});
  ++event;
  since += line.ticks > 0 ? line.ticks : 1;
}

void Journal::begin_anew() {
  std::string went = "the journal cannot be opened";
  if (db_) {
    db_.reset();
    went = "the journal was damaged. It is kept as " + set_aside(path_) + ", and a new one is begun";
  }
  std::vector<std::string> warnings;
  auto opened = open_database(path_, kJournalSchema, Access::read_write, warnings, options_.max_pages);
  report(false, opened ? went : went + "; " + opened.error().what);
  if (!opened) return;
  db_ = std::move(*opened);
  if (!current_) return;
  // The running chapter goes on with a hole in it: a replay must not take the rest for the whole.
  db_->transaction([&] {
    Line chapter, gap;
    chapter.chapter = std::make_unique<Chapter>(*current_);
    gap.text = "{\"gap\":" + std::to_string(since_chapter_) + "}";
    std::int64_t event = next_event_, effect = next_effect_, since = 0;
    put(chapter, event, effect, since);
    if (since_chapter_ > 0) put(gap, event, effect, since);
    next_event_ = event;
  });
}

void Journal::drop_old() {
  if (!db_) return;
  // By days that were lived, not by age: a clock that is years ahead must not make everything old.
  constexpr std::int64_t kDay = 86'400'000;
  db_->forget_failure();
  const auto newest = db_->number("SELECT max(number) FROM chapter");
  const auto day =
      db_->number("SELECT DISTINCT begun_utc/86400000 AS day FROM chapter ORDER BY day DESC LIMIT 1 OFFSET ?",
                  {std::int64_t{kEventDays}});
  std::vector<std::int64_t> old;
  if (newest && day)
    db_->each("SELECT number FROM chapter WHERE begun_utc/86400000<=? AND number<>?", {*day, *newest},
              [&](const Row& row) {
                old.push_back(row.integer(0));
                return true;
              });
  for (const std::int64_t number : old)  // one at a time, or the log would grow by all of them
    db_->transaction([&] {
      const auto first = db_->number("SELECT first_event FROM chapter WHERE number=?", {number}).value_or(0);
      const auto next = db_->number("SELECT min(first_event) FROM chapter WHERE number>?", {number}).value_or(0);
      db_->run("DELETE FROM event WHERE id>=? AND id<?", {first, next});
      db_->run("DELETE FROM effect WHERE event>=? AND event<? AND what<>'note'", {first, next});
      db_->run("DELETE FROM chapter WHERE number=?", {number});
    });
  const auto note_day = db_->number(
      "SELECT DISTINCT utc/86400000 AS day FROM effect WHERE what='note' ORDER BY day DESC LIMIT 1 OFFSET ?",
      {std::int64_t{kNoteDays}});
  if (note_day)
    db_->transaction([&] { db_->run("DELETE FROM effect WHERE what='note' AND utc<?", {(*note_day + 1) * kDay}); });
  db_->forget_failure();
}

void Journal::report(bool healthy, const std::string& what) {
  if (healthy ? reported_.empty() : reported_ == what) return;
  reported_ = what;
  if (trouble_) trouble_(healthy, what);
}

}  // namespace lull::store
