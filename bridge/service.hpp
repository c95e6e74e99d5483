// Lull as it runs: the pure core in the middle, the broker on one side, the disk on the other. `lull run` and `lull
// demo` are this class with different clocks.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "automations/hub.hpp"
#include "bridge/clock.hpp"
#include "bridge/guarded.hpp"
#include "bridge/home_assistant/face.hpp"
#include "bridge/home_assistant/websocket/client.hpp"
#include "bridge/mqtt/ears.hpp"
#include "bridge/mqtt/guard.hpp"
#include "bridge/mqtt/link.hpp"
#include "bridge/mqtt/retained.hpp"
#include "bridge/night_keeper.hpp"
#include "bridge/ntfy/client.hpp"
#include "bridge/outbox.hpp"
#include "bridge/router.hpp"
#include "bridge/store/store.hpp"
#include "bridge/timeliness.hpp"
#include "config/load.hpp"

namespace lull {

struct ServiceOptions {
  BrokerAddress broker;
  Clock clock;
  std::string state_dir;
  /// Told of each effect, for the demo's story. May be empty.
  std::function<void(Instant, Utc, const Effect&)> watch;
  /// Called after each tick, once a second: whoever hears nothing of it for long knows that the loop hangs. May be
  /// empty.
  std::function<void()> ticked = {};
  /// Called when what can be seen may have changed, and is on the disk. May be empty.
  std::function<void()> showed = {};
  /// Where its WebSocket is; nothing: MQTT alone.
  std::optional<HaAddress> home_assistant = {};
  /// Where ntfy is; nothing: not used.
  std::optional<NtfyAddress> ntfy = {};
};

/// Everything happens on the loop's one thread. A message of the broker becomes events, each event one step of the
/// core, its effects leave before the next message is read.
class Service {
 public:
  Service(boost::asio::io_context& io, Settings settings, std::unique_ptr<Store> store, ServiceOptions options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  void start();
  /// A wish from a door that is not MQTT: a signal, the page. What was decided about it at once.
  std::vector<Decision> ask(Door door, Command command, std::optional<milliseconds> age = {});
  /// What `lull stop` asks through the socket: "stop", "release" or "how". Replies in lines: stopped or watching;
  /// broker or nobroker; then the name of each device that has not shown that it is off. "" for any other question.
  std::string at_the_door(std::string_view question);
  /// Everything off and proved, the wills withdrawn, the journal flushed; then `done` with what could not be proved
  /// ("").
  void leave(std::function<void(std::string unproved)> done);

  const Hub& hub() const { return hub_; }
  const House& house() const { return *house_; }
  const std::string& install() const { return install_; }
  const Settings& settings() const { return settings_; }
  /// An OFF can leave by one session at least.
  bool reaches_broker() const { return hub_.link_up || listener_->is_up(); }
  const std::vector<LastNight>& last_nights() const { return shown_.nights; }
  Seen seen() const { return {view(hub_, clock_.now()), shown_}; }
  /// Something has changed that is not shown yet, for it is not on the disk.
  bool shows_soon() const { return show_soon_; }
  Store& store() { return *store_; }
  Instant now() const { return clock_.now(); }
  /// For /healthz: whether all is well, and the sentence behind it.
  std::pair<bool, std::string> health() const;

 private:
  static constexpr std::uint32_t kOnExpires = 5;  // seconds in a broker's queue: an ON never arrives late
  static constexpr milliseconds kCopyAfter{20};   // an OFF's second road after its first

  struct Copy {
    DeviceId of;
    Publish words;
  };
  void tell(News news);
  void perform(std::vector<Effect>& effects, Instant at);
  void guard_heard(std::string_view topic, std::string_view payload, bool retained);
  bool counts(Ear ear, std::string_view topic, std::string_view payload, bool retained);
  void say_off_by_guards();
  void watch_address(DeviceId device, const std::string& address);
  void heard(std::string_view topic, std::string_view payload, bool retained, milliseconds waited);
  void heard_from_device(std::string_view topic, std::string_view payload, bool retained, milliseconds age);
  void heard_from_home_assistant(const EntityTold& told);
  void take(Heard heard, std::string_view source, milliseconds age);
  void call_home_assistant(DeviceId device, const std::vector<Outgoing>& words, bool off);
  void look_for_stall();
  void tell_backlog();
  void link_up();
  void say(const SafeCommand& command);
  void say_off(DeviceId device, const std::vector<Outgoing>& words, Guard* own);
  void say_copies();
  void say_copies_soon();
  void send(const std::vector<Outgoing>& words, int qos, std::uint32_t expiry_s);
  void ask_device(DeviceId device);
  void publish(std::vector<Publish> all);
  void keep_face();
  void show();
  void show_when_kept(milliseconds waited);
  void show_more();
  void tick();
  void wait_for_tick();
  void watch_clock();
  void tell_phones(const Notify& what);
  void open_websocket();
  void open_ntfy();
  void begin_chapter(std::string snapshot);
  void night_ended(const std::string& night);
  /// `source`: a topic, or whatever else talks nonsense. Its first complaint is logged, later ones are counted.
  void complain(const std::string& source, const std::string& where, const std::string& what);
  void end(std::string unproved);

  boost::asio::io_context& io_;
  Settings settings_;
  std::shared_ptr<const House> house_;
  std::unique_ptr<Store> store_;
  ServiceOptions options_;
  Clock clock_;
  std::string install_;
  Hub hub_;
  Router router_;
  Guarded guarded_;
  Ears ears_;
  RetainedCommands retained_;
  Outbox outbox_;
  std::unique_ptr<Link> link_;
  std::vector<std::unique_ptr<Guard>> guards_;  // one a device; null where it is no heater
  std::vector<Copy> copies_;                    // of OFF, for the main session, kCopyAfter later
  std::unique_ptr<Guard> listener_;             // hears what is guarded, and says the OFF of everything else
  std::unique_ptr<HaClient> phones_;            // null: not used
  std::unique_ptr<NtfyClient> ntfy_;            // null: not used
  std::unique_ptr<Face> face_;
  Face::Kept face_kept_;
  Shown shown_;
  std::optional<View> seen_;                // at the last show, for what changed
  std::optional<milliseconds> told_clock_;  // the offset of the last ClockSet
  SenderClocks senders_;
  Backlog backlog_;
  Stall stall_;
  std::uint64_t last_kept_ = 0;                       // the ticket of what was kept last
  std::vector<Decision>* hears_decisions_ = nullptr;  // of the wish that is being carried out
  bool copies_wait_ = false, show_soon_ = false, leaving_ = false, ended_ = false;
  boost::asio::steady_timer tick_, show_, copy_;
  NightKeeper keeper_;
  std::function<void(std::string)> left_;
  std::set<std::string> complained_;  // sources; each is told of once, at most kMaxComplaints
  std::uint64_t nonsense_ = 0;        // complaints in all
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace lull
