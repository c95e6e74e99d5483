// Full disks, damaged files, other versions, sudden death: a clear word, and nothing lost that was acknowledged.
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>

#include "bridge/store/sqlite.hpp"
#include "tests/bridge/store/place.hpp"

namespace lull {
namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
void scribble(const std::string& path, std::size_t from, std::size_t length) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(from));
  for (std::size_t i = 0; i < length; ++i) file.put(static_cast<char>(i * 37 + 11));
}
void sql(const std::string& path, const char* text) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, text, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
}
std::vector<std::string> corrupt_files(const std::string& dir) {
  std::vector<std::string> found;
  for (const auto& file : std::filesystem::directory_iterator(dir))
    if (file.path().string().find(".corrupt-") != std::string::npos) found.push_back(file.path().string());
  return found;
}
struct SmallDisk {
  std::string path;
  bool there;
  explicit SmallDisk(std::string at) : path(std::move(at)) {
    std::filesystem::create_directory(path);
    there = ::mount("none", path.c_str(), "tmpfs", 0, "size=1m") == 0;
  }
  ~SmallDisk() {
    if (there) ::umount2(path.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
};
Event moment(int i) {
  return {{1000s + milliseconds{i * 100}}, MovementReported{{3}, LegAcceleration{i * 0.5, i * 1.5, 50}}};
}
std::int64_t count(const Store& store, std::int64_t chapter) {
  const auto n = store.events(chapter, [](const Moment&) { return true; });
  return n ? *n : -1;
}
/// A state with a night in it.
void live(const std::string& dir, int moments = 3000) {
  const auto store = opened(dir);
  store->begin_chapter(evening());
  const Effect keep = KeepDose{dose("2026-11-21", 25min)};
  for (int i = 0; i < moments; ++i) store->append(moment(i), {});
  store->append({{9999s}, LinkChanged{true}}, {&keep, 1});
  store->keep({std::get<KeepDose>(keep)});
  ASSERT_TRUE(store->flush());
}

TEST(ADamagedJournal, IsMovedAsideAndCostsNoDose) {
  for (const bool header : {true, false}) {
    Place place;
    live(place.state());
    const std::string id = opened(place.state())->install_id(), path = place.state() + "/lull.db";
    const auto size = std::filesystem::file_size(path);
    scribble(path, header ? 0 : size / 2 / 4096 * 4096, header ? 100 : 8192);
    const std::string damaged = bytes_of(path);
    EXPECT_EQ(Store::open(place.state(), StoreMode::read_only).index() == 0 && !header, !header)
        << "a reader never moves anything";
    const auto store = opened(place.state());
    ASSERT_EQ(store->warnings().size(), 1u);
    EXPECT_NE(store->warnings()[0].find("the journal was damaged"), std::string::npos) << store->warnings()[0];
    const auto aside = corrupt_files(place.state());
    ASSERT_EQ(aside.size(), 1u);
    EXPECT_NE(store->warnings()[0].find(aside[0]), std::string::npos);
    EXPECT_EQ(bytes_of(aside[0]), damaged) << "kept as it was found";
    EXPECT_EQ(store->kept().dose, std::vector{dose("2026-11-21", 25min)});
    EXPECT_EQ(store->install_id(), id);
    EXPECT_FALSE(store->dose_unknown());
    const auto chapter = store->begin_chapter(evening());
    store->append(moment(1), {});
    ASSERT_TRUE(store->flush());
    EXPECT_EQ(count(*store, chapter), 1);
  }
}

TEST(ADamagedLedger, IsMadeAgainFromTheJournal) {
  Place place;
  live(place.state());
  const std::string id = opened(place.state())->install_id();
  scribble(place.state() + "/safety.db", 0, 100);
  const auto store = opened(place.state());
  ASSERT_EQ(store->warnings().size(), 2u);
  EXPECT_NE(store->warnings()[1].find("made again"), std::string::npos);
  EXPECT_EQ(store->kept().dose, std::vector{dose("2026-11-21", 25min)});
  EXPECT_EQ(store->install_id(), id) << "or every entity in Home Assistant would be a new one";
  EXPECT_FALSE(store->dose_unknown());
}

TEST(ADamagedLedger, WithoutAJournalSaysThatTheDoseIsUnknown) {
  Place place;
  live(place.state());
  scribble(place.state() + "/safety.db", 0, 100);
  scribble(place.state() + "/lull.db", 0, 100);
  const auto store = opened(place.state());
  EXPECT_TRUE(store->dose_unknown());
  EXPECT_EQ(corrupt_files(place.state()).size(), 2u);
}

TEST(ADamagedJournal, ThatShowsOnlyWhileRunningIsReplacedAndTheHoleIsMarked) {
  Place place;
  live(place.state());
  const std::string path = place.state() + "/lull.db";
  const auto size = std::filesystem::file_size(path);
  scribble(path, 8192, size - 8192);
  std::filesystem::resize_file(path, 17 << 20);  // too large to be checked as a whole at the start
  Said said;                                     // before the store: its threads speak to it until the store is gone
  const auto store = opened(place.state());
  EXPECT_TRUE(store->warnings().empty());
  said.listen(*store);
  const auto chapter = store->begin_chapter(evening());
  for (int i = 0; i < 10; ++i) store->append(moment(i), {});
  ASSERT_TRUE(store->flush());
  EXPECT_EQ(corrupt_files(place.state()).size(), 1u);
  EXPECT_EQ(count(*store, chapter), 10);
  std::lock_guard lock(said.mutex);
  ASSERT_FALSE(said.trouble.empty());
  EXPECT_NE(said.trouble.front().second.find("was damaged"), std::string::npos) << said.trouble.front().second;
  EXPECT_TRUE(said.trouble.back().first) << "and it works again";
}

TEST(AStoreOfANewerLull, IsNotTouched) {
  for (const char* file : {"/lull.db", "/safety.db"}) {
    Place place;
    live(place.state(), 10);
    sql(place.state() + file, "PRAGMA user_version=99; PRAGMA journal_mode=DELETE;");
    const std::string before = bytes_of(place.state() + file);
    const auto store = Store::open(place.state(), StoreMode::read_write);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().where, place.state() + file);
    EXPECT_NE(store.error().what.find("newer Lull (schema 99, this one knows 1)"), std::string::npos)
        << store.error().what;
    EXPECT_EQ(bytes_of(place.state() + file), before);
    EXPECT_TRUE(corrupt_files(place.state()).empty());
  }
}

TEST(ADatabaseOfSomebodyElse, IsNotTouched) {
  Place place;
  std::filesystem::create_directory(place.state());
  sql(place.state() + "/lull.db", "CREATE TABLE recipes(name); INSERT INTO recipes VALUES('soup');");
  const std::string before = bytes_of(place.state() + "/lull.db");
  const auto store = Store::open(place.state(), StoreMode::read_write);
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().what.find("another program"), std::string::npos);
  EXPECT_EQ(bytes_of(place.state() + "/lull.db"), before);
}

