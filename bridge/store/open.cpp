// Opens a database file that may be new, old, newer than us, somebody else's, or damaged.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

#include "bridge/store/sqlite.hpp"

namespace lull::store {
namespace {

constexpr std::int64_t kCheckWhole = 16 << 20;  // bytes; a larger file would delay the start, its damage shows on use
constexpr std::int64_t kApplicationId = 0x4c756c6c;  // "Lull", so that another program's database is left alone

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }
std::int64_t size_of(const std::string& path) {
  struct stat s {};
  return ::stat(path.c_str(), &s) == 0 ? s.st_size : 0;
}

std::unique_ptr<Database> connect(const std::string& path, Access access, std::string& why) {
  std::string uri = "file:";
  for (const char c : path)
    if (c == '%' || c == '?' || c == '#') {
      char escaped[4];
      std::snprintf(escaped, sizeof escaped, "%%%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      uri += escaped;
    } else {
      uri += c;
    }
  // A file that cannot be written, as on a stick, has no shared memory beside it: only as immutable can it be read.
  if (access == Access::read_only && ::access(path.c_str(), W_OK) != 0 && !exists(path + "-wal")) uri += "?immutable=1";
  sqlite3* handle = nullptr;
  const int flags = access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(uri.c_str(), &handle, flags | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE, nullptr);
  auto db = std::make_unique<Database>(handle);
  if (code == SQLITE_OK) {
    sqlite3_busy_timeout(handle, 2000);
    return db;
  }
  why = handle ? sqlite3_errmsg(handle) : "out of memory";
  return nullptr;
}

struct Look {
  std::optional<std::string> refusal;  // newer than us, or not ours: to be left alone
  bool damaged = false;
  std::string damage;
  std::int64_t version = 0;
};
Look look(Database& db, const std::string& path, const Schema& schema, Access access) {
  Look seen;
  const auto tables = db.number("SELECT count(*) FROM sqlite_master");
  const auto owner = db.number("PRAGMA application_id");
  seen.version = db.number("PRAGMA user_version").value_or(0);
  const auto newest = static_cast<std::int64_t>(schema.migrations.size());
  if (!db.failed() && tables.value_or(0) > 0) {
    if (owner.value_or(0) != kApplicationId)
      seen.refusal = "is a database of another program; move it away or choose another directory";
    else if (seen.version > newest)
      seen.refusal = "was written by a newer Lull (schema " + std::to_string(seen.version) + ", this one knows " +
                     std::to_string(newest) + "); it was not touched. Install that version again";
    else if (access == Access::read_write && size_of(path) <= kCheckWhole)
      db.each("PRAGMA quick_check(1)", {}, [&](const Row& row) {
        seen.damage = row.text(0);
        seen.damaged = seen.damage != "ok";
        return false;
      });
  }
  if (db.corrupt()) seen.damaged = true, seen.damage = db.why();
  return seen;
}

bool migrate(Database& db, const Schema& schema, std::int64_t from) {
  return db.transaction([&] {
    for (std::size_t i = static_cast<std::size_t>(from); i < schema.migrations.size(); ++i)
      db.exec(schema.migrations[i]);
    db.exec(("PRAGMA user_version=" + std::to_string(schema.migrations.size())).c_str());
    db.exec(("PRAGMA application_id=" + std::to_string(kApplicationId)).c_str());
  });
}

}  // namespace

std::string set_aside(const std::string& path) {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char when[32];
  std::strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &utc);
  const std::string first = path + ".corrupt-" + when;
  std::string to = first;
  for (int i = 2; exists(to); ++i) to = first + "-" + std::to_string(i);
  // Its log goes with it: beside a new file it would be taken for that one's.
  for (const char* companion : {"-wal", "-shm", ""}) std::rename((path + companion).c_str(), (to + companion).c_str());
  return to;
}

Result<std::unique_ptr<Database>> open_database(const std::string& path, const Schema& schema, Access access,
                                                std::vector<std::string>& warnings, std::int64_t max_pages) {
  const auto newest = static_cast<std::int64_t>(schema.migrations.size());
  for (int attempt = 0;; ++attempt) {
    if (access == Access::read_only && !exists(path)) return Error{path, "does not exist"};
    if (access == Access::read_write) {
      // Made by us first, so that nobody else in the house can read how somebody sleeps; SQLite keeps the mode.
      const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
      if (file < 0) return Error{path, std::string("cannot be written: ") + std::strerror(errno)};
      ::close(file);
    }
    std::string why;
    auto db = connect(path, access, why);
    if (!db) return Error{path, "cannot be opened: " + why};
    const Look seen = look(*db, path, schema, access);
    if (seen.refusal) return Error{path, *seen.refusal};
    if (seen.damaged) {
      if (access == Access::read_only) return Error{path, std::string(schema.what) + " is damaged: " + seen.damage};
      if (attempt > 0) return Error{path, "damaged again as soon as it was made: the disk fails"};
      db.reset();
      warnings.push_back(std::string(schema.what) + " was damaged (" + seen.damage + "). It is kept as " +
                         set_aside(path) + ", and a new one is begun");
      continue;
    }
    if (db->failed()) return Error{path, "cannot be read: " + db->why()};
    if (access == Access::read_only) {
      if (seen.version == newest) return db;
      return Error{path, "is of an older Lull; start `lull run` once, which brings it up to date"};
    }
    db->exec("PRAGMA journal_mode=WAL");
    db->exec(schema.durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
    db->exec("PRAGMA cache_size=-512");  // KiB: a night's rows pass by and are not looked at again
    db->exec("PRAGMA journal_size_limit=4194304");
    if (max_pages > 0) db->exec(("PRAGMA max_page_count=" + std::to_string(max_pages)).c_str());
    if (!db->failed() && seen.version < newest) migrate(*db, schema, seen.version);
    if (db->failed()) return Error{path, (db->full() ? "no space left: " : "cannot be set up: ") + db->why()};
    return db;
  }
}

}  // namespace lull::store
