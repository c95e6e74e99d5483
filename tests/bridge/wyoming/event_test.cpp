// The frames of the Wyoming protocol: whole ones, pieces of ones, and what is none.
#include "bridge/wyoming/event.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lull {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

const std::string kSaid =
    "{\"type\":\"transcript\",\"version\":\"1.8.0\",\"data_length\":49}\n"
    R"({"text": "stop my leg massage", "language": "en"})";

/// Everything that a stream of bytes holds, fed in pieces of that size; "!" and the reason where it ends.
std::vector<std::string> read(std::string_view bytes, std::size_t piece = 1'000'000) {
  WyomingReader reader;
  std::vector<std::string> all;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    reader.feed(bytes.substr(0, piece));
    for (;;) {
      const auto event = reader.next();
      if (!event) return all.push_back("! " + event.error().where + " " + event.error().what), all;
      if (!*event) break;
      all.push_back((*event)->type + " " + (*event)->data.dump());
    }
  }
  if (reader.midway()) all.push_back("...");
  return all;
}
std::string end_of(const std::string& bytes) { return read(bytes).back(); }

TEST(AnEvent, IsALineAndItsData) {
  EXPECT_EQ(read(kSaid), std::vector<std::string>{R"(transcript {"language":"en","text":"stop my leg massage"})"});
}

TEST(AnEvent, MayArriveInAnyPieces) {
  const std::string two = kSaid + "{\"type\":\"audio\",\"payload_length\":5}\nab\ncd" + kSaid;
  const auto whole = read(two);
  ASSERT_EQ(whole.size(), 3u);
  for (std::size_t piece = 1; piece < two.size(); ++piece) EXPECT_EQ(read(two, piece), whole) << piece;
  for (std::size_t cut = 0; cut < kSaid.size(); ++cut) {
    WyomingReader reader;
    reader.feed(kSaid.substr(0, cut));
    auto event = reader.next();
    ASSERT_TRUE(event && !*event) << cut;
    EXPECT_EQ(reader.midway(), cut > 0) << "who goes away now has said nothing";
    reader.feed(kSaid.substr(cut));
    event = reader.next();
    EXPECT_TRUE(event && *event) << cut;
  }
}

TEST(AnEvent, NeedsNoLengthsAndItsDataMayBeInTheLine) {
  EXPECT_EQ(end_of("{\"type\":\"describe\"}\n"), "describe {}");
  EXPECT_EQ(end_of("{\"type\":\"describe\",\"data\":null,\"data_length\":null,\"payload_length\":0}\r\n"),
            "describe {}");
  EXPECT_EQ(end_of("{\"type\":\"t\",\"data\":{\"a\":1,\"b\":2},\"data_length\":7}\n{\"b\":3}"), R"(t {"a":1,"b":3})")
      << "what comes behind is laid over what is in the line";
}

TEST(AnEvent, ThatIsNoneIsTheEnd) {
  EXPECT_THAT(end_of("POST / HTTP/1.1\r\n"), HasSubstr("! header is no JSON")) << "a web page's request ends here";
  EXPECT_THAT(end_of("\n"), HasSubstr("! header"));
  EXPECT_THAT(end_of("[1]\n"), HasSubstr("must be a JSON object"));
  EXPECT_THAT(end_of("{\"data\":{}}\n"), HasSubstr("has no type"));
  EXPECT_THAT(end_of("{\"type\":5}\n"), HasSubstr("has no type"));
  EXPECT_THAT(end_of("{\"type\":\"t\",\"data\":\"x\"}\n"), HasSubstr("must be an object"));
  EXPECT_THAT(end_of("{\"type\":\"t\",\"data_length\":2}\n[]"), HasSubstr("! data"));
  EXPECT_THAT(end_of("{\"type\":\"t\",\"data_length\":3}\n{\"\xff"), HasSubstr("! data is not UTF-8"));
  for (const char* odd : {"-1", "1.5", "\"7\"", "true", "1e99", "65537", "18446744073709551616"})
    EXPECT_THAT(end_of("{\"type\":\"t\",\"data_length\":" + std::string(odd) + "}\n"), HasSubstr("length")) << odd;
  EXPECT_THAT(end_of("{\"type\":\"t\",\"payload_length\":1048577}\n"), HasSubstr("length"));
  EXPECT_THAT(end_of("{\"type\":\"t\",\"data\":" + std::string(40, '[') + std::string(40, ']') + "}\n"),
              HasSubstr("nests deeper"));
}

TEST(AnEvent, IsBoundedBeforeItsEndIsSeen) {
  EXPECT_THAT(end_of(std::string(WyomingReader::kHeader + 1, ' ')), HasSubstr("is longer than"));
  EXPECT_EQ(end_of(std::string(WyomingReader::kHeader, ' ')), "...") << "it may still become one";
}

TEST(AnEvent, IsWrittenAsItIsRead) {
  EXPECT_EQ(end_of(to_wire({"handled", {{"text", "Ich schalte die Wärme aus."}}})),
            R"(handled {"text":"Ich schalte die Wärme aus."})")
      << "the length counts bytes";
  EXPECT_EQ(end_of(to_wire({"info"})), "info {}");
  EXPECT_THAT(to_wire({"handled", {{"text", "a\nb"}}}), HasSubstr("\\n")) << "no second line";
}

}  // namespace
}  // namespace lull
