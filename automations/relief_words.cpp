// What back-off says of itself, and how it is kept on disk.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "automations/relief.hpp"
#include "devices/words.hpp"

namespace lull {

/// "left the bed on 2 of 4 nights, moved more afterwards on 1"
std::string signs_in(const std::vector<ReliefNight>& nights) {
  std::string text;
  const auto add = [&](const char* what, auto had) {
    const auto n = std::count_if(nights.begin(), nights.end(), had);
    if (n == 0) return;
    text += (text.empty() ? "" : "; ") + std::string(what) + " on " + std::to_string(n) + " of " +
            std::to_string(nights.size()) + " nights";
  };
  add("movement rose right after it", [](const ReliefNight& n) { return n.rose > 0; });
  add("the bed was left", [](const ReliefNight& n) { return n.left > 0; });
  add("somebody stopped it or made it softer", [](const ReliefNight& n) { return n.ended > 0; });
  return text;
}

std::string words_for(const Relief& relief) {
  if (relief.weaker + relief.apart == 0) return "";
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  int y = 0, m = 0, d = 0;
  std::string since = relief.since;
  if (std::sscanf(since.c_str(), "%4d-%2d-%2d", &y, &m, &d) == 3 && m >= 1 && m <= 12)
    since = std::to_string(d) + " " + kMonths[static_cast<std::size_t>(m - 1)];
  std::string text;
  if (relief.weaker > 0) text = relief.weaker == 1 ? "level halved" : "level at a quarter";
  if (relief.apart > 0)
    text += std::string(text.empty() ? "" : ", ") + (relief.apart == 1 ? "twice" : "four times") + " as far apart";
  return text + " since " + since + ": " + relief.why;
}

std::string_view word_for(BackOffView::State state) {
  constexpr std::array<std::string_view, 5> kWords{"off", "as_chosen", "weaker", "further_apart",
                                                   "weaker_and_further_apart"};
  return word_in(kWords, state);
}

BackOffView view(const Relief& relief, const BackOff& household) {
  using State = BackOffView::State;
  BackOffView v;
  if (!household.enabled) {
    v.state = State::off;
    v.why = "switched off in the configuration";
    return v;
  }
  v.level = Percent::of_tenths(1000 >> relief.weaker);
  v.times_as_far_apart = 1 << relief.apart;
  std::vector<ReliefNight> last = relief.nights;
  if (last.size() > kReliefNights) last.erase(last.begin(), last.end() - static_cast<std::ptrdiff_t>(kReliefNights));
  v.signs = signs_in(last);
  if (relief.weaker + relief.apart == 0) return v;
  v.state = relief.apart == 0    ? State::weaker
            : relief.weaker == 0 ? State::further_apart
                                 : State::weaker_and_further_apart;
  v.since = relief.since;
  v.why = relief.why;
  const std::string person = "a person wants replays as they were chosen";
  if (!household.gives_back) {
    v.until = "until " + person;
    return v;
  }
  const auto woke = std::find_if(relief.nights.rbegin(), relief.nights.rend(), [](const auto& n) { return n.woke(); });
  v.until = "until " + std::to_string(kReliefCalm) + " nights in a row with a replay and no sign of waking (" +
            std::to_string(woke - relief.nights.rbegin()) + " so far)";
  if (relief.weaker == 0) {
    const auto lower = std::count_if(last.begin(), last.end(), [](const auto& n) { return n.lower(); });
    v.until += " on which movement was lower after them on " + std::to_string(kReliefNights - 1) + " of the last " +
               std::to_string(kReliefNights) + " (" + std::to_string(lower) + " so far)";
  }
  v.until += ", or " + person;
  return v;
}

// One line what holds, one line why, then a line a night; tonight's begins with a star.
std::string to_setting(const Relief& r) {
  std::string out = std::to_string(r.weaker) + " " + std::to_string(r.apart) + " " + (r.since.empty() ? "-" : r.since) +
                    "\n" + r.why + "\n";
  const auto line = [&](const ReliefNight& n, const char* mark) {
    if (n.replays == 0) return;
    out += mark + n.night;
    for (const std::int32_t v : {n.replays, n.left, n.ended, n.rose, n.compared, n.before, n.after})
      out += " " + std::to_string(v);
    out += "\n";
  };
  for (const ReliefNight& n : r.nights) line(n, "");
  line(r.tonight, "*");
  return out;
}

namespace {

std::string_view cut(std::string_view& text, char at) {
  const auto end = text.find(at);
  const std::string_view piece = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return piece;
}
std::int32_t number_in(std::string_view& text, std::int32_t most) {
  const std::string_view piece = cut(text, ' ');
  std::int32_t v = 0;
  std::from_chars(piece.data(), piece.data() + piece.size(), v);
  return std::clamp(v, 0, most);
}

}  // namespace

Relief relief_from(std::string_view text) {
  Relief r;
  std::string_view first = cut(text, '\n');
  r.weaker = number_in(first, kReliefSteps);
  r.apart = number_in(first, kReliefSteps);
  r.since = std::string(first.substr(0, 10));
  if (r.since == "-") r.since.clear();
  r.why = std::string(cut(text, '\n').substr(0, kReliefLongestWhy));
  while (!text.empty() && r.nights.size() < kReliefCalm) {
    std::string_view line = cut(text, '\n');
    const bool tonight = line.starts_with('*');
    if (tonight) line.remove_prefix(1);
    ReliefNight n;
    n.night = std::string(cut(line, ' ').substr(0, 10));
    constexpr std::int32_t kMany = 1000, kHigh = 1'000'000;
    n.replays = number_in(line, kMany), n.left = number_in(line, kMany), n.ended = number_in(line, kMany),
    n.rose = number_in(line, kMany), n.compared = number_in(line, kMany), n.before = number_in(line, kHigh),
    n.after = number_in(line, kHigh);
    if (n.night.size() != 10 || n.replays == 0) continue;
    if (tonight)
      r.tonight = std::move(n);
    else
      r.nights.push_back(std::move(n));
  }
  return r;
}

}  // namespace lull
