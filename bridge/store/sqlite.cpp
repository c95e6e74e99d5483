// The connection: statements kept, the first failure remembered.
#include "bridge/store/sqlite.hpp"

#include <sqlite3.h>
#include <cstring>

namespace lull::store {

std::int64_t Row::integer(int column) const { return sqlite3_column_int64(s_, column); }
std::string Row::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(s_, column));
  return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(s_, column))) : std::string{};
}
bool Row::null(int column) const { return sqlite3_column_type(s_, column) == SQLITE_NULL; }

Database::~Database() {
  for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

void Database::note(int code) {
  if (code_ != 0 || code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  code_ = code;
  why_ = sqlite3_errmsg(handle_);
  // "disk I/O error" alone sends nobody to the cause: the system knows whether it is a read-only or a dying disk.
  if (const int errnum = sqlite3_system_errno(handle_); (code & 0xff) == SQLITE_IOERR && errnum != 0)
    why_ += std::string(" (") + std::strerror(errnum) + ")";
}
bool Database::corrupt() const { return (code_ & 0xff) == SQLITE_CORRUPT || (code_ & 0xff) == SQLITE_NOTADB; }
bool Database::full() const { return (code_ & 0xff) == SQLITE_FULL; }

bool Database::exec(const char* sql) {
  if (!failed()) note(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
  return !failed();
}

sqlite3_stmt* Database::prepared(const char* sql) {
  if (failed()) return nullptr;
  sqlite3_stmt*& statement = statements_[sql];
  if (!statement) note(sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  return failed() ? nullptr : statement;
}

bool Database::each(const char* sql, std::initializer_list<Value> values, const std::function<bool(const Row&)>& row) {
  sqlite3_stmt* statement = prepared(sql);
  if (!statement) return false;
  int column = 0;
  for (const Value& v : values) {
    ++column;
    if (v.is == Value::Is::integer) note(sqlite3_bind_int64(statement, column, v.number));
    if (v.is == Value::Is::null) note(sqlite3_bind_null(statement, column));
    if (v.is == Value::Is::text)
      note(sqlite3_bind_text64(statement, column, v.text.data() ? v.text.data() : "", v.text.size(), SQLITE_STATIC,
                               SQLITE_UTF8));
  }
  while (!failed()) {
    const int code = sqlite3_step(statement);
    note(code);
    if (code != SQLITE_ROW || !row(Row{statement})) break;
  }
  sqlite3_reset(statement);  // repeats the code of step, which is noted
  sqlite3_clear_bindings(statement);
  return !failed();
}
bool Database::run(const char* sql, std::initializer_list<Value> values) {
  return each(sql, values, [](const Row&) { return false; });
}
std::optional<std::int64_t> Database::number(const char* sql, std::initializer_list<Value> values) {
  std::optional<std::int64_t> found;
  each(sql, values, [&](const Row& row) {
    if (!row.null(0)) found = row.integer(0);
    return false;
  });
  return failed() ? std::nullopt : found;
}

bool Database::transaction(const std::function<void()>& work) {
  forget_failure();
  exec("BEGIN IMMEDIATE");
  if (!failed()) work();
  if (exec("COMMIT")) return true;
  // Some failures have rolled back by themselves already; then this says so and changes nothing.
  sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  return false;
}

}  // namespace lull::store
