// What a whole night weighs on the disk, and what it costs.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>

#include "tests/bridge/store/place.hpp"

namespace lull {
namespace {

TEST(ANightOnDisk, WeighsLessThanFiveMegabytes) {
  Place place;
  const std::clock_t cpu = std::clock();
  std::chrono::steady_clock::duration in_loop{};
  std::int64_t number = 0;
  {
    // A night in a tenth of a second is more than the queue of a real one holds.
    const auto store = opened(place.state(), StoreMode::read_write, {.max_lines = 60000});
    number = store->begin_chapter(evening(std::string(8000, '#')));
    std::mt19937 dice{1};
    const auto begin = std::chrono::steady_clock::now();
    for (int second = 0; second < 30000; ++second) {
      std::vector<Effect> effects;
      if (second % 60 == 0)
        effects.emplace_back(Note{Lane::movement, SleeperId{0}, std::nullopt, second % 7 * 1.0, ""});
      if (second % 100 == 0)
        effects.emplace_back(Decision{Decision::Outcome::did_not, "rule Restless at night",
                                      "3 movements in 5 min, 7 would be restless; in bed since 23:04"});
      store->append({{seconds{1000 + second}}, Tick{}}, effects);
      if (second % 3 == 2) continue;
      const double rms = static_cast<double>(dice() % 10000) / 100,
                   peak = rms * 2 + static_cast<double>(dice() % 1000) / 100;
      store->append({{seconds{1000 + second} + milliseconds{dice() % 1000}},
                     MovementReported{{3}, LegAcceleration{rms, peak, 50}}},
                    {});
    }
    in_loop = std::chrono::steady_clock::now() - begin;
    ASSERT_TRUE(store->flush(20s));
  }
  const double seconds_used = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  const auto size = std::filesystem::file_size(place.state() + "/lull.db");
  std::printf("a night of 50,000 events: %.2f MB, %.2f s of CPU, %.1f us an event in the loop\n",
              static_cast<double>(size) / 1e6, seconds_used,
              std::chrono::duration<double, std::micro>(in_loop).count() / 50000);
  EXPECT_LT(size, 5u << 20);
  const auto store = opened(place.state(), StoreMode::read_only);
  const auto told = store->events(number, [](const Moment& m) { return m.lost == 0; });
  ASSERT_TRUE(told) << told.error().what;
  EXPECT_EQ(*told, 50000);
}

}  // namespace
}  // namespace lull
