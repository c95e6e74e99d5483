// One connection to the broker by Paho MQTT C++ 1.2 (Paho C 1.3).
#include "bridge/mqtt/paho_session.hpp"

#include <MQTTAsync.h>
#include <mqtt/async_client.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <utility>

#include "bridge/give_way.hpp"
#include "bridge/mqtt/paho_nap.hpp"
#include "bridge/mqtt/sender.hpp"
#include "bridge/mqtt/sockets.hpp"
#include "bridge/mqtt/topic.hpp"

namespace lull {
namespace {

using What = PahoSession::Happened::What;
using Version = PahoSession::Version;

constexpr std::chrono::seconds kConnectTimeout{5}, kKeepAlive{15};
constexpr int kMaxBuffered = 2000;    // messages for Paho, and inside it, also while connected; its default is 100
constexpr int kMaxInflight = 500;     // QoS 1 without PUBACK; Paho looks each acknowledgement up one by one
constexpr int kWillDelaySeconds = 5;  // a short cut of the network does not flicker in Home Assistant
constexpr int kMaxPacket = static_cast<int>(kMaxBridgePayload) + 70'000;  // MQTT 5: the broker drops what is larger

/// What Paho's threads touch. It outlives the session for as long as Paho holds a callback.
struct Shared {
  std::shared_ptr<Inbox> inbox;
  PahoSession::Wake wake;
  PahoSession::Tell tell;
  std::array<std::atomic<int>, 8> sockets{};  // 0: none (a connection is never standard input)
  std::atomic<bool> closed{false}, awaits_socket{false};

  void socket_awaited(bool is) {
    if (awaits_socket.exchange(is) != is) paho_nap::socket_awaited(is);
  }
  void acknowledge() {
    for (auto& socket : sockets)
      if (const int descriptor = socket.load(std::memory_order_relaxed)) acknowledge_at_once(descriptor);
  }
  void say(What what, std::string why = {}, bool session_present = false, std::uint64_t id = 0) {
    if (!closed) tell({what, std::move(why), session_present, id});
  }
};

/// Paho would set up all of OpenSSL for every client, with or without TLS: 2 MB and some milliseconds. OpenSSL 1.1 and
/// later does so by itself when the first TLS connection needs it. To be called before the first client is made.
bool leave_openssl_to_itself() {
  MQTTAsync_init_options options = MQTTAsync_init_options_initializer;
  options.do_openssl_init = 0;
  MQTTAsync_global_init(&options);
  return true;
}

std::string uri_of(const BrokerAddress& broker) {
  const bool six = broker.host.find(':') != std::string::npos;
  return (broker.tls ? "ssl://" : "tcp://") + (six ? "[" + broker.host + "]" : broker.host) + ":" +
         std::to_string(broker.port);
}

mqtt::const_message_ptr message_of(const Publish& p, Version version) {
  const auto message = std::make_shared<mqtt::message>(p.topic, p.payload, p.qos, p.retain);
  if (version == Version::v5 && p.expiry_s > 0) {
    mqtt::properties properties;
    properties.add({mqtt::property::MESSAGE_EXPIRY_INTERVAL, static_cast<std::int32_t>(p.expiry_s)});
    message->set_properties(std::move(properties));
  }
  return message;
}

bool is_refused_version(const mqtt::token& token, Version version) {
  return version == Version::v5 && (token.get_reason_code() == mqtt::ReasonCode::UNSUPPORTED_PROTOCOL_VERSION ||
                                    token.get_return_code() == 1);  // 1: what a broker of MQTT 3.1.1 answers
}

std::string why_not_connected(const mqtt::token& token) {
  const int code = token.get_return_code(), reason = token.get_reason_code();
  // With MQTT 5 Paho hands the reason over as the return code.
  if (code == 4 || code == 5 || code == mqtt::ReasonCode::BAD_USER_NAME_OR_PASSWORD ||
      code == mqtt::ReasonCode::NOT_AUTHORIZED || reason == mqtt::ReasonCode::BAD_USER_NAME_OR_PASSWORD ||
      reason == mqtt::ReasonCode::NOT_AUTHORIZED)
    return "the broker refuses this user name or password";
  if (code == 2 || reason == mqtt::ReasonCode::CLIENT_IDENTIFIER_NOT_VALID) return "the broker refuses our client id";
  if (code == 3 || reason == mqtt::ReasonCode::SERVER_UNAVAILABLE || reason == mqtt::ReasonCode::SERVER_BUSY)
    return "the broker says it is not available now";
  if (reason > 0) return "the broker refuses the connection (reason " + std::to_string(reason) + ")";
  return "nobody answers there (" + mqtt::exception::error_str(code) + ")";
}

struct ConnectListener : mqtt::iaction_listener {
  Shared& shared;
  Version version;
  ConnectListener(Shared& s, Version v) : shared(s), version(v) {}
  void on_success(const mqtt::token& token) override {
    shared.socket_awaited(false);
    shared.say(What::up, {}, token.get_connect_response().is_session_present());
  }
  void on_failure(const mqtt::token& token) override {
    shared.socket_awaited(false);
    shared.say(is_refused_version(token, version) ? What::refused_version : What::failed, why_not_connected(token));
  }
};

struct SubscribeListener : mqtt::iaction_listener {
  Shared& shared;
  explicit SubscribeListener(Shared& s) : shared(s) {}
  void on_success(const mqtt::token&) override { shared.say(What::subscribed); }
  void on_failure(const mqtt::token& token) override {
    if (token.get_reason_code() < 0x80 && token.get_return_code() != 0x80)
      return;  // the connection went: told by itself
    const auto topics = token.get_topics();
    shared.say(What::not_subscribed, "the broker refuses the subscription to " +
                                         (topics && !topics->empty() ? readable((*topics)[0]) : "a topic"));
  }
};

struct PublishListener : mqtt::iaction_listener {
  Shared& shared;
  explicit PublishListener(Shared& s) : shared(s) {}
  void on_success(const mqtt::token& token) override {
    shared.acknowledge();
    // The id travels in Paho's context pointer: nothing to allocate, nothing to free.
    if (const auto id = reinterpret_cast<std::uintptr_t>(token.get_user_context()))
      shared.say(What::proved, {}, false, id);
  }
  void on_failure(const mqtt::token&) override {}  // the connection went; the device's state is the only proof anyway
};

struct DisconnectListener : mqtt::iaction_listener {
  Shared& shared;
  explicit DisconnectListener(Shared& s) : shared(s) {}
  void on_success(const mqtt::token&) override { shared.say(What::closed); }
  void on_failure(const mqtt::token&) override { shared.say(What::closed); }
};

}  // namespace

struct PahoSession::Impl {
  Settings settings;
  std::shared_ptr<Shared> shared;
  ConnectListener on_connect;
  SubscribeListener on_subscribe;
  PublishListener on_publish;
  DisconnectListener on_disconnect;
  mqtt::async_client client;  // after the listeners: destroyed before them, and Paho then calls them one last time
  // Kept: copies of connect options, Paho's own too, go on pointing at the properties of the first (Paho C++ 1.2.0).
  // After the client, or Paho C, ending with its last client, would count them as lost.
  mqtt::connect_options_builder options;
  std::unique_ptr<Sender> sender;  // ends before the client does

