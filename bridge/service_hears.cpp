// What the service hears: what a message of the broker is, whose it is, and how old; and what is wished at its doors.
#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "bridge/service.hpp"

namespace lull {

/// Whatever the loop does next, it first knows what it missed: after a suspend a message may be read before any timer.
void Service::look_for_stall() {
  const auto lost = stall_.look(Clock{}.now(), Clock::asleep());
  if (!lost) return;
  spdlog::warn("the loop stood still for {} ms, {} ms of it the machine slept", lost->lost.count(),
               lost->asleep.count());
  backlog_.stalled(clock_.now());
  const auto as_shown = [&](milliseconds d) {
    return milliseconds{static_cast<std::int64_t>(static_cast<double>(d.count()) * clock_.speed())};
  };
  tell(Stalled{as_shown(lost->lost), as_shown(lost->asleep)});
  tell_backlog();
}

void Service::tell_backlog() {
  if (auto change = backlog_.look(clock_.now())) tell(std::move(*change));
}

void Service::heard(std::string_view topic, std::string_view payload, bool retained, milliseconds waited) {
  if (auto found = retained_.look(topic, payload, retained)) {
    link_->publish(std::move(found->clear));
    return tell(RetainedCommandFound{found->device, found->topic.substr(0, 200)});
  }
  if (retained_.is_command(topic)) return;
  Face::Heard to_face = face_->hear(topic, payload, retained, clock_.now());
  publish(std::move(to_face.publish));
  if (to_face.problem) complain(std::string(topic), to_face.problem->where, to_face.problem->what);
  if (to_face.wish) {
    const auto age = age_of(*to_face.wish, Clock{}.utc());
    if (!age) return complain(std::string(topic), age.error().where, age.error().what);
    for (Command& command : to_face.wish->commands) {
      News asked = Asked{to_face.wish->door, std::move(command)};
      set_age(asked, std::max(waited, age->value_or(0ms)));
      tell(std::move(asked));
    }
  }
  if (to_face.ours) return;
  heard_from_device(topic, payload, retained, waited);
}

void Service::heard_from_device(std::string_view topic, std::string_view payload, bool retained, milliseconds age) {
  take(router_.hear({topic, payload, retained}), topic, age);
#ifdef __GLIBC__
  // A bridge's list of devices becomes a tree of megabytes while it is read, and comes once in weeks: given back.
  if (payload.size() > kMaxPayload) malloc_trim(0);
#endif
}

/// What Home Assistant has known for a while it may have from before its own restart, and a broker's memory behind it.
void Service::heard_from_home_assistant(const EntityTold& told) {
  constexpr milliseconds kKnown{10min};
  look_for_stall();
  Heard heard = router_.hear({told.id, told.state, told.before}, Router::Road::home_assistant);
  for (News& news : heard.news)
    if (auto* in = std::get_if<OccupancyReported>(&news); in && told.age < kKnown) in->remembered.reset();
  take(std::move(heard), told.id, told.age);
}

void Service::take(Heard heard, std::string_view source, milliseconds age) {
  for (const Error& problem : heard.problems) complain(std::string(source), problem.where, problem.what);
  if (heard.sent) {
    // A simulated night runs faster than the broker between it and us: what counts is how long that took in the world.
    const milliseconds lag = senders_.age(*heard.sent, clock_.now(), clock_.utc());
    age = std::max(age, milliseconds{static_cast<std::int64_t>(static_cast<double>(lag.count()) / clock_.speed())});
  }
  for (News& news : heard.news) {
    // Battery devices repeat theirs in every message.
    const auto* battery = std::get_if<BatteryReported>(&news);
    if (battery && hub_.vitals[battery->device.index].battery == battery->left) continue;
    const auto* is = std::get_if<DeviceIdentified>(&news);
    if (is && !is->address.empty()) watch_address(is->device, is->address);
    set_age(news, age);
    tell(std::move(news));
  }
}

// ---- doors: the command line and the page -----------------------------------------------------------------------

std::vector<Decision> Service::ask(Door door, Command command, std::optional<milliseconds> age) {
  std::vector<Decision> decided;
  hears_decisions_ = &decided;
  tell(Asked{door, std::move(command), age});
  hears_decisions_ = nullptr;
  return decided;
}

std::string Service::at_the_door(std::string_view question) {
  if (question == "stop")
    ask(Door::command_line, ask::StopAll{});
  else if (question == "release")
    ask(Door::command_line, ask::Release{});
  else if (question != "how")
    return "";
  std::string reply = hub_.stopped ? "stopped\n" : "watching\n";
  reply += reaches_broker() ? "broker\n" : "nobroker\n";
  for (std::size_t i = 0; i < hub_.actuators.size(); ++i)
    if (rests_off(house_->devices[i]) && !hub_.actuators[i].off_proved) reply += house_->devices[i].name + "\n";
  return reply;
}

}  // namespace lull
