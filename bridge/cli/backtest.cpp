// lull backtest: changed settings and rules on recorded nights.
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "bridge/backtest/backtest.hpp"
#include "bridge/cli/commands.hpp"
#include "bridge/past.hpp"
#include "config/load.hpp"

namespace lull::cli {
namespace {

int wrong_usage(const std::string& text) {
  problem(text);
  return kUsage;
}

std::optional<minutes> clock_of(const std::string& text) {
  const auto at = text.size() == 5 ? recording::parse_time("1970-01-01T" + text) : std::nullopt;
  if (!at) return std::nullopt;
  return duration_cast<minutes>(*at);
}

/// The house of a file, with all its problems said, as `lull run` would.
std::optional<House> house_of(const std::string& path) {
  Loaded loaded = load_file(path);
  for (const Problem& p : loaded.problems) std::fprintf(stderr, "%s\n", to_text(p).c_str());
  for (const Problem& p : loaded.hints) std::fprintf(stderr, "hint: %s\n", to_text(p).c_str());
  if (!loaded.settings) return std::nullopt;
  return std::move(loaded.settings->house);
}

/// A bar on a terminal, and nothing in a file.
class Bar {
 public:
  explicit Bar(bool shown) : shown_(shown) {}
  ~Bar() {
    if (drawn_ >= 0) std::fputs("\r\033[K", stderr);
  }
  void operator()(std::size_t done, std::size_t of) {
    constexpr int kWide = 40;
    if (!shown_ || of == 0) return;
    const int full = static_cast<int>(done * kWide / of);
    if (full == drawn_ && done != of) return;
    drawn_ = full;
    std::string bar(static_cast<std::size_t>(full), '#');
    bar.resize(kWide, '.');
    std::fprintf(stderr, "\r[%s] %zu of %zu", bar.c_str(), done, of);
    std::fflush(stderr);
  }

 private:
  bool shown_;
  int drawn_ = -1;
};

}  // namespace

int backtest(const Backtest& args) {
  RecordingsTest test;
  test.files = args.files;
  test.sleeper = args.sleeper;
  test.request.format = args.format;
  test.request.column = args.column;
  if (args.files.empty() == args.state.empty())
    return wrong_usage("give either --state DIR, the folder given to lull run, or recordings as FILES");
  if (!args.epoch.empty()) {
    test.request.epoch = recording::parse_span(args.epoch);
    if (!test.request.epoch) return wrong_usage("--epoch " + args.epoch + ": must be a time such as 1s, 60s or 1min");
  }
  if (args.in_bed.empty() != args.out_of_bed.empty()) return wrong_usage("--in-bed and --out-of-bed go together");
  if (!args.in_bed.empty()) {
    test.in_bed = clock_of(args.in_bed), test.out_of_bed = clock_of(args.out_of_bed);
    if (!test.in_bed || !test.out_of_bed) return wrong_usage("--in-bed and --out-of-bed: must be like 22:30");
  }
  if (const auto begins = clock_of(args.begins))
    test.begins = *begins;
  else
    return wrong_usage("--begins " + args.begins + ": must be like 22:30");
  if (args.nights) test.nights = static_cast<std::size_t>(*args.nights);

  const auto house = house_of(args.config);
  if (!house) return kProblems;
  std::optional<House> other;
  if (!args.against.empty() && !(other = house_of(args.against))) return kProblems;

  std::unique_ptr<Store> store;
  if (!args.state.empty()) {
    auto opened = Store::open(state_folder(args.state), StoreMode::read_only);
    if (!opened) return problem(opened.error().where + ": " + opened.error().what);
    store = std::move(*opened);
    for (const std::string& warning : store->warnings()) std::fprintf(stderr, "note: %s\n", warning.c_str());
  }
  const auto run = [&](const House& tested) -> Result<backtest::Outcome> {
    Bar bar(isatty(STDERR_FILENO) == 1);
    const BacktestProgress progress = [&](std::size_t done, std::size_t of) { bar(done, of); };
    if (!store) return backtest_recordings(tested, test, progress);
    return backtest_journal(*store, tested, static_cast<std::size_t>(args.nights.value_or(30)), progress);
  };
  auto outcome = run(*house);
  if (!outcome) return problem(outcome.error().where + ": " + outcome.error().what);
  if (other) {
    auto beside = run(*other);
    if (!beside) return problem(beside.error().where + ": " + beside.error().what);
    put_beside(*outcome, std::move(*beside), "with " + args.against);
  }
  std::fputs((args.json ? to_json(*outcome) : to_text(*outcome, args.brief)).c_str(), stdout);
  return kFine;
}

}  // namespace lull::cli
