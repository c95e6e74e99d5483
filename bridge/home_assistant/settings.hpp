// What the household and the install decide about Lull's face to Home Assistant.
#pragma once

#include <string>

namespace lull {

struct HomeAssistant {
  std::string install;                               // made once, kept for ever: every id begins with it
  std::string version;                               // of Lull
  std::string prefix = "homeassistant";              // of discovery topics, as set in Home Assistant
  std::string birth_topic = "homeassistant/status";  // where it says that it is there
  std::string birth_payload = "online";
  bool announces = true;   // false: our own topics only, and what was announced is removed
  bool websocket = false;  // we are a guest of its WebSocket too, and show how that is
  bool ntfy = false;       // the same of ntfy
  std::string page;        // http address of our own page; "" = none
};

}  // namespace lull
