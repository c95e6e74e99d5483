// A folder, a real broker and an independent listener for the tests, none of them built on Link or Guard.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <mosquitto.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bridge/mqtt/broker.hpp"

namespace lull::testing {

/// A folder that is gone after the test.
struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "lull-test-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

/// Somebody else on the same broker: hears and says, by libmosquitto, in plain blocking steps.
class Listener {
 public:
  struct Heard {
    std::string topic, payload;
    bool retained;
    std::chrono::steady_clock::time_point at;
  };
  explicit Listener(std::uint16_t port, const std::vector<std::string>& topics, const std::string& id = "listener") {
    mosquitto_lib_init();
    session_.reset(mosquitto_new(id.c_str(), true, this));
    mosquitto_message_callback_set(session_.get(), [](mosquitto*, void* self, const mosquitto_message* m) {
      static_cast<Listener*>(self)->heard.push_back(
          {m->topic, std::string{static_cast<const char*>(m->payload), static_cast<std::size_t>(m->payloadlen)},
           m->retain, std::chrono::steady_clock::now()});
    });
    mosquitto_subscribe_callback_set(session_.get(), [](mosquitto*, void* self, int, int, const int*) {
      ++static_cast<Listener*>(self)->subscribed_;
    });
    mosquitto_publish_callback_set(session_.get(),
                                   [](mosquitto*, void* self, int) { ++static_cast<Listener*>(self)->proved_; });
    mosquitto_int_option(session_.get(), MOSQ_OPT_TCP_NODELAY, 1);
    EXPECT_EQ(mosquitto_connect(session_.get(), "127.0.0.1", port, 30), MOSQ_ERR_SUCCESS);
    for (const std::string& topic : topics) mosquitto_subscribe(session_.get(), nullptr, topic.c_str(), 1);
    EXPECT_TRUE(until([&] { return subscribed_ == topics.size(); })) << "the test's own listener could not subscribe";
  }

  template <class Met>
  bool until(Met met, std::chrono::milliseconds within = std::chrono::seconds{10}) {
    const auto deadline = std::chrono::steady_clock::now() + within;
    while (!met()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      mosquitto_loop(session_.get(), 5, 1);
    }
    return true;
  }
  /// Takes what is there already, without waiting: for loops that also run an io_context.
  void poll() { mosquitto_loop(session_.get(), 0, 1); }

  void say(const std::string& topic, const std::string& payload, bool retain = false, int qos = 1) {
    mosquitto_publish(session_.get(), nullptr, topic.c_str(), static_cast<int>(payload.size()), payload.data(), qos,
                      retain);
    ++said_;  // QoS 0 is reported too, once it is written
    if (qos != 1) return;
    EXPECT_TRUE(until([&] { return proved_ == said_; }));
  }

  const Heard* find(const std::string& topic, const std::string& payload) const {
    for (const Heard& h : heard)
      if (h.topic == topic && h.payload == payload) return &h;
    return nullptr;
  }
  bool hears(const std::string& topic, const std::string& payload,
             std::chrono::milliseconds within = std::chrono::seconds{10}) {
    return until([&] { return find(topic, payload) != nullptr; }, within);
  }

  std::vector<Heard> heard;

 private:
  struct Gone {
    void operator()(mosquitto* session) const { mosquitto_destroy(session); }
  };
  std::unique_ptr<mosquitto, Gone> session_;
  std::size_t subscribed_ = 0, said_ = 0, proved_ = 0;
};

}  // namespace lull::testing
