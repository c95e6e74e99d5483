// Letters to phones: to whom, how loud, with what picture and which answers.
#include "bridge/home_assistant/websocket/phones.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "bridge/home_assistant/words.hpp"
#include "bridge/letters.hpp"

namespace lull {
namespace {

constexpr std::string_view kApp = "mobile_app_";
constexpr int kTries = 3;

std::string short_hash(std::string_view text) {  // FNV-1a: the same alarm again takes the place of the first
  std::uint32_t h = 2166136261u;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
  return std::to_string(h);
}

Json call(std::string_view service, Json service_data) {
  return {{"type", "call_service"},
          {"domain", "notify"},
          {"service", service},
          {"service_data", std::move(service_data)},
          {"return_response", false}};
}

/// Answers that mean that nobody knows whether the message arrived, or that it may next time.
bool may_come_through(std::string_view code) {
  return code == "gone" || code == "timeout" || code == "home_assistant_error" || code == "unknown_error";
}

}  // namespace

std::string_view word_for(PhoneTarget::Way way) {
  switch (way) {
    case PhoneTarget::Way::unknown: return "unknown";
    case PhoneTarget::Way::service: return "service";
    case PhoneTarget::Way::entity: return "entity";
    case PhoneTarget::Way::none: return "missing";
  }
  return "unknown";
}

Phones::Phones(const House& house, const std::vector<PhonesOf>& whose, std::function<std::string()> nonce)
    : house_(house), nonce_(std::move(nonce)) {
  for (const PhonesOf& of : whose) {
    Person person{of.whose, of.about, {}, of.picture};
    const SleeperId face = of.whose.value_or(SleeperId{0});
    if (person.picture.empty() && face.index < house.sleepers.size())
      if (const std::string name = entity_word(house.sleepers[face.index].name); !name.empty())
        person.picture = "image." + name + "_last_night";
    for (const std::string& written : of.to) {
      const std::string name = written.starts_with("notify.") ? written.substr(7) : written;
      const auto same = [&](const PhoneTarget& t) { return t.name == name; };
      const auto found = std::find_if(targets_.begin(), targets_.end(), same);
      person.targets.push_back(static_cast<std::size_t>(found - targets_.begin()));
      if (found != targets_.end()) continue;
      const bool app = name.starts_with(kApp);
      targets_.push_back({name, "notify." + (app ? name.substr(kApp.size()) : name), PhoneTarget::Way::unknown, app});
    }
    people_.push_back(std::move(person));
  }
}

std::vector<std::string> Phones::entities() const {
  std::vector<std::string> all;
  for (const PhoneTarget& t : targets_) all.push_back(t.entity);
  for (const Person& p : people_)
    if (!p.picture.empty()) all.push_back(p.picture);
  return all;
}

Json Phones::probe(const PhoneTarget& target) { return call(target.name, Json::object()); }

std::string Phones::probed(std::size_t index, bool well, std::string_view code, const HaEntities& seen) {
  PhoneTarget& target = targets_.at(index);
  if (code == "gone" || code == "timeout") return "";
  const HaEntity* entity = seen.find(target.entity);
  target.way = well || code != "not_found" ? PhoneTarget::Way::service
               : entity                    ? PhoneTarget::Way::entity
                                           : PhoneTarget::Way::none;
  if (target.way != PhoneTarget::Way::none) return told_missing_.erase(index), "";
  if (!told_missing_.insert(index).second) return "";
  return "Home Assistant knows no action notify." + target.name + " and no entity " + target.entity +
         ", so nothing can be told there; its Developer tools list the right name under Actions";
}

// ---- telling --------------------------------------------------------------------------------------------------------

void Phones::post(Letter letter) {
  letter.id = next_letter_++;
  if (letters_.size() >= kMaxLetters) {
    const auto least = std::min_element(letters_.begin(), letters_.end(), [](const auto& a, const auto& b) {
      return a.second.urgency < b.second.urgency;  // of equals the oldest
    });
    if (least->second.urgency > letter.urgency) return;
    letters_.erase(least);
  }
  letters_.emplace(letter.id, std::move(letter));
}

void Phones::tell(const Notify& what, Instant now, const HaEntities& seen) {
  const bool alarm = what.urgency == Notify::Urgency::alarm, restless = what.urgency == Notify::Urgency::restless;
  const bool known = what.to && what.to->index < house_.sleepers.size();
  const bool anybody = std::any_of(people_.begin(), people_.end(),
                                   [&](const Person& p) { return concerns(what, p.whose) && !p.targets.empty(); });
  std::set<std::size_t> told;  // a phone that two people share rings once
  Offer offer;
  offer.title = title_of(what, house_);
  offer.tag = alarm      ? "lull_alarm_" + short_hash(what.text)
              : restless ? "lull_restless" + (known ? "_" + house_.sleepers[what.to->index].id : "")
                         : "lull_" + std::string(word_for(what.urgency));
  if (restless) offer.answers = {Answer::stop, Answer::softer, Answer::not_tonight};
  if (alarm) offer.answers = {Answer::stop_all};
  offer.until = now + (alarm ? kAlarmAnswersHold : kAnswersHold);
  if (!offer.answers.empty()) offer.nonce = nonce_();
  for (const Person& person : people_) {
    if (!is_told(what, person.whose, person.about, anybody)) continue;
    for (const std::size_t target : person.targets) {
      if (!told.insert(target).second) continue;
      Letter letter{0,         target, what.urgency, offer.title, clipped(what.text, kLongestMessage),
                    offer.tag, {},     offer.nonce,  now,         now + worth_sending_for(what.urgency)};
      if (what.urgency == Notify::Urgency::summary && !person.picture.empty()) {
        const HaEntity* image = seen.find(person.picture);
        letter.picture = person.picture;
        letter.picture_was = image ? image->state : "";
        letter.picture_until = image ? now + kPictureWithin : now;
      }
      post(std::move(letter));
    }
  }
  if (offer.answers.empty() || told.empty()) return;
  for (Offer& older : offers_)  // a newer notification takes the place of the older, and its answers
    if (older.tag == offer.tag) older.replaced = older.cleared = true;
  offer.targets.assign(told.begin(), told.end());
  if (offers_.size() >= kMaxOffers) offers_.erase(offers_.begin());
  offers_.push_back(std::move(offer));
}

std::vector<Phones::Call> Phones::due(Instant now, const HaEntities& seen, bool answers) {
  std::vector<Call> calls;
  for (auto& [id, letter] : letters_) {
    if (letter.flying) continue;
    PhoneTarget& target = targets_[letter.target];
    if (target.way == PhoneTarget::Way::none && seen.find(target.entity)) target.way = PhoneTarget::Way::entity;
    if (target.way == PhoneTarget::Way::none) continue;  // it may turn up while the letter is news
    if (target.way == PhoneTarget::Way::unknown && now - letter.at < 5s) continue;  // about to be known
    const HaEntity* image = letter.picture.empty() ? nullptr : seen.find(letter.picture);
    if (image && now < letter.picture_until && image->state == letter.picture_was) continue;
    letter.flying = true;
    ++letter.tries;
    calls.push_back({id, message(letter, now, seen, answers)});
  }
  return calls;
}

std::string Phones::answered(std::uint64_t id, bool well, std::string_view code, const std::string& text, Instant now,
                             const HaEntities& seen) {
  const auto found = letters_.find(id);
  if (found == letters_.end()) return "";
  Letter& letter = found->second;
  const std::size_t target = letter.target;
  letter.flying = false;
  if (code == "gone") return --letter.tries, "";  // it waits for the next connection
  if (!well && code == "not_found" && letter.tries < kTries) return probed(target, false, code, seen);
  const bool again = !well && letter.urgency == Notify::Urgency::alarm && may_come_through(code) &&
                     letter.tries < kTries && now < letter.until;
  if (!again) letters_.erase(found);
  return well ? ""
              : "notify." + targets_[target].name + " did not take a message (" + std::string(code) + ": " + text + ")";
}

// ---- the message ----------------------------------------------------------------------------------------------------

Json Phones::message(const Letter& letter, Instant now, const HaEntities& seen, bool answers) const {
  const PhoneTarget& target = targets_[letter.target];
  const std::string text = with_age(letter.text, now - letter.at);
  if (target.way == PhoneTarget::Way::entity) {
    Json command = call("send_message", {{"message", text}, {"title", letter.title}});
    command["target"] = {{"entity_id", {target.entity}}};
    return command;
  }
  if (letter.clears) return call(target.name, {{"message", "clear_notification"}, {"data", {{"tag", letter.tag}}}});
  Json service_data{{"message", text}, {"title", letter.title}};
  if (target.takes_data) service_data["data"] = data(letter, seen, answers);
  return call(target.name, std::move(service_data));
}

Json Phones::data(const Letter& letter, const HaEntities& seen, bool answers) const {
  Json data{{"tag", letter.tag}, {"group", "lull"}};
  switch (letter.urgency) {
    case Notify::Urgency::alarm:  // through silence and Do not disturb: somebody may lie on what is too hot
      data.update(
          {{"ttl", 0},
           {"priority", "high"},
           {"channel", "alarm_stream"},
           {"push",
            {{"sound", {{"name", "default"}, {"critical", 1}, {"volume", 1.0}}}, {"interruption-level", "critical"}}}});
      break;
    case Notify::Urgency::restless:  // seen by who is awake, heard by nobody
      data.update({{"channel", "Lull at night"},
                   {"importance", "low"},
                   {"push", {{"sound", "none"}, {"interruption-level", "passive"}}}});
      break;
    case Notify::Urgency::fault: data.update({{"ttl", 0}, {"priority", "high"}, {"channel", "Lull"}}); break;
    case Notify::Urgency::summary:
    case Notify::Urgency::notice: data["channel"] = "Lull"; break;
  }
  // With its token, which holds for five minutes, and after that the app's own log-in opens it.
  if (const HaEntity* image = letter.picture.empty() ? nullptr : seen.find(letter.picture))
    if (const std::string at = text_at(image->attributes, "entity_picture"); !at.empty())
      data["image"] = at, data["attachment"] = {{"url", at}, {"content-type", "png"}};
  if (letter.nonce.empty() || !answers) return data;
  for (const Offer& o : offers_)
    if (o.nonce == letter.nonce) data["actions"] = offered(o);
  return data;
}

}  // namespace lull
