// A person who sleeps: the night's script, and what massage does to it.
#include "bridge/demo/sleeper.hpp"

#include <algorithm>
#include <cmath>

namespace lull::demo {
namespace {
constexpr int kMinute = 60, kHour = 3600, kDay = 24 * kHour;

// The rates are those of the manual's page on restlessness: ordinary sleep moves 7 to 13 times an hour, in clumps; an
// episode moves each 15 to 40 seconds. Massage needs a minute to be felt, then ends an episode in four on average.
constexpr int kMassageFeltAfter = 60;
constexpr double kCalmsWithin = 240;
constexpr double kMassageFelt = 0.08;  // of the motor's range
}  // namespace

Sleeper::Sleeper(const SleeperSettings& settings)
    : script_(settings.seed, 1), calm_(settings.seed, 2), massage_helps_(settings.massage_helps) {
  draw_times(static_cast<int>(settings.clock.count()) * kMinute);
  draw_episodes();
  for (std::size_t i = 0; i < episodes_.size(); ++i) draw_movements(episodes_[i], static_cast<int>(i));
  draw_reading();
  draw_turns(falls_asleep_, gets_up_, script_.uniform(7, 13), 60, 400);
  // Drawn last: a night with a partner is the same night, with a partner.
  if (settings.partner) draw_turns(into_bed_ + 15 * kMinute, gets_up_, script_.uniform(7, 13), 14, 30);
  std::stable_sort(movements_.begin(), movements_.end(),
                   [](const Movement& a, const Movement& b) { return a.start < b.start; });
}

void Sleeper::draw_times(int clock) {
  // The first time after the beginning that the clock shows this.
  const auto at = [clock](double clock_s) {
    const int s = static_cast<int>(clock_s) - clock;
    return s < 0 ? s + kDay : s;
  };
  const int bed_time = at(script_.uniform(22 * kHour + 20 * kMinute, 22 * kHour + 40 * kMinute));
  into_bed_ = bed_time > 18 * kHour ? 0 : bed_time;  // begun later than that: already lying there
  falls_asleep_ =
      into_bed_ + std::min(70 * kMinute, 18 * kMinute + static_cast<int>(script_.exponential(14 * kMinute)));
  gets_up_ = at(script_.uniform(6 * kHour + 30 * kMinute, 7 * kHour));
  if (gets_up_ <= falls_asleep_) gets_up_ = falls_asleep_ + kHour;
  up_from_ = up_until_ = asleep_again_ = gets_up_;
  const bool gets_up_at_night = script_.happens(0.35);
  const int when = static_cast<int>(script_.uniform(0.3, 0.8) * (gets_up_ - falls_asleep_)) + falls_asleep_;
  const int how_long = script_.whole(240, 360), awake = script_.whole(180, 600);
  if (gets_up_at_night) {
    up_from_ = when;
    up_until_ = when + how_long;
    asleep_again_ = up_until_ + awake;
  }
}

void Sleeper::draw_episodes() {
  const int wanted = script_.whole(2, 5);
  // Restless legs belong to the first half of the night more than to the second.
  for (int attempt = 0; attempt < 60 && static_cast<int>(episodes_.size()) < wanted; ++attempt) {
    const double where = std::pow(script_.uniform(), 1.3);
    const int first = falls_asleep_ + 12 * kMinute, last = gets_up_ - 45 * kMinute;
    Episode e;
    e.start = first + static_cast<int>(where * (last - first));
    e.end = e.start +
            std::clamp(static_cast<int>(6 * kMinute + script_.exponential(9 * kMinute)), 6 * kMinute, 30 * kMinute);
    e.kind = script_.happens(0.6) ? Episode::Kind::plm : Episode::Kind::fidget;
    const auto clashes = [&e](int from, int until) {
      return e.start < until + 25 * kMinute && from < e.end + 25 * kMinute;
    };
    const bool taken = (up_from_ < up_until_ && clashes(up_from_, asleep_again_)) ||
                       std::any_of(episodes_.begin(), episodes_.end(),
                                   [&](const Episode& other) { return clashes(other.start, other.end); });
    if (last > first && !taken) episodes_.push_back(e);
  }
  std::sort(episodes_.begin(), episodes_.end(), [](const Episode& a, const Episode& b) { return a.start < b.start; });
  for (std::size_t i = 0; i < episodes_.size(); ++i) responds_.push_back(calm_.happens(massage_helps_));
}

void Sleeper::draw_movements(const Episode& episode, int index) {
  const double beat = script_.uniform(18, 34);  // periodic kicks keep their own time
  for (double t = episode.start; t < episode.end;) {
    const bool plm = episode.kind == Episode::Kind::plm;
    add({.start = static_cast<int>(t),
         .lasts = plm ? script_.whole(1, 4) : script_.whole(2, 6),
         .rms = plm ? script_.uniform(50, 150) : script_.uniform(30, 200),
         .episode = index});
    t += plm ? std::clamp(script_.normal(beat, 3), 15.0, 40.0) : script_.uniform(15, 40);
  }
}

void Sleeper::draw_turns(int from, int until, double an_hour, double low, double high) {
  // Clumps of two on average: somebody turns, tugs at the blanket, and lies still again.
  const double apart = 2.0 * kHour / an_hour;
  for (double t = from + script_.exponential(apart); t < until; t += script_.exponential(apart)) {
    double within = t;
    for (int n = 0; n < 5 && within < until; ++n) {
      add({.start = static_cast<int>(within), .lasts = script_.whole(2, 7), .rms = script_.uniform(low, high)});
      if (!script_.happens(0.5)) break;
      within += 8 + script_.exponential(15);
    }
  }
}

void Sleeper::draw_reading() {
  for (double t = into_bed_ + 20; t < falls_asleep_; t += 30 + script_.exponential(70))
    add({.start = static_cast<int>(t), .lasts = script_.whole(1, 5), .rms = script_.uniform(25, 180)});
}

void Sleeper::add(Movement movement) {
  if (movements_.size() < kMaxMovements) movements_.push_back(movement);
}

Moment Sleeper::second(int s, double massage) {
  Moment m;
  const bool up_at_night = s >= up_from_ && s < up_until_;
  m.in_bed = s >= into_bed_ && s < gets_up_ && !up_at_night;
  m.asleep = m.in_bed && s >= falls_asleep_ && !(s >= up_until_ && s < asleep_again_);

  massaged_for_ = massage >= kMassageFelt ? massaged_for_ + 1 : 0;
  int in_episode = -1;
  for (std::size_t i = 0; i < episodes_.size(); ++i) {
    if (s < episodes_[i].start || s >= episodes_[i].end) continue;
    if (massaged_for_ > 0) episodes_[i].treated = true;
    // Drawn for each felt second, whether it helps or not: one number a second keeps nights comparable.
    if (massaged_for_ > kMassageFeltAfter && calm_.happens(1 / kCalmsWithin) && responds_[i]) {
      episodes_[i].end = s;
      episodes_[i].calmed = true;
    } else
      in_episode = static_cast<int>(i);
  }
  m.restless = in_episode >= 0;

  for (; next_ < movements_.size() && movements_[next_].start <= s; ++next_) going_on_.push_back(movements_[next_]);
  std::erase_if(going_on_, [&](const Movement& x) {
    return s >= x.start + x.lasts || (x.episode >= 0 && x.episode != in_episode);
  });
  double squares = 0;
  if (m.in_bed)
    for (const Movement& x : going_on_) squares += x.rms * x.rms;
  else if (up_at_night)
    squares = 350.0 * 350.0;  // walking
  m.rms_mg = std::sqrt(squares);
  return m;
}

int Sleeper::next_change(int s) const {
  if (!going_on_.empty() || (s + 1 >= up_from_ && s + 1 < up_until_)) return s + 1;
  int next = next_ < movements_.size() ? movements_[next_].start : s + kDay;
  for (const int moment : {into_bed_, gets_up_, up_from_, up_until_})
    if (moment > s) next = std::min(next, moment);
  return std::max(next, s + 1);
}

}  // namespace lull::demo
