// Letters by ntfy: whom, how loud, when again.
#include "bridge/ntfy/queue.hpp"

#include <algorithm>

#include "bridge/letters.hpp"
#include "devices/dialects/payload.hpp"

namespace lull {
namespace {

using Urgency = Notify::Urgency;

constexpr int kAlarmTries = 3;  // however odd the answers are

std::string base64(std::string_view bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k) word = word << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += k <= n ? kLetters[word >> (18 - 6 * k) & 63u] : '=';
  }
  return out;
}

/// What a status means for the person who wrote the configuration; never the server's own words, which may hold
/// whatever it was told.
std::string meaning(int status) {
  switch (status) {
    case 401: return "it does not know the token";
    case 403: return "it does not let us write to the topic: give the token's user write access, or take another topic";
    case 404: return "there is no ntfy at this address";
    case 413: return "it takes no message of this size";
    case kTooMany: return "it has had too many messages for now";
    default:
      if (status >= 300 && status < 400) return "it sends us elsewhere; write the address where it really is as `url`";
      return status >= 500 ? "the server is in trouble" : "it does not take the message";
  }
}

bool may_come_through(int status) {
  return status == 0 || status == 408 || status == 425 || status == kTooMany || status >= 500;
}

bool is_refused(int status) { return status == 401 || status == 403; }

}  // namespace

void note(NtfyStatus& status, const NtfyOutcome& outcome, const std::string& trouble, Utc at) {
  using State = NtfyStatus::State;
  if (outcome.untried) return;
  if (outcome.arrived()) {
    status.state = State::working;
    status.last_told = at;
    return;
  }
  status.state = is_refused(outcome.status)         ? State::refused
                 : may_come_through(outcome.status) ? State::unreachable
                                                    : State::not_taken;
  status.last_failed = at;
  status.last_failure = trouble;
}

std::string header_text(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return plain && text.find("=?") == text.npos ? text : "=?UTF-8?B?" + base64(text) + "?=";
}

void NtfyQueue::post(Letter letter) {
  if (letters_.size() >= kMaxLetters) {
    const auto least = std::min_element(letters_.begin(), letters_.end(),
                                        [](const Letter& a, const Letter& b) { return a.urgency < b.urgency; });
    ++lost_;
    if (least->urgency > letter.urgency) return;
    letters_.erase(least);
  }
  letters_.push_back(std::move(letter));
}

void NtfyQueue::tell(const Notify& what, std::shared_ptr<const std::string> picture, Instant now) {
  const bool anybody = std::any_of(settings_.topics.begin(), settings_.topics.end(),
                                   [&](const NtfyTopic& t) { return concerns(what, t.whose); });
  if (what.urgency != Urgency::summary || (picture && (picture->empty() || picture->size() > kMaxPicture)))
    picture.reset();
  std::vector<std::string_view> told;  // a topic that two people share rings once
  for (const NtfyTopic& topic : settings_.topics) {
    if (!is_told(what, topic.whose, topic.about, anybody)) continue;
    if (std::find(told.begin(), told.end(), topic.name) != told.end()) continue;
    told.push_back(topic.name);
    post({next_id_++, topic.name, title_of(what, house_), clipped(what.text, kLongestMessage), what.urgency, picture,
          now, now + worth_sending_for(what.urgency), now});
  }
}

std::vector<NtfyRequest> NtfyQueue::due(Instant now) {
  lost_ += std::erase_if(letters_, [&](const Letter& l) { return !l.flying && now >= l.until; });
  std::size_t flying = static_cast<std::size_t>(
      std::count_if(letters_.begin(), letters_.end(), [](const Letter& l) { return l.flying; }));
  std::vector<NtfyRequest> all;
  const auto send = [&](Letter& letter) {
    letter.flying = true;
    ++letter.tries;
    ++flying;
    all.push_back(request(letter, now));
  };
  for (Letter& l : letters_)  // an alarm waits for nobody
    if (l.urgency == Urgency::alarm && !l.flying && now >= l.next && flying < kMaxFlying + 1) send(l);
  for (Letter& l : letters_)
    if (l.urgency != Urgency::alarm && !l.flying && now >= l.next && now >= quiet_until_ && flying < kMaxFlying)
      send(l);
  return all;
}

NtfyRequest NtfyQueue::request(const Letter& l, Instant now) const {
  constexpr auto kAlarm = static_cast<std::size_t>(Urgency::alarm);
  const auto kind = static_cast<std::size_t>(l.urgency);
  NtfyRequest r{l.id, l.topic, {}, nullptr, l.urgency == Urgency::alarm && l.tries == 1};
  r.headers = {{"Title", header_text(l.title)},
               {"Priority", std::to_string(kind >= kAlarm ? 5 : settings_.priorities[kind])}};
  if (l.urgency == Urgency::alarm) r.headers.emplace_back("Tags", "rotating_light");
  if (l.urgency == Urgency::fault) r.headers.emplace_back("Tags", "warning");
  const std::string text = with_age(l.text, now - l.at);
  if (l.picture) {
    r.headers.emplace_back("Filename", "night.png");
    r.headers.emplace_back("Message", header_text(text));
    r.body = l.picture;
  } else {
    r.body = std::make_shared<const std::string>(text);
  }
  return r;
}

std::string NtfyQueue::answered(std::uint64_t id, const NtfyOutcome& outcome, Instant now, double pause_share) {
  const auto found = std::find_if(letters_.begin(), letters_.end(), [&](const Letter& l) { return l.id == id; });
  if (found == letters_.end()) return "";
  found->flying = false;
  const int status = outcome.status;
  if (outcome.arrived()) {
    backoff_.reset();
    quiet_until_ = now;
    letters_.erase(found);
    return "";
  }
  if (is_refused(status)) {
    // Whoever is refused is not asked again and again: the same letter only with another token (post.hpp).
    found->next = now + kRefusedAgain;
    return outcome.untried ? "" : "refused: " + meaning(status) + ". Not tried again before the token is another";
  }
  const bool alarm = found->urgency == Urgency::alarm;
  if (may_come_through(status) || (alarm && found->tries < kAlarmTries)) {
    const milliseconds pause = backoff_.next();
    milliseconds wait =
        pause / 2 + milliseconds{static_cast<milliseconds::rep>(static_cast<double>(pause.count()) / 2 * pause_share)};
    if (status == kTooMany) wait = std::max(wait, std::min(outcome.ask_again_in, kMaxAskedFor));
    quiet_until_ = std::max(quiet_until_, now + wait);
    // An alarm that comes too often would only feed the limit that keeps it out.
    found->next = now + (alarm && status != kTooMany ? std::min(wait, kAlarmAgain) : wait);
    // A line too slow for it within the time we give: the next upload would end as this one did.
    if (found->picture && outcome.sent && (status == 0 || status == 408) && ++found->stuck >= kPictureTries) {
      found->picture = nullptr;
      return "the picture of the night does not get through: told without it";
    }
    return "cannot be reached: " +
           (status == 0 ? outcome.why : meaning(status) + " (HTTP " + std::to_string(status) + ")");
  }
  if (found->picture) {  // a server that keeps no files, or none of this size: then the words alone
    found->picture = nullptr;
    found->next = now;
    return "does not take the picture of the night (HTTP " + std::to_string(status) + "): told without it";
  }
  letters_.erase(found);
  ++lost_;
  return "did not take a message: " + meaning(status) + " (HTTP " + std::to_string(status) + ")";
}

}  // namespace lull
