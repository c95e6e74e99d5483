// Dose, settings, what rules used, what was learned, and the ids that must never change.
#include "bridge/store/ledger.hpp"

#include <cstdio>
#include <random>

#include "bridge/give_way.hpp"
#include "bridge/store/slug.hpp"

namespace lull::store {
namespace {

const char* const kMigrations[] = {
    // 1: the first
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
    "CREATE TABLE device(speaks TEXT, base TEXT, at TEXT, kind TEXT, id TEXT UNIQUE, PRIMARY KEY(speaks,base,at,kind))"
    "  WITHOUT ROWID;"
    "CREATE TABLE dose(device TEXT, night TEXT, on_ms INTEGER, level_ms INTEGER, last_utc INTEGER, turn INTEGER,"
    "  PRIMARY KEY(device,night)) WITHOUT ROWID;"
    "CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT, turn INTEGER) WITHOUT ROWID;"
    "CREATE TABLE rule_used(rule TEXT, night TEXT, times INTEGER, total_ms INTEGER, last_utc INTEGER, turn INTEGER,"
    "  PRIMARY KEY(rule,night)) WITHOUT ROWID;"
    "CREATE TABLE learned(sleeper INTEGER PRIMARY KEY, text TEXT);",
};

/// What a record is about. Two with the same key: the later one holds. Empty: not for the ledger.
std::string key_of(const Recorded& what) {
  const std::string sep(1, '\0');
  return std::visit(Match{[&](const KeepDose& k) { return "d" + k.dose.device + sep + k.dose.night; },
                          [&](const KeepSetting& k) { return "s" + k.setting.name; },
                          [&](const KeepRuleUsed& k) { return "r" + k.used.rule + sep + k.used.night; },
                          [&](const KeepLearned& k) { return "l" + std::to_string(k.sleeper.index); },
                          [](const auto&) { return std::string{}; }},
                    what);
}

bool is_install_id(const std::string& id) {
  return id.size() == 8 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

const Schema kLedgerSchema{"the ledger of doses and settings", kMigrations, true};

Result<std::unique_ptr<Ledger>> Ledger::open(const std::string& path, Access access, const StoreOptions& options,
                                             std::vector<std::string>& warnings) {
  auto db = open_database(path, kLedgerSchema, access, warnings, options.max_pages);
  if (!db) return db.error();
  return std::unique_ptr<Ledger>(new Ledger(path, access, options, std::move(*db)));
}

Ledger::Ledger(std::string path, Access access, StoreOptions options, std::unique_ptr<Database> db)
    : path_(std::move(path)), access_(access), options_(options), db_(std::move(db)) {
  turn_ = db_->number(
                 "SELECT max(turn) FROM (SELECT turn FROM dose UNION ALL SELECT turn FROM setting UNION ALL "
                 "SELECT turn FROM rule_used)")
              .value_or(0);
}

Ledger::~Ledger() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    leaving_ = urgent_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

Started Ledger::kept() {
  std::lock_guard lock(file_);
  Started started;
  db_->forget_failure();
  // The last nights by when they were written, for a clock that was wrong once must not hide tonight.
  db_->each(
      "SELECT device,night,on_ms,level_ms,last_utc FROM dose WHERE night IN "
      "(SELECT night FROM dose GROUP BY night ORDER BY max(turn) DESC LIMIT ?) ORDER BY night,device",
      {std::int64_t{kNightsRemembered}}, [&](const Row& row) {
        started.dose.push_back({row.text(0), row.text(1), milliseconds{row.integer(2)}, row.integer(3),
                                Utc{milliseconds{row.integer(4)}}});
        return true;
      });
  db_->each("SELECT name,value FROM setting ORDER BY name", {}, [&](const Row& row) {
    started.settings.push_back({row.text(0), row.text(1)});
    return true;
  });
  db_->each(
      "SELECT rule,night,times,total_ms,last_utc FROM rule_used WHERE night IN "
      "(SELECT night FROM rule_used GROUP BY night ORDER BY max(turn) DESC LIMIT ?) ORDER BY night,rule",
      {std::int64_t{kNightsRemembered}}, [&](const Row& row) {
        started.rules.push_back({row.text(0), row.text(1), static_cast<std::int32_t>(row.integer(2)),
                                 milliseconds{row.integer(3)}, Utc{milliseconds{row.integer(4)}}});
        return true;
      });
  db_->each("SELECT sleeper,text FROM learned WHERE sleeper>=0 AND sleeper<? ORDER BY sleeper",
            {static_cast<std::int64_t>(kMaxSleepers)}, [&](const Row& row) {
              started.learned.resize(static_cast<std::size_t>(row.integer(0)) + 1);
              started.learned.back() = row.text(1);
              return true;
            });
  return started;
}

std::string Ledger::install_id(const std::optional<std::string>& proposed) {
  std::lock_guard lock(file_);
  db_->forget_failure();
  std::string id;
  db_->each("SELECT value FROM meta WHERE name='install_id'", {}, [&](const Row& row) {
    id = row.text(0);
    return false;
  });
  if (is_install_id(id)) return id;
  if (proposed && is_install_id(*proposed)) {
    id = *proposed;
  } else {
    char text[9];
    std::snprintf(text, sizeof text, "%08x", std::random_device{}());
    id = text;
  }
  if (access_ == Access::read_write)
    db_->transaction([&] { db_->run("INSERT OR REPLACE INTO meta VALUES('install_id',?)", {id}); });
  return id;
}

std::string Ledger::id_for(const Device& device) {
  std::lock_guard lock(file_);
  db_->forget_failure();
  const std::string kind{word_for(device.kind)};
  std::string id;
  db_->each("SELECT id FROM device WHERE speaks=? AND base=? AND at=? AND kind=?",
            {device.speaks, device.base, device.at, kind}, [&](const Row& row) {
              id = row.text(0);
              return false;
            });
  if (!id.empty()) return id;
  std::string first = slug(device.name);
  if (first.empty()) first = kind;
  id = first;
  for (int i = 2; db_->number("SELECT 1 FROM device WHERE id=?", {id}); ++i) id = first + "_" + std::to_string(i);
  if (access_ == Access::read_write)
    db_->transaction([&] {
      db_->run("INSERT INTO device VALUES(?,?,?,?,?)", {device.speaks, device.base, device.at, kind, id});
    });
  return id;
}

bool Ledger::restore(const std::vector<Recorded>& all) {
  std::lock_guard lock(file_);
  return db_->transaction([&] {
    for (const Recorded& one : all) ++turn_, put(one);
    trim();
  });
}

void Ledger::start(Trouble trouble, std::function<void(std::uint64_t)> durable) {
  trouble_ = std::move(trouble);
  durable_ = std::move(durable);
  thread_ = std::thread([this] { write(); });
}

std::uint64_t Ledger::keep(const std::vector<Recorded>& what) {
  std::lock_guard lock(mutex_);
  for (const Recorded& one : what) {
    std::string key = key_of(one);
    if (key.empty()) continue;
    if (pending_.size() >= kMaxPending && !pending_.contains(key)) {
      refused_ = true;
      continue;
    }
    pending_.insert_or_assign(std::move(key), one);
  }
  wake_.notify_all();
  return ++ticket_;
}

bool Ledger::flush(milliseconds patience) {
  std::unique_lock lock(mutex_);
  const auto target = ticket_;
  urgent_ = true;
  wake_.notify_all();
  return written_.wait_for(lock, patience, [&] { return done_ >= target; });
}

void Ledger::write() {
  give_way();
  bool healthy = true;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return leaving_ || done_ < ticket_; });
    if (done_ == ticket_) return;  // leaving, and nothing is left to write
    const std::uint64_t upto = ticket_;
    const bool refused = refused_;
    std::map<std::string, Recorded> batch = std::exchange(pending_, {});
    urgent_ = false;
    lock.unlock();
    std::string why;
    const bool fine = put_all(batch);
    if (!fine) {
      std::lock_guard file(file_);
      why = path_ + " cannot be written: " + db_->why();
    } else if (refused) {
      why = "there was more to keep than room for it while the disk failed, and some of it is lost: restart Lull";
    }
    if (why.empty() != healthy && trouble_) trouble_(why.empty(), why);
    healthy = why.empty();
    if (fine && !refused && durable_) durable_(upto);
    lock.lock();
    if (fine) {
      done_ = upto;
      written_.notify_all();
      continue;
    }
    pending_.merge(batch);  // what came meanwhile is newer and stays
    if (leaving_) return;
    wake_.wait_for(lock, options_.retry, [&] { return leaving_ || urgent_; });
  }
}

