// Holds the directory, the lock, the journal and the ledger together.
#include "bridge/store/store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "bridge/store/journal.hpp"
#include "bridge/store/ledger.hpp"

namespace lull {
namespace {

std::optional<Error> make_directory(const std::string& dir) {
  std::error_code problem;
  const auto parent = std::filesystem::path(dir).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, problem);
  if (::mkdir(dir.c_str(), 0700) == 0) return std::nullopt;
  if (errno == EEXIST && std::filesystem::is_directory(dir, problem)) return std::nullopt;
  return Error{dir, std::string("cannot be made: ") + std::strerror(errno)};
}

/// The lock dies with its process, however that dies: a stale one cannot keep Lull from starting.
Result<int> locked(const std::string& dir) {
  const std::string path = dir + "/lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return Error{path, std::string("cannot be written: ") + std::strerror(errno)};
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    char text[24] = {};
    const bool known = ::pread(file, text, sizeof text - 1, 0) > 0;
    ::close(file);
    return Error{dir, "is in use by another Lull, process " + (known ? std::to_string(std::atol(text)) : "unknown") +
                          "; stop that one or give this one its own --state"};
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  // Only for that message: on a full disk it stays empty, and the lock holds all the same.
  if (::ftruncate(file, 0) == 0) (void)!::pwrite(file, pid.data(), pid.size(), 0);
  return file;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& dir, StoreMode mode, const StoreOptions& options) {
  std::unique_ptr<Store> s(new Store);
  std::error_code ignored;
  if (mode == StoreMode::read_only) {
    const bool file = std::filesystem::is_regular_file(dir, ignored);
    s->journal_path_ = file ? dir : dir + "/lull.db";
    const std::string ledger = std::filesystem::path(s->journal_path_).parent_path().append("safety.db").string();
    auto journal =
        store::open_database(s->journal_path_, store::kJournalSchema, store::Access::read_only, s->warnings_);
    if (!journal) return journal.error();
    if (std::filesystem::exists(ledger, ignored)) {
      auto opened = store::Ledger::open(ledger, store::Access::read_only, options, s->warnings_);
      if (opened)
        s->ledger_ = std::move(*opened), s->install_id_ = s->ledger_->install_id(std::nullopt);
      else
        s->warnings_.push_back(opened.error().where + " " + opened.error().what);
    }
    return s;
  }
  if (auto problem = make_directory(dir)) return *problem;
  auto lock = locked(dir);
  if (!lock) return lock.error();
  s->lock_ = *lock;
  s->journal_path_ = dir + "/lull.db";
  const bool had_ledger = std::filesystem::exists(dir + "/safety.db", ignored);
  auto journal = store::Journal::open(s->journal_path_, options, s->warnings_);
  if (!journal) return journal.error();
  s->journal_ = std::move(*journal);
  const std::size_t warned = s->warnings_.size();
  auto ledger = store::Ledger::open(dir + "/safety.db", store::Access::read_write, options, s->warnings_);
  if (!ledger) return ledger.error();
  s->ledger_ = std::move(*ledger);
  if (s->warnings_.size() > warned || !had_ledger) {
    // The journal saw every line of it: a lost ledger is made again, or a crash could buy a second dose.
    const auto all = s->journal_->kept();
    const bool restored = !all.empty() && s->ledger_->restore(all);
    if (restored) s->warnings_.push_back("the ledger of doses and settings was made again from the journal");
    s->dose_unknown_ = s->warnings_.size() > warned && !restored;
  }
  s->install_id_ = s->ledger_->install_id(s->journal_->remembered("install_id"));
  s->journal_->remember("install_id", s->install_id_);
  return s;
}

Store::~Store() {
  if (started_) flush();
  journal_.reset();
  ledger_.reset();
  if (lock_ >= 0) ::close(lock_);
}

Started Store::kept() const { return ledger_ ? ledger_->kept() : Started{}; }
std::string Store::id_for(const Device& device) { return ledger_ ? ledger_->id_for(device) : std::string{}; }

void Store::on_durable(std::function<void(std::uint64_t)> durable) { durable_ = std::move(durable); }
void Store::on_trouble(std::function<void(bool, const std::string&)> trouble) { trouble_ = std::move(trouble); }

/// The threads begin with the first thing to write, so that the callbacks are in place and reading costs no thread.
void Store::start() {
  if (started_.exchange(true)) return;
  journal_->start([this](bool healthy, const std::string& what) { trouble(true, healthy, what); });
  ledger_->start([this](bool healthy, const std::string& what) { trouble(false, healthy, what); }, durable_);
}

void Store::trouble(bool of_journal, bool healthy, const std::string& what) {
  std::lock_guard lock(health_);  // held while telling, so that the two threads' words arrive in order
  const bool was = journal_trouble_.empty() && ledger_trouble_.empty();
  (of_journal ? journal_trouble_ : ledger_trouble_) = healthy ? "" : what;
  const bool is = journal_trouble_.empty() && ledger_trouble_.empty();
  if (trouble_ && (!is || !was)) trouble_(is, ledger_trouble_.empty() ? journal_trouble_ : ledger_trouble_);
}

std::int64_t Store::begin_chapter(Chapter chapter) {
  start();
  return journal_->begin_chapter(std::move(chapter));
}
void Store::append(const Event& event, std::span<const Effect> effects) {
  start();
  journal_->append(event, effects);
}
std::uint64_t Store::keep(const std::vector<Recorded>& what) {
  start();
  return ledger_->keep(what);
}
bool Store::flush(milliseconds patience) {
  if (!started_) return true;
  const bool kept = ledger_->flush(patience);  // first: it is what must not be lost
  return journal_->flush(patience) && kept;
}
void Store::prune() {
  start();
  journal_->prune();
}

Result<std::unique_ptr<store::Database>> Store::reader() const {
  std::vector<std::string> ignored;
  return store::open_database(journal_path_, store::kJournalSchema, store::Access::read_only, ignored);
}
Result<std::vector<Chapter>> Store::chapters() const {
  const auto db = reader();
  if (!db) return db.error();
  return store::read_chapters(**db);
}
Result<std::int64_t> Store::events(std::int64_t chapter, const std::function<bool(const Moment&)>& moment) const {
  const auto db = reader();
  if (!db) return db.error();
  return store::read_moments(**db, chapter, moment);
}
Result<std::int64_t> Store::happened(std::int64_t chapter, const std::function<bool(const Moment&)>& moment) const {
  const auto db = reader();
  if (!db) return db.error();
  return store::read_moments(**db, chapter, moment, false);
}
Result<std::vector<Entry>> Store::recorded(Utc from, Utc to) const {
  const auto db = reader();
  if (!db) return db.error();
  return store::read_entries(**db, from, to);
}
Result<std::vector<std::string>> Store::nights(const std::function<std::string(Utc)>& night_of) const {
  const auto db = reader();
  if (!db) return db.error();
  return store::read_nights(**db, night_of);
}

}  // namespace lull
