// Any request, as it comes behind Beast's parser: an answer or a refusal, never a crash, and nobody from elsewhere gets
// further than /healthz.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bridge/api/commands.hpp"
#include "bridge/api/doorkeeper.hpp"
#include "tests/fuzz/house.hpp"

namespace {

using lull::fuzz::house;

std::string take(std::string_view& bytes, char until) {
  const std::size_t end = std::min(bytes.find(until), bytes.size());
  std::string taken(bytes.substr(0, end));
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  return taken;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  lull::HttpRequest request;
  request.method = data[0] & 1 ? "POST" : "GET";
  request.from = "192.0.2.7";
  request.tls = data[0] & 2;
  request.right = 1 + data[0] / 4 % 5;
  request.query = take(rest, '\n');
  for (const char* name : {"host", "origin", "cookie", "x-remote-user-name", "x-forwarded-for"})
    request.fields.emplace_back(name, take(rest, '\n'));
  request.body = rest;
  (void)request.asked("at");
  lull::Doorkeeper::Settings who;
  if (auto users = lull::users_from(request.query)) who.users = *std::move(users);
  who.ingress = true;
  lull::Doorkeeper gate(
      who, [] { return lull::Instant{}; }, [](const std::string&) {});
  const bool in = !gate.refuses(request);
  if (in && request.right > static_cast<int>(lull::Right::page)) std::abort();
  const auto wish = lull::page_wish_from(request.body, house(), lull::Role::partner);
  if (wish.refused) {
    if (wish.refused->status < 400 || wish.refused->body.empty()) std::abort();
    return 0;
  }
  for (const lull::Command& c : wish.wish.commands)
    if (!lull::may_wish(lull::Role::partner, c)) std::abort();
  return 0;
}
