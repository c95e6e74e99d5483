// Queue and carrier together.
#include "bridge/ntfy/client.hpp"

#include <utility>

#include "bridge/clock.hpp"

namespace lull {

NtfyClient::NtfyClient(boost::asio::io_context& loop, const House& house, const NtfySettings& settings,
                       NtfyAddress address, Handlers handlers)
    : handlers_(std::move(handlers)), queue_(house, settings), post_(loop, std::move(address)) {}

void NtfyClient::notify(const Notify& what, std::shared_ptr<const std::string> picture) {
  queue_.tell(what, std::move(picture), Clock{}.now());
  send();
}

void NtfyClient::beat() { send(); }

void NtfyClient::send() {
  for (NtfyRequest& request : queue_.due(Clock{}.now())) {
    const std::uint64_t letter = request.letter;
    post_.send(std::move(request), [this, letter](const NtfyOutcome& outcome) {
      answered(letter, outcome);
      send();
    });
  }
  status_.waiting = queue_.waiting(), status_.lost = queue_.lost();
  if (status_ == shown_) return;
  shown_ = status_;
  if (handlers_.changed) handlers_.changed();
}

void NtfyClient::answered(std::uint64_t letter, const NtfyOutcome& outcome) {
  const double share = std::uniform_real_distribution<double>{0, 1}(dice_);
  const std::string trouble = queue_.answered(letter, outcome, Clock{}.now(), share);
  note(status_, outcome, trouble, Clock{}.utc());
  if (!trouble.empty() && std::exchange(last_trouble_, trouble) != trouble && handlers_.trouble)
    handlers_.trouble(trouble);
  if (outcome.arrived() && !std::exchange(last_trouble_, "").empty() && handlers_.news)
    handlers_.news("messages arrive again");
}

}  // namespace lull
