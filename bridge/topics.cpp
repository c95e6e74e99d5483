// Lull's own topic tree on the broker.
#include "bridge/topics.hpp"

#include <algorithm>
#include <cstdint>

namespace lull {
namespace {

constexpr bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

std::string path_word(std::string_view name) {
  constexpr std::size_t kMost = 48;  // Home Assistant keeps ids for ever; nobody wants to read a longer one
  if (!name.empty() && name.size() <= kMost && std::all_of(name.begin(), name.end(), is_plain))
    return std::string(name);
  std::string word;
  std::uint32_t hash = 2166136261u;  // FNV-1a: the same on every machine, unlike std::hash
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    if (word.size() < kMost) word += is_plain(c) ? c : '_';
  }
  word += '-';
  for (int shift = 20; shift >= 0; shift -= 4) word += "0123456789abcdef"[(hash >> shift) & 15u];
  return word;
}

Topics::Topics(std::string_view install) : base_("lull/" + path_word(install)) {}

std::string Topics::hub(std::string_view what) const { return base_ + "/hub/" + std::string(what); }
std::string Topics::massage(std::string_view what) const { return base_ + "/massage/" + std::string(what); }
std::string Topics::event(std::string_view what) const { return base_ + "/event/" + std::string(what); }
std::string Topics::device(const Device& device, std::string_view what) const {
  return base_ + "/device/" + path_word(device.id) + "/" + std::string(what);
}
std::string Topics::sleeper(const Sleeper& sleeper, std::string_view what) const {
  return base_ + "/sleeper/" + path_word(sleeper.id) + "/" + std::string(what);
}
std::string Topics::routine(std::string_view name, std::string_view what) const {
  return base_ + "/routine/" + path_word(name) + "/" + std::string(what);
}
std::string Topics::rule(std::string_view name, std::string_view what) const {
  return base_ + "/rule/" + path_word(name) + "/" + std::string(what);
}

std::vector<std::string> Topics::command_filters() const {
  return {command(),
          base_ + "/hub/+/set",
          base_ + "/massage/+/set",
          base_ + "/device/+/+/set",
          base_ + "/routine/+/on/set",
          base_ + "/routine/+/allowed/set",
          base_ + "/routine/+/tonight/set",
          base_ + "/rule/+/on/set",
          base_ + "/rule/+/tonight/set",
          base_ + "/sleeper/+/sedatives/set"};
}

}  // namespace lull
