// What Lull tells people through Home Assistant's phones, and what their taps answer. Pure: messages in, commands out.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "automations/effect.hpp"
#include "automations/house.hpp"
#include "bridge/home_assistant/websocket/entities.hpp"
#include "config/load.hpp"

namespace lull {

/// Where one message can go: `notify.mobile_app_pixel`, or the entity `notify.pixel`, which takes words alone.
struct PhoneTarget {
  enum class Way : std::uint8_t { unknown, service, entity, none };
  std::string name;    // as the household wrote it, without "notify."
  std::string entity;  // the entity that stands in for it
  Way way = Way::unknown;
  bool takes_data = false;  // a phone with the app: pictures, answers, channels. Other services get words alone
};
std::string_view word_for(PhoneTarget::Way way);

class Phones {
 public:
  static constexpr std::size_t kMaxLetters = 32;  // that wait; the least urgent give way
  static constexpr std::size_t kMaxOffers = 16;   // notifications whose answers are remembered
  static constexpr milliseconds kAnswersHold{10min};
  static constexpr milliseconds kAlarmAnswersHold{1h};
  static constexpr milliseconds kPictureWithin{10'000};     // the summary waits so long for the picture to have arrived
  static constexpr milliseconds kPushWithin{20'000};        // Home Assistant itself gives a push server ten seconds
  static constexpr std::string_view kOurs = "LULL_PHONE_";  // how our answers begin; the blueprints' do not

  /// `nonce`: 32 letters that nobody can guess, new each time.
  Phones(const House& house, const std::vector<PhonesOf>& whose, std::function<std::string()> nonce);

  /// The entities that must be known: pictures, and what stands in for a service.
  std::vector<std::string> entities() const;
  const std::vector<PhoneTarget>& targets() const { return targets_; }

  /// Asks whether the service is there, by calling it without a message: where it is, the call is refused as
  /// incomplete, and nobody hears of it.
  static Json probe(const PhoneTarget& target);
  /// Its answer. Returns what a person should read, once for each change; "" nothing.
  std::string probed(std::size_t target, bool well, std::string_view code, const HaEntities& seen);

  void tell(const Notify& what, Instant now, const HaEntities& seen);

  struct Call {
    std::uint64_t letter;
    Json command;
  };
  /// What is to be sent now. `answers`: taps can be heard, so they are offered.
  std::vector<Call> due(Instant now, const HaEntities& seen, bool answers);
  /// What became of it. "" or what a person should read.
  std::string answered(std::uint64_t letter, bool well, std::string_view code, const std::string& text, Instant now,
                       const HaEntities& seen);

  struct Tap {
    std::vector<Command> wishes{};
    std::string refused{};  // why nothing is wished for
  };
  /// The data of a mobile_app_notification_action. Nothing: it is nobody's answer to us.
  std::optional<Tap> hear(const Json& data, Instant now);
  /// What ran out: answers that are no longer taken, letters that are no news any more.
  void tick(Instant now);

 private:
  enum class Answer : std::uint8_t { stop, softer, not_tonight, stop_all };
  struct Offer {
    std::string nonce;
    std::set<Answer> answers;
    std::vector<std::size_t> targets;
    std::string tag, title;
    Instant until;
    bool answered = false, replaced = false, cleared = false;
  };
  struct Letter {
    std::uint64_t id;
    std::size_t target;
    Notify::Urgency urgency;
    std::string title, text, tag, picture, nonce;
    Instant at, until;          // no news any more from then on
    std::string picture_was{};  // a summary waits until the picture is another than this one,
    Instant picture_until{};    // until then
    bool clears = false, flying = false;
    int tries = 0;
  };

  void post(Letter letter);
  Json message(const Letter& letter, Instant now, const HaEntities& seen, bool answers) const;
  Json data(const Letter& letter, const HaEntities& seen, bool answers) const;
  Offer* offer(std::string_view nonce);
  void clear(Offer& offer, Instant now);
  Json offered(const Offer& offer) const;
  static std::string_view word(Answer answer);
  static std::string_view title(Answer answer);
  static std::vector<Command> wishes(Answer answer);

  struct Person {
    std::optional<SleeperId> whose;
    std::set<Notify::Urgency> about;
    std::vector<std::size_t> targets;
    std::string picture;  // image.ana_last_night
  };
  const House& house_;
  std::vector<Person> people_;
  std::vector<PhoneTarget> targets_;
  std::set<std::size_t> told_missing_;
  std::function<std::string()> nonce_;
  std::vector<Offer> offers_;
  std::map<std::uint64_t, Letter> letters_;
  std::uint64_t next_letter_ = 1;
};

}  // namespace lull
