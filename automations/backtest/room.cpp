// A pad that always obeys is kinder than life: what a backtest says of minutes is an upper bound (docs/BACKTEST.md).
#include "automations/backtest/room.hpp"

#include <algorithm>
#include <utility>

#include "automations/actuator.hpp"
#include "devices/result.hpp"

namespace lull::backtest {
namespace {

constexpr double kRoom = 28.0;    // °C of a surface under a blanket, before it is warmed
constexpr double kWarmsIn = 420;  // s, of the way to what its level asks for
constexpr milliseconds kTellsEvery = 10s;

bool one_device(const Device& a, const Device& b) { return a.speaks == b.speaks && a.base == b.base && a.at == b.at; }

}  // namespace

Room::Room(const House& house) : house_(&house), things_(house.devices.size()) {}

bool Room::has_power(DeviceId id) const {
  const auto plug = house_->leased_plug(id);
  return !plug || things_[plug->index].on;
}

void Room::say(DeviceId id) {
  const Thing& thing = things_[id.index];
  if (!thing.reachable || !has_power(id)) return;
  said_.push_back(ActuatorReported{id, thing.on, thing.level, {}, {}, true, thing.wakes_off});
}

void Room::obey(const SafeCommand& command) {
  const DeviceId id = command.device();
  Thing& thing = things_[id.index];
  if (!thing.reachable || !has_power(id)) return;
  const bool was = thing.on;
  thing.on = !command.off();
  thing.level = command.output().fade_to.value_or(command.output().level);
  thing.lease_until = command.expires();
  if (thing.on && command.timer() == Timer::lease)  // a motor and a heater in one pad have one lease
    for (std::uint16_t i = 0; i < things_.size(); ++i)
      if (things_[i].on && one_device(house_->devices[i], house_->devices[id.index]))
        things_[i].lease_until = std::max(things_[i].lease_until, thing.lease_until);
  say(id);
  if (house_->devices[id.index].kind != Kind::mains || was == thing.on) return;
  for (std::uint16_t i = 0; i < things_.size(); ++i)  // it wakes off, or goes dark
    if (house_->leased_plug(DeviceId{i}) == id) things_[i].on = false, things_[i].level = 0_pct, say(DeviceId{i});
}

void Room::perform(const Effect& effect) {
  std::visit(Match{[&](const SafeCommand& c) { obey(c); }, [&](const Ask& a) { say(a.device); },
                   [&](const Arm& a) {
                     Thing& thing = things_[a.device.index];
                     if (!thing.reachable || !has_power(a.device)) return;
                     if (!thing.wakes_off) thing.wakes_off = true;
                     said_.push_back(TimerReadBack{a.device, a.value});
                     say(a.device);
                   },
                   [&](const AskBridge& a) {
                     said_.push_back(BridgeAnswered{a.device, true});
                   },
                   [](const auto&) {}},
             effect);
}

void Room::warm(DeviceId id) {
  const Device& device = house_->devices[id.index];
  Thing& thing = things_[id.index];
  const double target = thing.on ? heat_target(thing.level).value() : kRoom;
  const double lived = static_cast<double>(kTellsEvery.count()) / 1000;
  thing.celsius += (target - thing.celsius) * std::min(1.0, lived / kWarmsIn);
  thing.wave = 1 - thing.wave;
  const auto celsius = Celsius::from(thing.celsius + thing.wave * 0.1);
  if (celsius && thing.reachable) said_.push_back(TemperatureReported{device.thermometer.value_or(id), *celsius});
}

void Room::passes(Instant now) {
  const bool tells = !passed_ || now - *passed_ >= kTellsEvery;
  if (tells) passed_ = now;
  for (std::uint16_t i = 0; i < things_.size(); ++i) {
    Thing& thing = things_[i];
    if (thing.on && has_force(house_->devices[i].kind) && now >= thing.lease_until) {
      thing.on = false, thing.level = 0_pct;
      say(DeviceId{i});
    }
    if (tells && house_->devices[i].kind == Kind::heat_pad && (thing.measured || measures_surface(house_->devices[i])))
      warm(DeviceId{i});
  }
}

std::vector<News> Room::answers() { return std::exchange(said_, {}); }

void Room::reaches(DeviceId id, bool reachable) {
  Thing& thing = things_[id.index];
  if (!thing.reachable && reachable) thing.on = false, thing.level = 0_pct;  // its lease has lapsed
  thing.reachable = reachable;
}

}  // namespace lull::backtest
