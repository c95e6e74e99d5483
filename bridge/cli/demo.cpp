// lull demo: the very same service, a real broker, a simulated bedroom, and a night in three minutes.
#include <signal.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include "automations/night/picture.hpp"
#include "bridge/api/page.hpp"
#include "bridge/cli/commands.hpp"
#include "bridge/demo/home.hpp"
#include "bridge/demo/room.hpp"
#include "bridge/demo/story.hpp"
#include "bridge/mqtt/broker.hpp"
#include "bridge/night_keeper.hpp"
#include "bridge/picture/png.hpp"
#include "bridge/picture/svg.hpp"
#include "bridge/service.hpp"

namespace lull::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kEvening = "2026-11-21";
constexpr minutes kBegins{21 * 60 + 30};  // time for the set-up tests, before the first rule of the night
constexpr minutes kLonger{11 * 60 + 30};  // 21:30 to 09:00 at the latest
constexpr minutes kUp{25};                // this long after the last getting up the night is over

Result<fs::path> fresh_folder(const std::string& wanted) {
  const fs::path out = wanted.empty() ? fs::temp_directory_path() / "lull-demo" : fs::path(wanted);
  std::error_code error;
  fs::create_directories(out, error);
  if (!error) fs::remove_all(out / "journal", error);  // of the last demo
  if (!error) fs::create_directories(out / "journal", error);
  if (error) return Error{out.string(), "cannot be written: " + error.message()};
  return out;
}

bool write(const fs::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  return static_cast<bool>(file);
}

/// Ends when the sleeper has been up for a while, or at the latest in the forenoon.
struct Morning {
  Instant latest;
  std::optional<Instant> up{};
  bool slept = false;
  bool here(const demo::Truth& truth, Instant now) {
    slept = slept || truth.asleep;
    if (!slept || truth.in_bed)
      up.reset();
    else if (!up)
      up = now;
    return now >= latest || (up && now - *up >= kUp);
  }
};

/// What somebody does once with a new heater: its set-up test, one after the other, again when the radio was poor.
struct SettingUp {
  Instant begins;
  std::map<DeviceId, int> tries{};
  void go_on(Service& service) {
    if (!service.hub().ready || service.now() - begins < 1min || service.hub().trial) return;
    for (const DeviceView& is : view(service.hub(), service.now()).devices) {
      const bool heater = service.house().devices[is.device.index].kind == Kind::heat_pad;
      if (!heater || is.trial.state == TrialView::State::passed || tries[is.device] >= 3) continue;
      ++tries[is.device];
      service.ask(Door::command_line, ask::Test{is.device});
      return;
    }
  }
};

int write_all(const fs::path& out, const NightReport& report, const House& house, const std::string& program) {
  const Picture picture = picture_of(report, house);
  const auto png = to_png(picture);
  if (!png) return problem(png.error().where + ": " + png.error().what);
  const std::string text = to_text(report, house);
  if (!write(out / "report.txt", text) || !write(out / "report.json", to_json(report, house)) ||
      !write(out / "night.svg", to_svg(picture)) || !write(out / "night.png", *png))
    return problem(out.string() + ": cannot be written");
  std::printf("\n%s\n", text.c_str());
  std::printf("The picture of the night:  %s\n", (out / "night.png").c_str());
  std::printf("Why did (or did not) something happen at 02:00?  %s why 02:00 --state %s\n", program.c_str(),
              out.c_str());
  std::printf("Prove that the core decides the same again:      %s replay %s\n", program.c_str(), out.c_str());
  return kFine;
}

}  // namespace