TEST(AnOlderSchema, IsBroughtUpToDateOrLeftAsItWas) {
  Place place;
  const std::string path = place.dir + "/x.db";
  std::vector<std::string> warnings;
  const char* const one[] = {"CREATE TABLE a(x);INSERT INTO a VALUES(7);"};
  const char* const two[] = {one[0], "ALTER TABLE a ADD COLUMN y DEFAULT 8;"};
  const char* const broken[] = {two[0], two[1], "CREATE TABLE b(x); nonsense;"};
  using store::Access;
  ASSERT_TRUE(store::open_database(path, {"x", one, true}, Access::read_write, warnings));
  EXPECT_FALSE(store::open_database(path, {"x", two, true}, Access::read_only, warnings))
      << "a reader migrates nothing";
  {
    const auto db = store::open_database(path, {"x", two, true}, Access::read_write, warnings);
    ASSERT_TRUE(db);
    EXPECT_EQ((*db)->number("SELECT x+y FROM a"), 15) << "the row of the old layout, with its new column";
    EXPECT_EQ((*db)->number("PRAGMA user_version"), 2);
  }
  EXPECT_FALSE(store::open_database(path, {"x", broken, true}, Access::read_write, warnings));
  const auto db = store::open_database(path, {"x", two, true}, Access::read_write, warnings);
  ASSERT_TRUE(db);
  EXPECT_EQ((*db)->number("SELECT count(*) FROM sqlite_master"), 1) << "half a migration is none";
  EXPECT_TRUE(warnings.empty());
}

TEST(AFullDisk, IsSaidAndLosesNothingThatWasAcknowledged) {
  Place place;
  const SmallDisk mounted(place.dir + "/disk");
  const std::string& disk = mounted.path;
  if (!mounted.there) GTEST_SKIP() << "only root may mount a small disk; the bounded file below covers the rest";
  {
    Said said;
    const auto store = opened(disk + "/state", StoreMode::read_write, {.retry = 20ms, .gather = 10ms});
    said.listen(*store);
    store->begin_chapter(evening());
    ASSERT_TRUE(said.wait_durable(store->keep({KeepDose{dose("2026-11-21", 1min)}})));
    ASSERT_TRUE(store->flush());
    {
      std::ofstream filler(disk + "/filler", std::ios::binary);
      const std::string block(4096, 'x');
      while (filler.write(block.data(), 4096).flush()) {}
    }
    for (int i = 0; i < 2000; ++i) store->append(moment(i), {});
    std::uint64_t ticket = 0;
    for (int i = 2; i <= 40; ++i)
      ticket = store->keep({KeepDose{dose("2026-11-21", minutes{i})},
                            KeepSetting{{"rule:x" + std::to_string(i), std::string(3000, 'y')}}});
    ASSERT_TRUE(said.wait([&] { return !said.trouble.empty(); }));
    {
      std::lock_guard lock(said.mutex);
      EXPECT_FALSE(said.trouble.front().first);
      EXPECT_NE(said.trouble.front().second.find("cannot be written: "), std::string::npos)
          << said.trouble.front().second;
      EXPECT_LT(said.durable, ticket) << "what is not on the disk is not acknowledged";
    }
    EXPECT_FALSE(store->flush(100ms));
    std::filesystem::remove(disk + "/filler");
    EXPECT_TRUE(said.wait_durable(ticket));
    EXPECT_TRUE(said.wait([&] { return said.trouble.back().first; })) << "healthy again when it works";
    EXPECT_TRUE(store->flush());
    EXPECT_EQ(count(*store, 1), 2000) << "the moments had waited in memory";
  }
  EXPECT_EQ(opened(disk + "/state")->kept().dose, std::vector{dose("2026-11-21", 40min)});
}