  Impl(Settings s, std::shared_ptr<Shared> sh)
      : settings(std::move(s)),
        shared(std::move(sh)),
        on_connect(*shared, settings.version),
        on_subscribe(*shared),
        on_publish(*shared),
        on_disconnect(*shared),
        client(uri_of(settings.broker), settings.client_id,
               mqtt::create_options_builder()
                   .mqtt_version(settings.version == Version::v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1)
                   .send_while_disconnected(false, false)
                   .max_buffered_messages(kMaxBuffered)
                   .finalize(),
               nullptr),
        sender(
            std::make_unique<Sender>(kMaxBuffered, [this](const Publish& p, std::uint64_t proof) { send(p, proof); })) {
    set_options();
  }

  void send(const Publish& what, std::uint64_t proof) {
    try {
      client.publish(message_of(what, settings.version), reinterpret_cast<void*>(static_cast<std::uintptr_t>(proof)),
                     on_publish);
    } catch (const mqtt::exception&) {  // not connected, or kMaxBuffered are waiting
      shared->say(What::not_sent, what.topic);
    }
  }

  void set_options() {
    const bool v5 = settings.version == Version::v5;
    options.mqtt_version(v5 ? MQTTVERSION_5 : MQTTVERSION_3_1_1);
    options.keep_alive_interval(kKeepAlive).connect_timeout(kConnectTimeout).max_inflight(kMaxInflight);
    if (!settings.broker.user.empty()) {
      options.user_name(settings.broker.user);
      options.password(settings.broker.password);
    }
    if (settings.broker.tls) {
      mqtt::ssl_options_builder ssl;
      if (!settings.broker.ca_file.empty()) ssl.trust_store(settings.broker.ca_file);
      if (!settings.broker.certificate_file.empty()) {
        ssl.key_store(settings.broker.certificate_file);
        ssl.private_key(settings.broker.key_file);
        // The link looked at it (tls.hpp). Should it be another now: a wrong passphrase, and nobody asks a terminal.
        ssl.private_keypassword("none");
      }
      ssl.enable_server_cert_auth(true);
      ssl.verify(true);  // the certificate must carry the host's name
      options.ssl(ssl.finalize());
    }
    mqtt::properties will_properties;
    if (v5) {
      options.clean_start(true);
      mqtt::properties properties;
      properties.add({mqtt::property::MAXIMUM_PACKET_SIZE, kMaxPacket});
      // A session that ends at once ends the delay of its will, too (MQTT 5.0, section 3.1.3.2.2).
      properties.add({mqtt::property::SESSION_EXPIRY_INTERVAL, kWillDelaySeconds});
      options.properties(std::move(properties));
      will_properties.add({mqtt::property::WILL_DELAY_INTERVAL, kWillDelaySeconds});
    } else {
      options.clean_session(true);
    }
    if (!settings.will.topic.empty())
      options.will(mqtt::will_options(settings.will.topic, settings.will.payload, settings.will.qos,
                                      settings.will.retain, will_properties));
  }
};

PahoSession::PahoSession(Settings settings, std::shared_ptr<Inbox> inbox, Wake wake, Tell tell) {
  [[maybe_unused]] static const bool once = leave_openssl_to_itself();
  auto shared = std::make_shared<Shared>();
  shared->inbox = std::move(inbox);
  shared->wake = std::move(wake);
  shared->tell = std::move(tell);
  impl_ = std::make_unique<Impl>(std::move(settings), shared);
  // One by one, before connect: set_callback takes its locks in the other order than Paho's threads do.
  impl_->client.set_message_callback([shared](const mqtt::const_message_ptr& message) {
    give_way();  // from a flood
    shared->acknowledge();
    if (!message || shared->closed) return;
    const auto& payload = message->get_payload_ref();
    const std::string_view bytes = payload ? std::string_view{payload.data(), payload.size()} : std::string_view{};
    if (shared->inbox->push(message->get_topic(), bytes, message->is_retained())) shared->wake();
  });
  impl_->client.set_connection_lost_handler(
      [shared](const std::string&) { shared->say(What::lost, "the connection to the broker ended"); });
  impl_->client.set_disconnected_handler([shared](const mqtt::properties&, mqtt::ReasonCode reason) {
    if (reason == mqtt::ReasonCode::SESSION_TAKEN_OVER)
      shared->say(What::taken_over, "another program took over our client id: is a second Lull running?");
    else
      shared->say(What::lost, "the broker closed the connection (reason " + std::to_string(int{reason}) + ")");
  });
}

PahoSession::~PahoSession() {
  impl_->shared->closed = true;
  impl_->shared->socket_awaited(false);
  if (impl_->shared->sockets[0] != 0) paho_nap::watch({});
}

bool PahoSession::connect() {
  impl_->shared->socket_awaited(true);
  try {
    impl_->client.connect(impl_->options.finalize(), nullptr, impl_->on_connect);
    return true;
  } catch (const mqtt::exception&) {
    impl_->shared->socket_awaited(false);
    return false;
  }
}

bool PahoSession::subscribe(const std::vector<std::string>& filters, const std::vector<std::string>& tells_retained) {
  try {
    // One by one: given many with options, Paho C++ 1.2.0 reads a list that it has already freed.
    for (const std::string& filter : filters) {
      // no_local: what we publish on our own trees is no news to us.
      const bool v5 = impl_->settings.version == Version::v5;
      const bool tells = std::find(tells_retained.begin(), tells_retained.end(), filter) != tells_retained.end();
      const mqtt::subscribe_options options(v5, v5 && tells);
      impl_->client.subscribe(filter, 1, nullptr, impl_->on_subscribe, options);
    }
    return true;
  } catch (const mqtt::exception&) { return false; }
}

bool PahoSession::publish(const Publish& what, std::uint64_t proof) { return impl_->sender->take(what, proof); }

bool PahoSession::disconnect() {
  try {
    impl_->client.disconnect(0, nullptr, impl_->on_disconnect);
    return true;
  } catch (const mqtt::exception&) { return false; }
}

void PahoSession::tune_sockets(const std::vector<std::string>& addresses, std::uint16_t port) {
  const std::vector<int> found = delaying_sockets_to(addresses, port);
  for (std::size_t i = 0; i < impl_->shared->sockets.size(); ++i) {
    if (i < found.size()) send_without_delay(found[i]);
    impl_->shared->sockets[i] = i < found.size() ? found[i] : 0;
  }
  paho_nap::watch(found);
}

}  // namespace lull
