// A directory that goes away with the test, and small things to put into a store.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "bridge/store/store.hpp"

namespace lull {

struct Place {
  std::string dir;
  Place() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lull-store-XXXXXX").string();
    dir = ::mkdtemp(pattern.data());
  }
  ~Place() {
    std::error_code ignored;
    std::filesystem::remove_all(dir, ignored);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  std::string state() const { return dir + "/state"; }
};

inline std::unique_ptr<Store> opened(const std::string& dir, StoreMode mode = StoreMode::read_write,
                                     const StoreOptions& options = {}) {
  auto store = Store::open(dir, mode, options);
  if (!store) {
    ADD_FAILURE() << store.error().where << ": " << store.error().what;
    std::abort();
  }
  return std::move(*store);
}

inline constexpr Utc kEvening{milliseconds{1'795'293'000'000}};  // 2026-11-21 22:30 in Berlin
inline Chapter evening(std::string config = "home: {}") {
  return {0, "1.0", std::move(config), "{}", kEvening, {1000s}};
}

inline DoseUsed dose(std::string night, minutes on, std::string device = "foot_warmer") {
  return {std::move(device), std::move(night), on, on.count() * 60'000 * 40, kEvening};
}

inline std::vector<Effect> effects() { return {}; }
template <class... Es>
std::vector<Effect> effects(Es... es) {
  std::vector<Effect> list;
  (list.emplace_back(std::move(es)), ...);
  return list;
}

/// What the store said on its own threads.
struct Said {
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t durable = 0;
  std::vector<std::pair<bool, std::string>> trouble;
  void listen(Store& store) {
    store.on_durable([this](std::uint64_t ticket) {
      std::lock_guard lock(mutex);
      durable = ticket;
      changed.notify_all();
    });
    store.on_trouble([this](bool healthy, const std::string& what) {
      std::lock_guard lock(mutex);
      trouble.emplace_back(healthy, what);
      changed.notify_all();
    });
  }
  template <class Until>
  bool wait(Until until) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, 20s, until);
  }
  bool wait_durable(std::uint64_t ticket) {
    return wait([&] { return durable >= ticket; });
  }
};

}  // namespace lull
