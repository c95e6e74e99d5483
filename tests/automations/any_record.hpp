// Any event and any record, from a seed: every alternative with every field, drawn from the journal's own list.
#pragma once

#include <cstring>
#include <random>
#include <tuple>

#include "automations/record.hpp"
#include "automations/record_fields.hpp"

namespace lull {

struct Dice {
  std::mt19937_64 engine;
  explicit Dice(std::uint64_t seed) : engine(seed) {}
  std::uint64_t below(std::uint64_t n) { return engine() % n; }

  void draw(bool& b) { b = below(2); }
  void draw(std::int64_t& v) { v = static_cast<std::int64_t>(engine()) >> below(64); }
  void draw(std::int32_t& v) { v = static_cast<std::int32_t>(engine() >> below(64)); }
  void draw(double& v) {
    const auto bits = engine();  // any bit pattern that is a number; every third a plain decimal as sensors send
    std::memcpy(&v, &bits, sizeof v);
    if (!(v - v == 0) || below(3) == 0) v = static_cast<double>(below(100000)) / 100 - 300;
    if (below(20) == 0) v = -0.0;
  }
  void draw(float& v) {
    const auto bits = static_cast<std::uint32_t>(engine());
    std::memcpy(&v, &bits, sizeof v);
    if (!(v - v == 0)) v = static_cast<float>(below(4000)) / 10;
  }
  template <class Unit, int kLow, int kHigh>
  void draw(Quantity<Unit, kLow, kHigh>& q) {
    q = Quantity<Unit, kLow, kHigh>::of_tenths(kLow * 10 + static_cast<int>(below((kHigh - kLow) * 10 + 1)));
  }
  template <class Rep, class Period>
  void draw(std::chrono::duration<Rep, Period>& d) {
    d = std::chrono::duration<Rep, Period>{(static_cast<std::int64_t>(engine()) >> 23) >> below(41)};
  }
  void draw(Instant& at) { draw(at.since_boot); }
  void draw(Utc& at) { draw(at.since_epoch); }
  void draw(DeviceId& id) { id.index = static_cast<std::uint16_t>(below(65536)); }
  void draw(SleeperId& id) { id.index = static_cast<std::uint16_t>(below(65536)); }
  void draw(std::string& s) {
    static const char* const kPieces[] = {
        "Ana's ankle",      "Füße", "\"", "\\", "\n",  "\x01", "{\"at\":1}", "漢", "\xff", "\xed\xa0\x80",
        "\xf0\x9f\x9b\x8f", "\xc3", "",   " ",  "\x7f"};
    s.clear();
    for (auto n = below(5); n > 0; --n) s += kPieces[below(std::size(kPieces))];
    if (below(10) == 0) s += '\0';
  }
  void draw(std::array<float, 3>& v) { draw(v[0]), draw(v[1]), draw(v[2]); }
  void draw(Timer& t) { t = static_cast<Timer>(below(static_cast<int>(Timer::mains) + 1)); }
  void draw(Door& d) { d = static_cast<Door>(below(static_cast<int>(Door::signal) + 1)); }
  void draw(Decision::Outcome& o) { o = static_cast<Decision::Outcome>(below(5)); }
  void draw(Notify::Urgency& u) { u = static_cast<Notify::Urgency>(below(5)); }
  void draw(Notify::Road& r) { r = Notify::Road::broker; }
  void draw(Lane& l) { l = static_cast<Lane>(below(9)); }
  void draw(Source& s) { s = static_cast<Source>(below(static_cast<int>(Source::commands) + 1)); }
  void draw(Flaw& f) { f = static_cast<Flaw>(below(static_cast<int>(Flaw::trial_needed) + 1)); }
  void draw(TrialTold::State& s) { s = static_cast<TrialTold::State>(below(3)); }
  template <class T>
  void draw(std::optional<T>& o) {
    o.reset();
    if (below(2)) draw(o.emplace());
  }
  template <class T>
  void draw(std::vector<T>& list) {
    list.resize(below(4));
    for (T& one : list) draw(one);
  }
  template <class... Ts>
  void draw(std::variant<Ts...>& v) {
    const auto which = below(sizeof...(Ts));
    std::size_t i = 0;
    ((i++ == which ? draw(v.template emplace<Ts>()) : void()), ...);
  }
  template <class T>
  auto draw(T& value) -> decltype(record::Shape<T>::fields, void()) {
    std::apply([&](const auto&... f) { (draw(value.*f.member), ...); }, record::Shape<T>::fields);
  }
  Event event() {
    Event e;
    draw(e.at);
    draw(e.news);
    return e;
  }
};

}  // namespace lull
