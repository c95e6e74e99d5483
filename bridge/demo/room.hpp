// The simulated bedroom on a real broker: carries its messages and tells it the time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "bridge/clock.hpp"
#include "bridge/demo/bedroom.hpp"
#include "bridge/mqtt/link.hpp"

namespace lull::demo {

class Room {
 public:
  Room(boost::asio::io_context& io, const BrokerAddress& broker, Clock clock, BedroomSettings settings);
  void start();
  Bedroom& bedroom() { return bedroom_; }
  void stop();

 private:
  void say_all();
  void wait();

  Clock clock_;
  Bedroom bedroom_;
  boost::asio::steady_timer timer_;
  Link link_;
  bool stopped_ = false;
};

}  // namespace lull::demo