int demo(const Demo& args) {
  const auto out = fresh_folder(args.out);
  if (!out) return problem(out.error().where + ": " + out.error().what);
  const std::string journal = (*out / "journal").string();
  spdlog::set_default_logger(spdlog::basic_logger_st("lull", (*out / "lull.log").string(), true));
  spdlog::set_pattern("%H:%M:%S.%e %l %v");

  Loaded loaded = load_text(demo::kHome, "lull.yaml");
  if (!loaded.settings) return problem(to_text(loaded.problems.front()));
  write(*out / "lull.yaml", demo::kHome);
  const Zone zone = loaded.settings->house.zone;
  const Utc begins = *in_night(zone, kEvening, TimeOfDay{static_cast<std::int16_t>(kBegins.count())});
  const Clock clock(begins, args.speed);

  boost::asio::io_context io(1);
  auto broker = Broker::start(io, journal);
  if (!broker) return problem(broker.error().where + ": " + broker.error().what);
  auto store = Store::open(journal, StoreMode::read_write);
  if (!store) return problem(store.error().where + ": " + store.error().what);

  demo::BedroomSettings room_settings;
  room_settings.seed = args.seed;
  room_settings.faults = args.faults;
  room_settings.partner = args.partner;
  room_settings.begins = clock.now();
  room_settings.clock = kBegins;
  demo::Room room(io, (*broker)->address(), clock, room_settings);

  std::unique_ptr<demo::Story> story;
  ServiceOptions options{(*broker)->address(), clock, journal,
                         [&](Instant, Utc utc, const Effect& e) { story->tell(utc, e); }};
  std::unique_ptr<PageDoor> page;
  options.ticked = [&page] {
    if (page) page->ticked();
  };
  options.showed = [&page] {
    if (page) page->showed();
  };
  Service service(io, std::move(*loaded.settings), std::move(*store), options);
  auto opened = PageDoor::open(io, service, {.port = args.serve});
  if (!opened) return problem(opened.error().where + ": " + opened.error().what);
  page = std::move(*opened);
  story = std::make_unique<demo::Story>(service.house(), isatty(STDOUT_FILENO) == 1);
  std::printf(
      "A simulated bedroom, night %llu, %.0f times faster than life. Broker on 127.0.0.1:%u%s.\n"
      "The page:  %s\n\n",
      static_cast<unsigned long long>(args.seed), args.speed, (*broker)->port(), args.faults ? ", with faults" : "",
      page->url().c_str());
  std::fflush(stdout);

  Morning morning{clock.now() + kLonger};
  SettingUp setting_up{clock.now()};
  boost::asio::steady_timer look(io);
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  std::string unproved;
  Clock pace = clock;  // the same clock
  bool over = false;
  int code = kFine;
  const auto tell_night = [&] {
    story->end_line();
    service.store().flush();
    const auto report = read_report(service.store(), service.house(), std::string(kEvening));
    code = report ? write_all(*out, *report, service.house(), args.program)
                  : problem(report.error().where + ": " + report.error().what);
  };
  const auto leave = [&] {
    signals.cancel();
    service.leave([&](const std::string& what) {
      unproved = what;
      room.stop();
      io.stop();
    });
  };
  const std::function<void()> watch = [&] {
    const demo::Truth truth = room.bedroom().truth();
    const double part =
        static_cast<double>((clock.utc() - begins).count()) / static_cast<double>(milliseconds{9h + 30min}.count());
    if (!over) story->progress(clock.utc(), std::min(1.0, part), view(service.hub(), clock.now()), truth);
    setting_up.go_on(service);
    if (!over && morning.here(truth, clock.now())) {
      if (!args.stay) return leave();
      over = true;
      tell_night();
      std::printf("The page stays at %s until you end this (Ctrl-C).\n", page->url().c_str());
      std::fflush(stdout);
      pace.go_at(1);
    }
    look.expires_after(std::chrono::milliseconds{200});
    look.async_wait([&](const boost::system::error_code& e) {
      if (!e) watch();
    });
  };
  signals.async_wait([&](const boost::system::error_code& e, int) {
    if (!e) leave();
  });
  room.start();
  service.start();
  watch();
  io.run();
  page.reset();
  if (!unproved.empty()) problem("not proved off at the end: " + unproved);
  if (!over) tell_night();
  return unproved.empty() ? code : kProblems;
}

}  // namespace lull::cli
