// Reading a recording: what is understood, and what is said of what is not.
#include "bridge/recording/table.hpp"

#include <gtest/gtest.h>

#include "bridge/recording/columns.hpp"

namespace lull::recording {
namespace {

Table table(const std::string& text) {
  auto t = parse_table("night.csv", text);
  EXPECT_TRUE(t) << (t ? "" : t.error().where + ": " + t.error().what);
  return t ? *t : Table{};
}
std::string wrong(const std::string& text) {
  const auto t = parse_table("night.csv", text);
  return t ? "no error" : t.error().where + ": " + t.error().what;
}

TEST(RecordedTable, CsvAsPeopleWriteIt) {
  const Table t = table(
      "\xEF\xBB\xBF# start=2015-01-23T13:58:00 epoch_s=60\r\nminute,counts,\"a name\"\r\n0, 12 ,\r\n\r\n1,,x\r\n");
  EXPECT_EQ(t.columns, (std::vector<std::string>{"minute", "counts", "a name"}));
  ASSERT_EQ(t.rows.size(), 2u);
  EXPECT_EQ(t.rows[0].cells, (std::vector<std::string>{"0", "12", ""}));
  EXPECT_EQ(t.rows[1].line, 5u);
  EXPECT_EQ(time_text(*t.start), "2015-01-23T13:58:00");
  EXPECT_EQ(*t.step, 60s);
  EXPECT_EQ(table("t;counts\n1;2\n").columns.size(), 2u);
  EXPECT_EQ(table("5\n70\n").columns, std::vector<std::string>{"t"});
}

TEST(RecordedTable, JsonLines) {
  const Table t = table("{\"t\": 0, \"counts\": 5}\n{\"t\": 60, \"counts\": null}\n{\"counts\": 7, \"t\": 120}\n");
  EXPECT_EQ(t.columns, (std::vector<std::string>{"t", "counts"}));
  EXPECT_EQ(t.rows[1].cells, (std::vector<std::string>{"60", ""}));
  EXPECT_EQ(t.rows[2].cells, (std::vector<std::string>{"120", "7"}));
  EXPECT_NE(wrong("{\"t\": 0}\n{\"t\": 1, \"x\": 2}\n").find("night.csv:2"), std::string::npos);
  EXPECT_NE(wrong("{\"t\": 0}\n{\"t\": \n").find("night.csv:2"), std::string::npos);
  EXPECT_NE(wrong("{\"t\": [0]}\n").find("night.csv:1"), std::string::npos);
}

TEST(RecordedTable, ComplaintsNameTheLine) {
  EXPECT_NE(wrong("t,counts\n0,1\n60\n").find("night.csv:3: 1 cells, but the header names 2"), std::string::npos);
  EXPECT_NE(wrong("0,1\n60,2\n").find("no header line"), std::string::npos);
  EXPECT_NE(wrong("t,t\n0,1\n").find("two columns are called t"), std::string::npos);
  EXPECT_NE(wrong("").find("no rows"), std::string::npos);
  EXPECT_NE(wrong("t,counts\n").find("no rows"), std::string::npos);
  EXPECT_NE(wrong(std::string("PK\0\0", 4)).find("binary"), std::string::npos);
}

TEST(RecordedTime, DatesWithAndWithoutAZone) {
  const auto at = parse_time("2012-06-27T10:54:00Z");
  ASSERT_TRUE(at);
  EXPECT_EQ(parse_time("2012-06-27 10:54:00"), at);
  EXPECT_EQ(parse_time("2012/06/27T10:54"), at);
  EXPECT_EQ(parse_time("2012-06-27T12:54:00+02:00"), at);
  EXPECT_EQ(parse_time("2012-06-27T05:24:00-0530"), at);
  EXPECT_EQ(*parse_time("2012-06-27T10:54:00.25"), *at + 250ms);
  EXPECT_EQ(time_text(*at + 250ms), "2012-06-27T10:54:00.250");
  EXPECT_EQ(time_text(*parse_time("1918-01-23T13:58:00")), "1918-01-23T13:58:00");
  for (const char* bad : {"", "2012", "2012-02-30T00:00:00", "2012-06-27T25:00:00", "2012-06-27T10:54:00X",
                          "27.06.2012 10:54", "2012-06-27T10:54:00+", "2012-06-27T10:61", "2012-06-27T10:54:00."})
    EXPECT_FALSE(parse_time(bad)) << bad;
}

TEST(RecordedTime, SpansAndNumbers) {
  EXPECT_EQ(parse_span("60s"), 60s);
  EXPECT_EQ(parse_span("1 min"), 60s);
  EXPECT_EQ(parse_span("40ms"), 40ms);
  for (const char* bad : {"", "60", "-60s", "0s", "s", "60 sec", "1e9h", "nans"}) EXPECT_FALSE(parse_span(bad)) << bad;
  EXPECT_EQ(parse_number("-1.5e1"), -15);
  EXPECT_FALSE(parse_number("1.5x"));
  EXPECT_FALSE(parse_number(""));
}

TEST(RecordedTime, FromColumnsOrByCounting) {
  EXPECT_EQ(times_of(table("minute,counts\n3,1\n4,2\n"), {})->samples[1].at, 240s);
  const auto by_start = times_of(table("# start=2015-01-23T13:58:00 epoch_s=60\nminute,counts\n3,1\n"), {});
  EXPECT_EQ(by_start->text(by_start->samples[0].at), "2015-01-23T14:01:00");
}

TEST(RecordedCounts, TheUsualColumnsAreFoundAndOthersNamed) {
  EXPECT_EQ(counts_of(table("t,axis1\n0,1\n60,2\n"), "", {})->name, "axis1");
  const auto none = counts_of(table("t,steps\n0,1\n60,2\n"), "", {});
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().what.find("it has t, steps"), std::string::npos) << none.error().what;
  EXPECT_EQ(counts_of(table("t,steps\n0,1\n60,2\n"), "steps", {})->counts.size(), 2u);
  EXPECT_FALSE(counts_of(table("t,acc_mg\n0,1\n60,2\n"), "acc_mg", {}));
  EXPECT_FALSE(counts_of(table("t,counts\n0,1.5\n60,2\n"), "", {}));
  EXPECT_FALSE(counts_of(table("t,counts\n0,1\n60,many\n"), "", {}));
}

}  // namespace
}  // namespace lull::recording
