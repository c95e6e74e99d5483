// Which of two copies counts: the rule is in the header.
#include "bridge/mqtt/ears.hpp"

#include <algorithm>

namespace lull {
namespace {

std::uint64_t hash_of(std::string_view text) { return std::hash<std::string_view>{}(text); }

}  // namespace

void Ears::connected(Ear ear, bool is) {
  if (ears_[index(ear)] == is) return;
  ears_[index(ear)] = is;
  if (!ears_[0] && !ears_[1]) return lanes_.clear();  // both deaf: whatever comes next is the first word
  // What was said before a session began never comes by it.
  for (auto& [name, lane] : lanes_) {
    if (is) lane.by[index(ear)] = {};
    if (is && ear == Ear::main) {
      lane.told_before.merge(lane.told);
      lane.told.clear();
    }
  }
}

bool Ears::counts(Ear ear, std::string_view lane_name, std::string_view topic, std::string_view payload, bool retained,
                  Instant now, const std::function<bool()>& stops) {
  Lane& lane = lanes_[std::string(lane_name)];
  const Ear other = ear == Ear::guard ? Ear::main : Ear::guard;
  Owed& mine = lane.by[index(ear)];
  Owed& theirs = lane.by[index(other)];
  const auto forget = [&](Owed& owed) {
    while (!owed.copies.empty() && now - owed.copies.front().at >= kForget) owed.copies.pop_front();
  };
  forget(mine);
  forget(theirs);

  const auto still_owes = [&] {
    return std::any_of(mine.copies.begin(), mine.copies.end(), [](const Said& said) { return said.counted; });
  };
  const std::uint64_t words = hash_of(topic) * 31 + hash_of(payload);
  const auto let_owe = [&](bool counted) {
    if (!is_connected(other)) return;
    theirs.copies.push_back({words, now, counted});
    if (theirs.copies.size() > kOwed) {
      theirs.copies.pop_front();
      theirs.lost_count = now + kForget;
    }
  };
  const bool first_word = lane.told.insert(hash_of(topic)).second;
  const auto copy =
      std::find_if(mine.copies.begin(), mine.copies.end(), [&](const Said& said) { return said.words == words; });
  if (copy != mine.copies.end()) {
    const bool counted = copy->counted;
    const bool never_came = ear == Ear::guard && now - copy->at >= kGuardLags;
    mine.copies.erase(mine.copies.begin(), copy + 1);
    // It waited here, and meanwhile a word that stops overtook it: then it comes too late.
    if (!counted) return !still_owes() || stops();
    if (!(never_came || !is_connected(other)) || !stops()) return false;
    if (never_came) let_owe(true);
    return true;
  }
  if (retained && !first_word) return false;
  if (retained && ear == Ear::main && lane.told_before.contains(hash_of(topic))) return true;  // the guard owes no copy
  const bool in_doubt = (still_owes() || now < mine.lost_count) && is_connected(other);
  const bool counts = !in_doubt || stops();
  let_owe(counts);
  return counts;
}

}  // namespace lull
