// Publishes only what is news.
#include <algorithm>
#include <set>

#include "bridge/home_assistant/states.hpp"

namespace lull {
namespace {

constexpr std::uint64_t kEarlierRun = 0;

std::uint64_t hash_of(std::string_view payload) {
  std::uint64_t hash = 14695981039346656037ull;  // FNV-1a, 64 bits
  for (const char c : payload) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return hash == kEarlierRun ? 1 : hash;
}

}  // namespace

Difference::Difference(std::string_view kept) {
  constexpr std::size_t kMost = 4096;  // topics; a house of 128 devices has fewer than 1,200
  while (!kept.empty() && said_.size() < kMost) {
    const std::size_t end = std::min(kept.find('\n'), kept.size());
    if (end > 0) said_.emplace(kept.substr(0, end), kEarlierRun);
    kept.remove_prefix(std::min(end + 1, kept.size()));
  }
}

std::vector<Publish> Difference::news(std::vector<Publish> all) {
  std::vector<Publish> out;
  for (Publish& one : all) {
    const std::uint64_t hash = hash_of(one.payload);
    const auto [it, is_new] = said_.try_emplace(one.topic, hash);
    if (!is_new && it->second == hash) continue;
    it->second = hash;
    out.push_back(std::move(one));
  }
  return out;
}

void Difference::forget() {
  for (auto& [topic, hash] : said_) hash = kEarlierRun;
}

std::vector<Publish> Difference::sweep(const std::vector<Publish>& alive) {
  std::set<std::string_view> topics;
  for (const Publish& one : alive) topics.insert(one.topic);
  std::vector<Publish> out;
  for (auto it = said_.begin(); it != said_.end();) {
    if (topics.count(it->first)) {
      ++it;
      continue;
    }
    out.push_back({it->first, "", 0, true, 0});  // a device that is no more must not look alive in the broker
    it = said_.erase(it);
  }
  return out;
}

std::string Difference::keep() const {
  std::string out;
  for (const auto& [topic, hash] : said_) (out += topic) += '\n';
  return out;
}

}  // namespace lull
