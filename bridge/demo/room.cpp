// One timer, one session.
#include "bridge/demo/room.hpp"

#include <algorithm>
#include <chrono>

namespace lull::demo {

Room::Room(boost::asio::io_context& io, const BrokerAddress& broker, Clock clock, BedroomSettings settings)
    : clock_(clock),
      bedroom_(std::move(settings), clock.utc()),
      timer_(io),
      link_(io, broker, "lull-demo-bedroom", {},
            {[this](bool) { say_all(); }, [](const std::string&) {},
             [this](std::string_view topic, std::string_view payload, bool, std::chrono::milliseconds) {
               bedroom_.hear(topic, payload, clock_.now());
               say_all();
             },
             [](const std::string&) {}}) {}

void Room::start() {
  link_.subscribe(Bedroom::topics());
  link_.start();
  wait();
}

void Room::stop() {
  stopped_ = true;
  timer_.cancel();
}

void Room::say_all() {
  if (stopped_ || !link_.is_up()) return;
  for (BedroomSays& said : bedroom_.passes(clock_.now()))
    link_.publish({std::move(said.topic), std::move(said.payload), 0, said.retain});
}

void Room::wait() {
  if (stopped_) return;
  // Not longer, for the clock may go faster in the meantime.
  const auto until = std::min(clock_.until(bedroom_.next()), std::chrono::microseconds{5000});
  timer_.expires_after(std::max(until, std::chrono::microseconds{500}));
  timer_.async_wait([this](const boost::system::error_code& e) {
    if (e) return;
    say_all();
    wait();
  });
}

}  // namespace lull::demo