bool Ledger::put_all(const std::map<std::string, Recorded>& all) {
  std::lock_guard lock(file_);
  ++turn_;
  return db_->transaction([&] {
    for (const auto& [key, one] : all) put(one);
    trim();
  });
}

void Ledger::put(const Recorded& one) {
  std::visit(Match{[&](const KeepDose& k) {
                     db_->run("INSERT OR REPLACE INTO dose VALUES(?,?,?,?,?,?)",
                              {k.dose.device, k.dose.night, std::int64_t{k.dose.on.count()}, k.dose.level_ms,
                               std::int64_t{k.dose.last.since_epoch.count()}, turn_});
                   },
                   [&](const KeepSetting& k) {
                     db_->run("INSERT OR REPLACE INTO setting VALUES(?,?,?)", {k.setting.name, k.setting.value, turn_});
                   },
                   [&](const KeepRuleUsed& k) {
                     db_->run(
                         "INSERT OR REPLACE INTO rule_used VALUES(?,?,?,?,?,?)",
                         {k.used.rule, k.used.night, std::int64_t{k.used.times}, std::int64_t{k.used.total.count()},
                          std::int64_t{k.used.last.since_epoch.count()}, turn_});
                   },
                   [&](const KeepLearned& k) {
                     db_->run("INSERT OR REPLACE INTO learned VALUES(?,?)", {std::int64_t{k.sleeper.index}, k.text});
                   },
                   [](const auto&) {}},
             one);
}

void Ledger::trim() {
  db_->run(
      "DELETE FROM dose WHERE night NOT IN (SELECT night FROM dose GROUP BY night ORDER BY max(turn) DESC LIMIT ?)",
      {std::int64_t{kNightsKept}});
  db_->run(
      "DELETE FROM rule_used WHERE night NOT IN "
      "(SELECT night FROM rule_used GROUP BY night ORDER BY max(turn) DESC LIMIT ?)",
      {std::int64_t{kNightsKept}});
  for (const char* named : {"rule:%", "routine:%", "tonight:%"})  // what was renamed leaves its choice behind
    db_->run(
        "DELETE FROM setting WHERE name LIKE ?1 AND name NOT IN "
        "(SELECT name FROM setting WHERE name LIKE ?1 ORDER BY turn DESC LIMIT ?2)",
        {std::string(named), std::int64_t{kMaxRuleSettings}});
}

}  // namespace lull::store
