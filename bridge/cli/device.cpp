// lull device list, show and test: what the running service thinks of its devices, asked over its broker.
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "bridge/cli/address.hpp"
#include "bridge/cli/commands.hpp"
#include "bridge/mqtt/link.hpp"
#include "bridge/store/store.hpp"
#include "bridge/topics.hpp"
#include "config/load.hpp"

namespace lull::cli {
namespace {

using Json = nlohmann::json;
using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds kConnects{4000}, kListens{700}, kAnswers{6000}, kWholeTest{300'000};
constexpr std::size_t kMostDevices = 4 * kMaxDevices;  // remembered of what the broker tells

std::string text(const Json& of, const char* key) {
  const auto it = of.find(key);
  return it != of.end() && it->is_string() ? it->get<std::string>() : "";
}

/// The service as its topics tell of it: one short session of our own.
class Running {
 public:
  /// Error: no configuration, no state folder, no broker, or no service.
  static Result<std::unique_ptr<Running>> find(const DeviceArgs& args);

  const std::map<std::string, Json>& gates() const { return gates_; }      // heaters and massagers, by device id
  const std::map<std::string, Json>& sensors() const { return sensors_; }  // what is only heard
  /// What a movement sensor counts at this moment.
  const Json* counting(const std::string& name) const {
    const auto it = counting_.find(name);
    return it == counting_.end() ? nullptr : &it->second;
  }
  const std::string& where() const { return where_; }
  /// The id of the device of this name or id; "" when there is none.
  std::string id_of(const std::string& name) const {
    for (const auto* all : {&gates_, &sensors_})
      for (const auto& [id, is] : *all)
        if (id == name || is.value("name", "") == name) return id;
    return "";
  }
  void say(const Json& command) { link_->publish({topics_.command(), command.dump(), 1, false, 5}); }
  /// Lets time pass until `done`, at most `most`.
  bool wait(Milliseconds most, const std::function<bool()>& done);

  std::function<void(const Json&)> test_told;
  boost::asio::io_context& io() { return io_; }

 private:
  explicit Running(const std::string& install) : topics_(install) {}
  void heard(std::string_view topic, std::string_view payload);

  boost::asio::io_context io_{1};
  // Without it the loop would have nothing to wait for between two messages, and would turn as fast as it can.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open_{io_.get_executor()};
  Topics topics_;
  std::string where_, trouble_;
  bool up_ = false, online_ = false;
  std::map<std::string, Json> gates_, sensors_, counting_;
  std::unique_ptr<Link> link_;
};

/// The port that Lull's own broker was given, as it is written beside the journal; nothing when there is none.
std::optional<std::uint16_t> own_broker(const std::string& state) {
  std::FILE* file = std::fopen((state + "/broker/mosquitto.conf").c_str(), "r");
  if (!file) return std::nullopt;
  char line[200];
  unsigned port = 0;
  while (port == 0 && std::fgets(line, sizeof line, file)) std::sscanf(line, "listener %5u", &port);
  std::fclose(file);
  return port > 0 && port < 65536 ? std::optional(static_cast<std::uint16_t>(port)) : std::nullopt;
}

Result<std::unique_ptr<Running>> Running::find(const DeviceArgs& args) {
  const Loaded loaded = load_file(args.config);
  if (!loaded.settings)
    return Error{args.config, "has " + std::to_string(loaded.problems.size()) + " problems; see lull check"};
  auto store = Store::open(args.state, StoreMode::read_only);
  if (!store) return Error{store.error().where, store.error().what + "; --state must be the folder given to lull run"};
  std::unique_ptr<Running> it(new Running((*store)->install_id()));
  BrokerAddress broker{"127.0.0.1", 1883, false, "", ""};
  if (const auto& b = loaded.settings->broker)
    broker = address_of(*b);
  else if (const auto port = own_broker(args.state))
    broker.port = *port;
  it->where_ = broker.host + ":" + std::to_string(broker.port);
  Running& me = *it;
  me.link_ = std::make_unique<Link>(
      me.io_, broker, "lull-ask-" + std::to_string(::getpid()), Publish{},
      LinkHandlers{
          [&me](bool) { me.up_ = true; }, [&me](const std::string& why) { me.trouble_ = why; },
          [&me](std::string_view topic, std::string_view payload, bool, Milliseconds) { me.heard(topic, payload); },
          [](const std::string&) {}});
  me.link_->subscribe({me.topics_.status(), me.topics_.base() + "/device/+/gate",
                       me.topics_.base() + "/device/+/sensor", me.topics_.base() + "/sleeper/+/attributes",
                       me.topics_.event("test")});
  me.link_->start();
  me.wait(kConnects, [&me] { return me.up_ || !me.trouble_.empty(); });
  if (!me.up_) return Error{me.where_, "no broker answers there" + (me.trouble_.empty() ? "" : ": " + me.trouble_)};
  me.wait(kListens, [] { return false; });  // what is retained comes at once
  if (!me.online_)
    return Error{me.where_, "Lull is not running on this broker (" + me.topics_.status() +
                                " is not online); start it with lull run, then try again"};
  return it;
}

void Running::heard(std::string_view topic, std::string_view payload) {
  if (topic == topics_.status()) {
    online_ = payload == "online";
    return;
  }
  const Json said = Json::parse(payload, nullptr, false);
  if (!said.is_object()) return;
  if (topic == topics_.event("test")) {
    if (test_told) test_told(said);
  } else if (const auto counted = said.find("sensors"); counted != said.end() && counted->is_array()) {
    for (const Json& sensor : *counted)
      if (sensor.is_object() && counting_.size() < kMostDevices) counting_[text(sensor, "name")] = sensor;
  } else if (const std::string id = text(said, "device"); !id.empty()) {
    auto& all = topic.ends_with("/sensor") ? sensors_ : gates_;
    if (all.size() < kMostDevices) all[id] = said;
  }
}

bool Running::wait(Milliseconds most, const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + most;
  while (!done() && std::chrono::steady_clock::now() < end) io_.run_one_for(Milliseconds{20});
  return done();
}

void print(const Json& gate, bool long_form) {
  const Json findings = gate.value("findings", Json::array());
  const bool fine = gate.value("conforming", false);
  const Json trial = gate.value("test", Json::object());
  std::printf("%-24s %-12s tier %-2s %-12s test: %s\n", text(gate, "name").c_str(), text(gate, "kind").c_str(),
              text(gate, "tier").c_str(), fine ? "usable" : "NOT USABLE", text(trial, "state").c_str());
  for (const Json& f : findings) {
    if (!f.value("refuses", true) && !long_form) continue;
    std::printf("  %s %s: %s\n", f.value("refuses", true) ? "-" : "(note)", text(f, "code").c_str(),
                text(f, "sentence").c_str());
    if (const std::string remedy = text(f, "remedy"); !remedy.empty()) std::printf("    %s\n", remedy.c_str());
  }
  if (!long_form) return;
  std::printf("  stops by itself: %s\n", text(gate, "timer").c_str());
  for (const char* key : {"model", "firmware", "address"})
    if (const std::string value = text(gate, key); !value.empty()) std::printf("  %s: %s\n", key, value.c_str());
  if (const std::string at = text(trial, "at"); !at.empty())
    std::printf("  set-up test %s: %s\n", at.c_str(), text(trial, "text").c_str());
}

void print_sensor(const Json& sensor, const Json* counting, bool long_form) {
  const std::string stream = text(sensor, "stream");
  std::printf("%-24s %-12s %s%s\n", text(sensor, "name").c_str(), text(sensor, "kind").c_str(),
              stream.empty() ? "" : (stream + ", ").c_str(),
              sensor.value("reachable", true) ? "reachable" : "CANNOT BE REACHED");
  if (const std::string limits = text(sensor, "limits"); !limits.empty())
    std::printf("  %s%s\n", text(sensor, "kind") == "movement" ? "what it cannot tell: " : "", limits.c_str());
  if (!long_form) return;
  if (const auto battery = sensor.find("battery_percent"); battery != sensor.end() && battery->is_number())
    std::printf("  battery: %d %%\n", battery->get<int>());
  if (counting)
    std::printf("  now: %d movements, %d are needed%s\n", counting->value("movements", 0), counting->value("needed", 0),
                counting->value("heard", true) ? "" : "; it is silent and not believed");
}

int failed(const Error& e, int code = kProblems) {
  problem(e.where + ": " + e.what);
  return code;
}

/// `all`: also what is only heard.
int unknown(const Running& running, const std::string& name, bool all) {
  std::string known;
  for (const auto& [id, gate] : running.gates()) known += (known.empty() ? "" : ", ") + text(gate, "name");
  if (all)
    for (const auto& [id, sensor] : running.sensors()) known += (known.empty() ? "" : ", ") + text(sensor, "name");
  return failed({name, (all ? "is nothing that Lull drives or hears; there are: "
                            : "is no heater or massager that Lull drives; they are: ") +
                           (known.empty() ? "none" : known)},
                kUsage);
}

}  // namespace

int device_list(const DeviceArgs& args) {
  const auto running = Running::find(args);
  if (!running) return failed(running.error());
  if (args.json) {
    Json all = Json::array();
    for (const auto& [id, gate] : (*running)->gates()) all.push_back(gate);
    for (const auto& [id, sensor] : (*running)->sensors()) all.push_back(sensor);
    std::puts(all.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    return kFine;
  }
  for (const auto& [id, gate] : (*running)->gates()) print(gate, false);
  if ((*running)->gates().empty()) std::puts("Lull drives no heater and no massager.");
  for (const auto& [id, sensor] : (*running)->sensors()) print_sensor(sensor, nullptr, false);
  return kFine;
}

int device_show(const DeviceArgs& args) {
  const auto running = Running::find(args);
  if (!running) return failed(running.error());
  const std::string id = (*running)->id_of(args.name);
  if (id.empty()) return unknown(**running, args.name, true);
  if (const auto sensor = (*running)->sensors().find(id); sensor != (*running)->sensors().end()) {
    if (args.json)
      std::puts(sensor->second.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else
      print_sensor(sensor->second, (*running)->counting(text(sensor->second, "name")), true);
    return sensor->second.value("reachable", true) ? kFine : kProblems;
  }
  const Json& gate = (*running)->gates().at(id);
  if (args.json)
    std::puts(gate.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  else
    print(gate, true);
  return gate.value("conforming", false) ? kFine : kProblems;
}

int device_test(const DeviceArgs& args) {
  const auto found = Running::find(args);
  if (!found) return failed(found.error());
  Running& running = **found;
  const std::string id = running.id_of(args.name);
  if (running.gates().count(id) == 0) return unknown(running, args.name, false);
  std::optional<bool> passed;
  bool answered = false, broken_off = false;
  running.test_told = [&](const Json& said) {
    if (text(said, "device") != id) return;
    answered = true;
    const std::string state = text(said, "state");
    if (args.json)
      std::puts(said.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    else
      std::printf("%d/%d  %s\n", said.value("step", 0), said.value("of", 0), text(said, "text").c_str());
    std::fflush(stdout);
    if (state != "runs") passed = state == "passed";
  };
  boost::asio::signal_set signals(running.io(), SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& e, int) {
    if (e) return;  // whoever watches goes: then it ends, for nobody would see what happens
    running.say({{"do", "set"}, {"device", id}, {"level", 0}, {"by", "command_line"}});
    broken_off = true;
  });
  if (!args.json) std::printf("Watch %s for a minute. Ctrl-C ends the test and switches it off.\n", args.name.c_str());
  std::fflush(stdout);
  running.say({{"do", "test"}, {"device", id}, {"by", "command_line"}});
  if (!running.wait(kAnswers, [&] { return answered || broken_off; }))
    return failed({running.where(), "Lull did not answer; may this program publish on its command topic?"});
  running.wait(kWholeTest, [&] { return passed.has_value() || broken_off; });
  if (broken_off && !passed) running.wait(Milliseconds{2000}, [&] { return passed.has_value(); });
  if (!passed) return failed({args.name, "the test did not end in time; lull device show tells how it stands"});
  return *passed ? kFine : kProblems;
}

}  // namespace lull::cli
