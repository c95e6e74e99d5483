// What the service shows of itself: the states of one burst together, when what they tell is on the disk.
#include <boost/asio/post.hpp>

#include "bridge/service.hpp"

namespace lull {
namespace {

constexpr std::chrono::milliseconds kShowEvery{100};    // states of one burst go out together
constexpr std::chrono::milliseconds kShowAtLast{5000};  // however slow the disk is

}  // namespace

void Service::keep_face() {
  Face::Kept now = face_->keep();
  if (now == face_kept_) return;
  face_kept_ = now;
  store_->keep(
      {KeepSetting{{"face.announcer", std::move(now.announcer)}}, KeepSetting{{"face.topics", std::move(now.topics)}}});
}

void Service::show() {
  if (show_soon_) return;
  show_soon_ = true;
  show_when_kept(kShowEvery);
}

void Service::show_when_kept(milliseconds waited) {
  show_.expires_after(kShowEvery);
  show_.async_wait([this, waited](const boost::system::error_code& e) {
    // What is shown is believed: a STOP that was seen to be latched must outlive a power cut. A disk that fails, or is
    // very slow, is told by itself and keeps nothing from being seen.
    if (!e && outbox_.kept() < last_kept_ && hub_.store_healthy && waited < kShowAtLast)
      return show_when_kept(waited + kShowEvery);
    if (!e && face_->is_showing()) return show_when_kept(waited);
    show_soon_ = false;
    if (!e && options_.showed) options_.showed();
    if (e || !link_->is_up()) return;
    const View& now = face_->begin_show();
    if (seen_) publish(heat_events(*house_, *seen_, now, install_));
    seen_ = now;
    show_more();
  });
}

/// A device in a turn of the loop: between two of them a STOP is heard.
void Service::show_more() {
  publish(face_->show_more());
  if (!face_->is_showing()) return keep_face();
  boost::asio::post(io_, [this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.lock()) show_more();
  });
}

}  // namespace lull