TEST(AFullFile, LeavesTheLedgerAtWork) {
  Place place;
  {
    Said said;
    const auto store = opened(place.state(), StoreMode::read_write, {.max_pages = 30, .retry = 20ms, .gather = 10ms});
    said.listen(*store);
    store->begin_chapter(evening());
    for (int i = 0; i < 3000; ++i) store->append(moment(i), {});
    ASSERT_TRUE(said.wait([&] { return !said.trouble.empty(); }));
    EXPECT_FALSE(said.trouble.front().first);
    EXPECT_TRUE(said.wait_durable(store->keep({KeepDose{dose("2026-11-21", 9min)}})));
    EXPECT_FALSE(store->flush(50ms));
  }
  EXPECT_EQ(opened(place.state())->kept().dose, std::vector{dose("2026-11-21", 9min)});
}

TEST(AStuckDisk, NeverHoldsUpTheLoopAndLeavesAMarkedHole) {
  Place place;
  Said said;
  const auto store = opened(place.state(), StoreMode::read_write, {.retry = 20ms, .gather = 10ms, .max_lines = 100});
  said.listen(*store);
  store->begin_chapter(evening());
  store->append(moment(0), {});
  ASSERT_TRUE(store->flush());
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open((place.state() + "/lull.db").c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  auto longest = std::chrono::steady_clock::duration::zero();
  for (int i = 1; i <= 1000; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    store->append(moment(i), {});
    longest = std::max(longest, std::chrono::steady_clock::now() - begin);
  }
  EXPECT_LT(longest, 500ms) << "a STOP may be next; the disk was stuck for two seconds and more";
  EXPECT_TRUE(said.wait([&] { return !said.trouble.empty(); }));
  sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(other);
  ASSERT_TRUE(store->flush(10s));
  store->append(moment(1001), {});
  ASSERT_TRUE(store->flush());
  std::int64_t told = 0, lost = 0;
  ASSERT_TRUE(store->events(1, [&](const Moment& m) {
    ++told, lost += m.lost;
    return true;
  }));
  EXPECT_EQ(told, 102);
  EXPECT_EQ(told + lost, 1002) << "every moment is there or counted";
  store->append(moment(1002), {});
  ASSERT_TRUE(store->flush());
  EXPECT_TRUE(said.wait([&] { return said.trouble.back().first; }));
}

TEST(SuddenDeath, LosesNothingThatWasAcknowledged) {
  for (int round = 0; round < 5; ++round) {
    Place place;
    int channel[2];
    ASSERT_EQ(::pipe(channel), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      auto store = Store::open(place.state(), StoreMode::read_write, {.gather = 5ms});
      if (!store) ::_exit(1);
      (*store)->on_durable([&](std::uint64_t ticket) { (void)!::write(channel[1], &ticket, sizeof ticket); });
      (*store)->begin_chapter(evening());
      for (int i = 1;; ++i) {
        // The dose of a night is its ticket, so that the parent can tell which writes are there.
        (*store)->keep({KeepDose{dose("2026-11-21", minutes{i})}, KeepSetting{{"ticket", std::to_string(i)}}});
        for (int k = 0; k < 20; ++k) (*store)->append(moment(i * 20 + k), {});
        ::usleep(200);
      }
    }
    ::close(channel[1]);  // a child that dies by itself ends the reading
    std::uint64_t acknowledged = 0;
    for (int i = 0; i < 30 + round * 17; ++i)
      ASSERT_EQ(::read(channel[0], &acknowledged, sizeof acknowledged), static_cast<ssize_t>(sizeof acknowledged));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(channel[0]);
    const auto store = opened(place.state());
    EXPECT_TRUE(store->warnings().empty()) << store->warnings().front();
    const Started kept = store->kept();
    ASSERT_EQ(kept.dose.size(), 1u);
    EXPECT_GE(kept.dose[0].on, minutes{acknowledged});
    ASSERT_EQ(kept.settings.size(), 1u);
    EXPECT_EQ(minutes{std::stol(kept.settings[0].value)}, kept.dose[0].on) << "all of a ticket or nothing of it";
    EXPECT_GE(count(*store, 1), 0) << "and the journal reads to its end";
  }
}

}  // namespace
}  // namespace lull
