// lull stop and lull release: the door for a terminal, a script, a key on the keyboard. By a socket in the state
// folder.
#include <chrono>
#include <cstdio>
#include <sstream>
#include <thread>

#include "bridge/cli/commands.hpp"
#include "bridge/local_door.hpp"

namespace lull::cli {
namespace {

using namespace std::chrono_literals;
constexpr auto kAnswers = 3s, kProved = 15s;  // a question; until a device that answers has shown that it is off

/// What the service says of itself: docs in Service::at_the_door.
struct State {
  bool stopped = false;
  std::string broker, unproved;  // names, with ", " between them
};

Result<State> ask(const std::string& state, const char* question) {
  const auto reply = ask_at_door(state, question, kAnswers);
  if (!reply) return reply.error();
  std::istringstream lines(*reply);
  std::string word, line;
  State is;
  if (!std::getline(lines, word) || !std::getline(lines, is.broker) || (word != "stopped" && word != "watching"))
    return Error{state, "has a Lull that did not understand"};
  is.stopped = word == "stopped";
  while (std::getline(lines, line)) is.unproved += (is.unproved.empty() ? "" : ", ") + line;
  return is;
}

}  // namespace

int stop(const Stop& args) {
  auto is = ask(args.state, "stop");
  if (!is) return problem(is.error().where + " " + is.error().what);
  if (!is->stopped) return problem("STOP did not latch");  // it is the service that says so, so it is asked
  for (const auto begun = std::chrono::steady_clock::now(); !is->unproved.empty() && is->broker == "broker";) {
    if (std::chrono::steady_clock::now() - begun > kProved) break;
    std::this_thread::sleep_for(100ms);
    is = ask(args.state, "how");
    if (!is) return problem(is.error().where + " " + is.error().what);
    if (!is->stopped) return problem("STOP was released meanwhile");
  }
  if (is->broker != "broker")
    return problem("STOP is on, but there is no connection to the broker; the devices' own timers end what runs");
  if (!is->unproved.empty())
    return problem("STOP is on and OFF was sent, but not proved yet: " + is->unproved + "; look at them");
  std::printf("STOP is on, and everything has shown that it is off. To release it: lull release%s\n",
              args.state == Stop{}.state ? "" : (" --state " + args.state).c_str());
  return kFine;
}

int release(const Stop& args) {
  const auto is = ask(args.state, "release");
  if (!is) return problem(is.error().where + " " + is.error().what);
  if (is->stopped) return problem("STOP is still on");
  std::puts("STOP is released. Nothing starts by that.");
  return kFine;
}

}  // namespace lull::cli
