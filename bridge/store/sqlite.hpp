// SQLite in one place: a database that remembers its first failure, and the opening that trusts no file.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "devices/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace lull::store {

/// One row of an answer, valid until the next. Columns that do not exist or hold something else read as 0 or "".
class Row {
 public:
  explicit Row(sqlite3_stmt* s) : s_(s) {}
  std::int64_t integer(int column) const;
  std::string text(int column) const;
  bool null(int column) const;

 private:
  sqlite3_stmt* s_;
};

/// What is bound to a `?`. The text must outlive the call.
struct Value {
  enum class Is { null, integer, text } is = Is::null;
  std::int64_t number = 0;
  std::string_view text{};
  Value(std::nullptr_t) {}
  Value(std::int64_t v) : is(Is::integer), number(v) {}
  Value(std::string_view v) : is(Is::text), text(v) {}
  Value(const std::string& v) : Value(std::string_view{v}) {}
};

/// One connection, for one thread at a time. After a failure every call does nothing until the next transaction or
/// forget_failure(), so that a caller need look only once.
class Database {
 public:
  explicit Database(sqlite3* handle) : handle_(handle) {}
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  bool exec(const char* sql);
  /// `sql` must be a literal: its statement is prepared once and kept.
  bool run(const char* sql, std::initializer_list<Value> values = {});
  /// Every row until `row` returns false.
  bool each(const char* sql, std::initializer_list<Value> values, const std::function<bool(const Row&)>& row);
  std::optional<std::int64_t> number(const char* sql, std::initializer_list<Value> values = {});
  /// All or nothing. False, and rolled back, if anything in `work` failed.
  bool transaction(const std::function<void()>& work);

  bool failed() const { return code_ != 0; }
  bool corrupt() const;  // the failure says that the file itself is damaged
  bool full() const;     // the disk, or the file's own bound
  const std::string& why() const { return why_; }
  void forget_failure() { code_ = 0, why_.clear(); }

 private:
  void note(int code);
  sqlite3_stmt* prepared(const char* sql);
  sqlite3* handle_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
  int code_ = 0;
  std::string why_;
};

/// A database of ours: what it is called when a person must hear of it, and how it came to its present shape.
/// PRAGMA user_version is the number of migrations that were applied.
struct Schema {
  const char* what;
  std::span<const char* const> migrations;
  bool durable;  // a commit is on the disk when it returns (synchronous=FULL); otherwise a power cut may take the last
};

enum class Access { read_write, read_only };

/// Opens or creates. Damaged: moved aside as PATH.corrupt-<utc>, a new one begun, and `warnings` says so (read only: an
/// Error). Newer than us, or not ours: an Error, untouched. Older: brought up to date in one transaction.
/// `max_pages` of 4 KiB bounds the file (0: the disk does).
Result<std::unique_ptr<Database>> open_database(const std::string& path, const Schema& schema, Access access,
                                                std::vector<std::string>& warnings, std::int64_t max_pages = 0);

/// Moves a damaged database and its companions out of the way. Where it went.
std::string set_aside(const std::string& path);

}  // namespace lull::store
