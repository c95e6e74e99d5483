// Lull's whole face to MQTT and Home Assistant in one piece.
#include "bridge/home_assistant/face.hpp"

#include <iterator>

#include "bridge/topics.hpp"

namespace lull {
namespace {

void append(std::vector<Publish>& to, std::vector<Publish> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

bool is_command(const Topics& topics, std::string_view topic) {
  if (topic == topics.command()) return true;
  constexpr std::string_view kEnd = "/set";
  return topic.size() > topics.base().size() + kEnd.size() && topic.substr(0, topics.base().size()) == topics.base() &&
         topic.substr(topic.size() - kEnd.size()) == kEnd;
}

}  // namespace

Face::Face(const House& house, HomeAssistant settings, const Kept& kept, std::uint32_t seed, std::function<Seen()> look,
           Instant now)
    : house_(house),
      settings_(settings),
      look_(std::move(look)),
      announcer_(std::move(settings), kept.announcer, seed),
      difference_(kept.topics) {
  announcer_.want(discovery(house_, settings_), now);
}

std::vector<std::string> Face::subscriptions() const {
  std::vector<std::string> all = Topics(settings_.install).command_filters();
  for (std::string& one : announcer_.subscriptions()) all.push_back(std::move(one));
  return all;
}

/// All of it, and newer than what is being shown: that ends.
std::vector<Publish> Face::present() {
  showing_.reset();
  if (removing_) return {};
  const Seen seen = look_();
  return states(house_, seen.view, seen.shown, settings_.install, settings_.version);
}

std::vector<Publish> Face::carry_out(Announcement what) {
  std::vector<Publish> out = std::move(what.first);
  if (what.all_states) {
    difference_.forget();
    append(out, difference_.news(present()));
  }
  append(out, std::move(what.after));
  return out;
}

std::vector<Publish> Face::link_up(Instant now) {
  up_ = unswept_ = true;
  return carry_out(announcer_.link_up(now));
}
void Face::link_down() {
  up_ = false;
  showing_.reset();
  announcer_.link_down();
}

Face::Heard Face::hear(std::string_view topic, std::string_view payload, bool retained, Instant now) {
  const Topics topics(settings_.install);
  Heard heard;
  if (!is_command(topics, topic)) {
    announcer_.hear(topic, payload, retained, now);
    return heard;
  }
  heard.ours = true;
  auto wish = wish_from(topic, payload, retained, house_, settings_.install);
  if (!wish) {
    heard.problem = wish.error();
    // Cleared, or every restart would find it again and somebody's next broker might not mark it as retained.
    if (retained) heard.publish.push_back({std::string(topic), "", 1, true, 0});
  } else if (!wish->commands.empty()) {
    heard.wish = *std::move(wish);
  }
  return heard;
}

std::vector<Publish> Face::show() {
  return up_ ? difference_.news(present()) : std::vector<Publish>{};  // down: said in full at the next link_up
}

const View& Face::begin_show() {
  seen_ = look_();
  if (up_ && !removing_) showing_ = 0;
  return seen_.view;
}
std::vector<Publish> Face::show_more() {
  if (!showing_) return {};
  const std::size_t part = *showing_;
  if (part + 1 < parts_of(seen_.view))
    showing_ = part + 1;
  else
    showing_.reset();
  return difference_.news(states_part(house_, seen_.view, seen_.shown, settings_.install, settings_.version, part));
}

std::vector<Publish> Face::tick(Instant now) {
  std::vector<Publish> out = carry_out(announcer_.tick(now));
  if (up_ && unswept_ && !announcer_.due()) {
    unswept_ = false;
    append(out, difference_.sweep(present()));
  }
  return out;
}
std::optional<Instant> Face::due() const {
  const auto next = announcer_.due();
  return !next && up_ && unswept_ ? Instant{} : next;
}

std::vector<Publish> Face::welcome_back(Instant now) { return carry_out(announcer_.welcome_back(now)); }
std::vector<Publish> Face::remove_all(Instant now) {
  removing_ = unswept_ = true;
  return carry_out(announcer_.remove_all(now));
}
Publish Face::farewell() const {
  Publish last = will();
  if (removing_) last.payload.clear();
  return last;
}

}  // namespace lull
