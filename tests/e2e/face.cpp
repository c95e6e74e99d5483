// Lull's face without the rest of Lull: a fixed house whose devices obey at once, for the test with the real Home
// Assistant. Says each wish on its output, one JSON line each; ends cleanly on SIGTERM.
#include <signal.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "bridge/home_assistant/face.hpp"
#include "bridge/home_assistant/websocket/client.hpp"
#include "bridge/mqtt/link.hpp"
#include "tests/bridge/home_assistant/sample.hpp"

namespace lull {
namespace {

using Json = nlohmann::json;

/// What a hub would do with a wish, without any of its doubts.
void obey(Seen& seen, const House& house, const Command& command) {
  View& view = seen.view;
  const auto off = [&](DeviceView& d) { d.on = false, d.level = d.wanted = 0_pct; };
  std::visit(Match{[&](const ask::StopAll&) {
                     view.stopped = true;
                     view.status = "stopped";
                     for (DeviceView& d : view.devices) off(d);
                   },
                   [&](const ask::Release&) { view.stopped = false, view.status = "ready"; },
                   [&](const ask::StopMassage&) {
                     for (DeviceView& d : view.devices)
                       if (house.devices[d.device.index].kind == Kind::massage_pad) off(d);
                   },
                   [&](const ask::SetDevice& s) {
                     DeviceView& d = view.devices[s.device.index];
                     d.level = d.wanted = s.level.value_or(30_pct);
                     d.on = *d.level > 0_pct;
                     if (const auto program = program_for(s.program)) d.program = *program;
                   },
                   [&](const ask::Play& p) {
                     view.plays.push_back({p.routine, "home_assistant", "", 5min, 30min, false});
                   },
                   [&](const ask::StopPlay&) { view.plays.clear(); },
                   [&](const ask::NotTonight& n) { view.not_tonight = n.on; },
                   [&](const ask::AllowNightReplay& n) { view.night_replay = n.on; }, [&](const auto&) {}},
             command);
  seen.shown.decision = Decision{Decision::Outcome::did, "a wish", "obeyed"};
}

Json words(const Command& command) {
  return std::visit(
      Match{[](const ask::StopAll&) { return Json{"stop"}; }, [](const ask::Release&) { return Json{"release"}; },
            [](const ask::StopMassage&) { return Json{"stop_massage"}; },
            [](const ask::Play& p) {
              return Json{"play", p.routine};
            },
            [](const ask::StopPlay& p) {
              return Json{"stop_play", p.routine};
            },
            [](const ask::Replay&) { return Json{"replay"}; }, [](const ask::Softer&) { return Json{"softer"}; },
            [](const ask::Stronger&) { return Json{"stronger"}; },
            [](const ask::Word& w) {
              return Json{"word", w.word};
            },
            [](const ask::Extend& e) {
              return Json{"extend", duration_cast<minutes>(e.by).count()};
            },
            [](const ask::SetDevice& s) {
              return Json{"set", s.device.index, s.level ? Json(s.level->whole()) : Json(), s.program};
            },
            [](const ask::NotTonight& n) {
              return Json{"not_tonight", n.on};
            },
            [](const ask::AllowNightReplay& n) {
              return Json{"night_replay", n.on};
            },
            [](const auto&) { return Json{"other"}; }},
      command);
}

std::string read(const std::string& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

struct Household {
  boost::asio::io_context loop;
  boost::asio::steady_timer timer{loop};
  boost::asio::signal_set signals{loop, SIGTERM, SIGINT};
  House house;
  Seen seen{sample::view(), {}};
  std::string keep_at;
  bool leaving = false;
  Face::Kept kept;
  std::unique_ptr<Face> face;
  std::unique_ptr<Link> link;
  std::unique_ptr<HaClient> phones;  // with --websocket PORT --token FILE
  std::string picture;

  static Instant now() {
    timespec t{};
    clock_gettime(CLOCK_BOOTTIME, &t);
    return {seconds{t.tv_sec} + milliseconds{t.tv_nsec / 1'000'000}};
  }
  void publish(std::vector<Publish> all) {
    remember();
    for (Publish& one : all) link->publish(std::move(one));
  }
  void remember() {
    if (face->keep() == kept) return;
    kept = face->keep();
    std::ofstream(keep_at + ".announced") << kept.announcer;
    std::ofstream(keep_at + ".topics") << kept.topics;
  }
  void hear(std::string_view topic, std::string_view payload, bool retained) {
    const auto heard = face->hear(topic, payload, retained, now());
    if (heard.problem) std::cout << Json{{"problem", heard.problem->where + " " + heard.problem->what}} << std::endl;
    publish(heard.publish);
    if (!heard.wish) return;
    for (const Command& command : heard.wish->commands) {
      Json wish = words(command);
      if (heard.wish->door == Door::scene) wish.push_back("scene");  // perhaps on behalf of a voice
      std::cout << Json{{"wish", wish}} << std::endl;
      obey(seen, house, command);
      if (const auto* said = std::get_if<ask::Word>(&command); said && said->word == "morning") morning();
    }
    publish(face->show());
  }
  /// As the service does it: the summary is told, then the picture is shown.
  void morning() {
    if (phones) phones->notify({Notify::Urgency::summary, std::nullopt, "A calm night."});
    seen.shown.picture = std::make_shared<const std::string>(read(picture));
  }
  void open_websocket(std::map<std::string, std::string>& options) {
    picture = options["picture"];
    if (!options.count("websocket")) return;
    HaAddress there{"127.0.0.1", static_cast<std::uint16_t>(std::stoi(options["websocket"]))};
    there.token_file = options["token"];
    phones = std::make_unique<HaClient>(
        loop, there, house, std::vector<PhonesOf>{{SleeperId{0}, {"mobile_app_test_phone"}}},
        std::vector<std::string>{},
        HaClient::Handlers{{},
                           [this] {
                             std::cout << Json{{"websocket", word_for(phones->status().state)}} << std::endl;
                           },
                           {},
                           [](const std::string& text) {
                             std::cout << Json{{"trouble", text}} << std::endl;
                           }});
    phones->start();
  }
  void tick() {
    if (phones) phones->beat();
    timer.expires_after(milliseconds(100));
    timer.async_wait([this](const boost::system::error_code& problem) {
      if (problem) return;
      publish(face->tick(now()));
      if (leaving && !face->due()) return end();
      tick();
    });
  }

  int run(std::map<std::string, std::string> options) {
    house = sample::house();
    // The ways in which a household changes between two runs.
    if (options["house"] == "renamed")
      for (Device& d : house.devices) d.name = d.name == "Foot warmer" ? "Toe warmer" : d.name;
    if (options["house"] == "smaller") {  // no second pad, so no group of pads either; no thermometer on the warmer
      house.devices.erase(house.devices.begin() + 1);
      house.devices[1].thermometer.reset();
      seen.view.devices.pop_back();
    }
    keep_at = options["keep"];
    kept = {read(keep_at + ".announced"), read(keep_at + ".topics")};
    face = std::make_unique<Face>(
        house, sample::settings(), kept, 7, [this] { return seen; }, now());
    LinkHandlers on;
    on.up = [this](bool) {
      std::cout << Json{{"up", true}} << std::endl;
      publish(face->link_up(now()));
    };
    on.down = [this](const std::string&) { face->link_down(); };
    on.message = [this](std::string_view t, std::string_view p, bool r, std::chrono::milliseconds) { hear(t, p, r); };
    on.complaint = [](const std::string& text) { std::cout << Json{{"complaint", text}} << std::endl; };
    BrokerAddress broker;
    broker.host = "127.0.0.1";
    broker.port = static_cast<std::uint16_t>(std::stoi(options["port"]));
    link = std::make_unique<Link>(loop, broker, "lull-" + std::string(sample::kInstall), face->will(), on);
    link->subscribe(face->subscriptions());
    link->start();
    signals.async_wait([this](const boost::system::error_code&, int signal) {
      if (signal != SIGINT) return end();
      leaving = true;  // everything is to be forgotten, then the end
      publish(face->remove_all(now()));
    });
    open_websocket(options);
    tick();
    loop.run();
    return 0;
  }
  void end() {
    timer.cancel();
    link->stop(
        face->farewell(), [this] { loop.stop(); }, milliseconds(3000));
  }
};

}  // namespace
}  // namespace lull

int main(int count, char** words) {
  std::map<std::string, std::string> options;
  for (int i = 1; i + 1 < count; i += 2) options[std::string(words[i]).substr(2)] = words[i + 1];
  if (!options.count("port") || !options.count("keep")) {
    std::cerr << "usage: face --port PORT --keep FILE [--house full|renamed|smaller] [--websocket PORT --token FILE "
                 "--picture FILE]\n";
    return 2;
  }
  return lull::Household{}.run(options);
}
