// What is told to the store is there the next morning, and only once.
#include "bridge/store/store.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>

#include "tests/bridge/store/place.hpp"

namespace lull {
namespace {

TEST(TheStore, BeginsEmptyAndPrivate) {
  Place place;
  const auto store = opened(place.state());
  EXPECT_EQ(store->kept(), Started{});
  EXPECT_TRUE(store->warnings().empty());
  EXPECT_FALSE(store->dose_unknown());
  EXPECT_TRUE((*store->chapters()).empty());
  struct stat s {};
  ASSERT_EQ(::stat(place.state().c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0700u);
  for (const char* file : {"/lull.db", "/lull.db-wal", "/safety.db", "/safety.db-wal", "/lock"}) {
    ASSERT_EQ(::stat((place.state() + file).c_str(), &s), 0) << file;
    EXPECT_EQ(s.st_mode & 0777, 0600u) << file << ": how somebody sleeps is nobody else's business";
  }
}

TEST(TheStore, KeepsDoseSettingsRulesAndWhatWasLearned) {
  Place place;
  const RuleUsed used{"Restless at night", "2026-11-21", 2, 30min, kEvening};
  {
    Said said;
    const auto store = opened(place.state());
    said.listen(*store);
    store->keep({KeepDose{dose("2026-11-21", 5min)}, KeepSetting{{"stopped", "1"}}, KeepRuleUsed{used},
                 KeepLearned{{1}, "{\"quiet\":0.25}"}});
    const auto ticket = store->keep({KeepDose{dose("2026-11-21", 10min)}});
    ASSERT_TRUE(said.wait_durable(ticket));
  }
  const Started kept = opened(place.state())->kept();
  EXPECT_EQ(kept.dose, std::vector{dose("2026-11-21", 10min)});
  EXPECT_EQ(kept.settings, (std::vector{Setting{"stopped", "1"}}));
  EXPECT_EQ(kept.rules, std::vector{used});
  EXPECT_EQ(kept.learned, (std::vector<std::string>{"", "{\"quiet\":0.25}"}));
}

TEST(TheStore, TellsTheLastThreeNightsThatWereWrittenWhateverTheClockSaid) {
  Place place;
  {
    const auto store = opened(place.state());
    for (const char* night : {"2026-11-18", "2026-11-19", "2099-01-01", "2026-11-20", "2026-11-21"}) {
      store->keep({KeepDose{dose(night, 7min)}, KeepDose{dose(night, 3min, "leg_massage")}});
      ASSERT_TRUE(store->flush());
    }
  }
  std::vector<std::string> nights;
  for (const DoseUsed& d : opened(place.state())->kept().dose) nights.push_back(d.night);
  EXPECT_EQ(nights, (std::vector<std::string>{"2026-11-20", "2026-11-20", "2026-11-21", "2026-11-21", "2099-01-01",
                                              "2099-01-01"}));
}

TEST(TheStore, HasOneInstallIdAndOneIdADeviceForEver) {
  Place place;
  Device pad;
  pad.name = "Ana's Fußwärmer";
  pad.kind = Kind::heat_pad;
  pad.speaks = "esphome";
  pad.at = "lull/pad/left";
  std::string install;
  {
    const auto store = opened(place.state());
    install = store->install_id();
    EXPECT_EQ(install.size(), 8u);
    EXPECT_EQ(install.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(store->id_for(pad), "ana_s_fuswarmer");
    Device other = pad;
    other.at = "lull/pad/right";
    EXPECT_EQ(store->id_for(other), "ana_s_fuswarmer_2") << "two of one name";
    other.at = "lull/pad/middle", other.name = "足";
    EXPECT_EQ(store->id_for(other), "heat_pad") << "a name without a Latin letter";
  }
  pad.name = "Warm feet";
  const auto again = opened(place.state());
  EXPECT_EQ(again->install_id(), install);
  EXPECT_EQ(again->id_for(pad), "ana_s_fuswarmer") << "a new name is not a new device";
  EXPECT_EQ(opened(place.state(), StoreMode::read_only)->id_for(pad), "ana_s_fuswarmer");
}

TEST(TheStore, TellsTheChapterAsItWas) {
  Place place;
  const auto store = opened(place.state());
  const auto number = store->begin_chapter(evening());
  std::vector<Event> events;
  const auto tell = [&](Event event, const std::vector<Effect>& what) {
    store->append(event, what);
    events.push_back(std::move(event));
  };
  tell({{1000s}, Started{}}, effects(Decision{Decision::Outcome::did, "start", "all off"}, MayLeave{"x"}));
  for (int i = 1; i <= 200; ++i) tell({{seconds{1000 + i}}, Tick{}}, effects());
  tell({{1200500ms}, OccupancyReported{{4}, true}}, effects(Note{Lane::in_bed, SleeperId{0}, std::nullopt, 1, ""}));
  tell({{1201s}, Tick{}}, effects(Decision{Decision::Outcome::did_not, "rule Bedtime", "not yet"}));
  tell({{1202s}, Tick{}}, effects());
  tell({{1204s}, Tick{}}, effects());
  tell({{1204500ms}, Tick{}}, effects());
  ASSERT_TRUE(store->flush());
  {
    const auto reader = opened(place.state(), StoreMode::read_only);
    const auto chapters = reader->chapters();
    ASSERT_TRUE(chapters);
    ASSERT_EQ(chapters->size(), 1u);
    Chapter expected = evening();
    expected.number = number;
    EXPECT_EQ(chapters->front(), expected);
    std::vector<Event> read;
    std::vector<std::string> said;
    const auto count = reader->events(number, [&](const Moment& m) {
      EXPECT_EQ(m.lost, 0);
      read.push_back(m.event);
      for (const auto& text : m.effects) said.push_back(text);
      return true;
    });
    ASSERT_TRUE(count);
    EXPECT_EQ(*count, static_cast<std::int64_t>(events.size()));
    EXPECT_EQ(read, events);
    EXPECT_EQ(said,
              (std::vector<std::string>{
                  R"({"decision":{"outcome":"did","about":"start","why":"all off"}})", R"({"may_leave":{"what":"x"}})",
                  R"({"note":{"lane":"in_bed","sleeper":0,"value":1,"text":""}})",
                  R"({"decision":{"outcome":"did_not","about":"rule Bedtime","why":"not yet"}})"}));
  }
  EXPECT_FALSE(store->events(99, [](const Moment&) { return true; })) << "there is no such chapter";
}

TEST(TheStore, KnowsWhenByTheClockThatTheEventsTold) {
  Place place;
  const auto store = opened(place.state());
  store->begin_chapter(evening());
  const Note note{Lane::note, std::nullopt, std::nullopt, 0, "hello"};
  store->append({{1010s}, Tick{}}, effects(note));
  store->append({{1020s}, ClockSet{kEvening.since_epoch - 1000s + 1h}}, effects());
  store->append({{1030s}, Tick{}}, effects(note, Ask{{1}}));
  ASSERT_TRUE(store->flush());
  const auto all = store->recorded(kEvening, kEvening + 2h);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u) << "an Ask is no record";
  EXPECT_EQ((*all)[0].utc, kEvening + 10s);
  EXPECT_EQ((*all)[1].utc, kEvening + 1h + 30s);
  EXPECT_EQ(store->recorded(kEvening, kEvening + 11s)->size(), 1u);
  EXPECT_EQ(store->recorded(kEvening + 2h, kEvening + 3h)->size(), 0u);
}

TEST(TheStore, NamesTheNightsThatHaveNotes) {
  Place place;
  const auto store = opened(place.state());
  const auto name = [](Utc utc) { return "day " + std::to_string((utc.since_epoch - 12h) / hours{24}); };
  Chapter chapter = evening();
  for (const int day : {0, 1, 4}) {
    chapter.begun = Utc{hours{24 * 100 + 24 * day + 22}};
    store->begin_chapter(chapter);
    for (int quarter = 0; quarter < 30; ++quarter)
      store->append({chapter.at + minutes{15 * quarter}, Tick{}}, effects(Note{Lane::movement, {}, {}, 1, ""}));
  }
  ASSERT_TRUE(store->flush());
  EXPECT_EQ(*store->nights(name), (std::vector<std::string>{"day 104", "day 101", "day 100"}));
}

TEST(TheStore, DropsOldChaptersButKeepsTheirNotes) {
  Place place;
  const auto store = opened(place.state());
  for (int day = 0; day < 70; ++day) {
    Chapter chapter = evening();
    chapter.begun = Utc{hours{24 * day + 12}};
    store->begin_chapter(chapter);
    store->append({chapter.at, LinkChanged{true}}, effects(Note{Lane::note, {}, {}, 0, "day"}, Ask{{1}}));
    store->append({chapter.at + 1s, Tick{}}, effects(Decision{Decision::Outcome::did, "x", "y"}));
  }
  store->prune();
  ASSERT_TRUE(store->flush());
  const auto chapters = store->chapters();
  ASSERT_EQ(chapters->size(), 60u);
  EXPECT_EQ(chapters->front().number, 11);
  EXPECT_EQ(store->recorded(Utc{}, Utc{hours{24 * 10}})->size(), 10u)
      << "the notes of the old nights stay, decisions go";
  EXPECT_EQ(store->recorded(Utc{}, Utc{hours{24 * 80}})->size(), 70u + 60u);
  EXPECT_TRUE(store->events(11, [](const Moment& m) { return m.effects.size() <= 2; }));
}

TEST(TheStore, LetsOnlyOneProcessWriteAndNamesIt) {
  Place place;
  const auto store = opened(place.state());
  const auto second = Store::open(place.state(), StoreMode::read_write);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().where, place.state());
  EXPECT_NE(second.error().what.find("process " + std::to_string(::getpid())), std::string::npos)
      << second.error().what;
  EXPECT_TRUE(Store::open(place.state(), StoreMode::read_only)) << "reading is always possible";
}

TEST(TheStore, SaysWhatIsMissingWhenThereIsNothingToRead) {
  Place place;
  const auto none = Store::open(place.state(), StoreMode::read_only);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().what, "does not exist");
  std::ofstream(place.dir + "/file") << "x";
  const auto file = Store::open(place.dir + "/file/state", StoreMode::read_write);
  ASSERT_FALSE(file);
  EXPECT_NE(file.error().what.find("cannot be made"), std::string::npos) << file.error().what;
}

TEST(TheStore, ReadsAJournalThatWasCopiedElsewhere) {
  Place place;
  {
    const auto store = opened(place.state());
    store->begin_chapter(evening());
    store->append({{1010s}, LinkChanged{true}}, effects());
  }
  std::filesystem::copy_file(place.state() + "/lull.db", place.dir + "/night.db");
  const auto copy = opened(place.dir + "/night.db", StoreMode::read_only);
  EXPECT_EQ(*copy->events(1, [](const Moment&) { return true; }), 1);
}

}  // namespace
}  // namespace lull
