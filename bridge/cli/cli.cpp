// What can be asked of the program, with CLI11. Each command is a file beside this one.
#include "bridge/cli/cli.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>

#include "bridge/cli/commands.hpp"

namespace lull::cli {
namespace {

constexpr const char* kAbout =
    "Lull brings massage pads, heat pads and sleep trackers into Home Assistant, plays a wind-down at bedtime,\n"
    "answers restless legs at night with a gentle massage, and shows in the morning what happened and why.\n"
    "Lull gives comfort, it treats nothing.";

/// CLI::Range alone lets NaN through.
std::string a_speed(const std::string& text) {
  double speed = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), speed);
  if (wrong == std::errc{} && end == text.data() + text.size() && speed >= 1 && speed <= 2000) return "";
  return text + " is no speed, must be 1 to 2000";
}

CLI::App* add(CLI::App& app, const char* name, const char* what) {
  CLI::App* c = app.add_subcommand(name, what);
  c->fallthrough(false);
  return c;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{kAbout, "lull"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "lull " LULL_VERSION);
  int code = kFine;

  Run run_args;
  CLI::App* run_cmd = add(app, "run", "the service; SIGTERM or SIGINT: everything off and proved, then it ends");
  run_cmd->add_option("--config", run_args.config, "the household's file (docs/CONFIGURATION.md)")->required();
  run_cmd->add_option("--state", run_args.state, "folder for journal, dose ledger and nights")->capture_default_str();
  run_cmd->add_flag("--verbose", run_args.verbose, "log every decision, also on a terminal");
  run_cmd->callback([&] { code = run(run_args); });

  Stop stop_args;
  CLI::App* stop_cmd = add(app, "stop", "everything off now, until somebody releases it; waits for the proof");
  stop_cmd->add_option("--state", stop_args.state, "the folder given to lull run")->capture_default_str();
  stop_cmd->callback([&] { code = stop(stop_args); });
  CLI::App* release_cmd = add(app, "release", "ends a STOP; starts nothing");
  release_cmd->add_option("--state", stop_args.state, "the folder given to lull run")->capture_default_str();
  release_cmd->callback([&] { code = release(stop_args); });

  Demo demo_args;
  if (argc > 0) demo_args.program = argv[0];
  CLI::App* demo_cmd = add(app, "demo", "a simulated bedroom and one night in it, on a real broker");
  demo_cmd->add_option("--speed", demo_args.speed, "how much faster than life")
      ->check(CLI::Validator(a_speed, "1 to 2000"))
      ->capture_default_str();
  demo_cmd->add_option("--seed", demo_args.seed, "which night")->capture_default_str();
  demo_cmd->add_flag("--faults", demo_args.faults,
                     "a radio that loses messages, a sensor that dies, a bridge that restarts, a hand");
  demo_cmd->add_flag("--partner", demo_args.partner, "somebody else in the bed who moves too");
  demo_cmd->add_option("--out", demo_args.out, "folder for journal, report.json, report.txt, night.svg and night.png");
  demo_cmd->add_option("--serve", demo_args.serve, "the port of its page; left out: a free one");
  demo_cmd->add_flag("--stay", demo_args.stay,
                     "when the night is over, go on as fast as life, for the page, until ended");
  demo_cmd->callback([&] { code = demo(demo_args); });

  Check check_args;
  CLI::App* check_cmd = add(app, "check", "a configuration: all problems at once, each with line, path and remedy");
  auto* file = check_cmd->add_option("FILE", check_args.file, "the household's file");
  auto* schema = check_cmd->add_flag("--schema", check_args.schema, "print the JSON Schema for editors instead");
  file->excludes(schema);
  check_cmd->add_flag("--json", check_args.json, "for programs");
  check_cmd
      ->add_flag("--connect", check_args.connect,
                 "also log in to Home Assistant (is the token good, whose is it, are the phones there?) and ask ntfy")
      ->excludes(schema);
  check_cmd->callback([&] {
    if (check_args.file.empty() && !check_args.schema) throw CLI::RequiredError("FILE");
    code = check(check_args);
  });

  Report report_args;
  CLI::App* report_cmd = add(app, "report", "what a night was");
  report_cmd->add_option("--state", report_args.state, "the folder given to lull run")->required();
  report_cmd->add_option("--night", report_args.night,
                         "the date of its evening, 2026-11-21; left out: the newest night");
  report_cmd->add_option("--picture", report_args.picture, "also write the picture of the night, .svg or .png");
  auto* weeks = report_cmd->add_option("--weeks", report_args.weeks, "the last so many weeks, night by night, instead")
                    ->check(CLI::Range(1, 60));
  weeks->excludes("--night")->excludes("--picture");
  auto* report_json = report_cmd->add_flag("--json", report_args.json, "for programs");
  auto* table = report_cmd->add_option(
      "--csv", report_args.csv,
      "a table: nights (all that are kept, or --weeks, or --night), or minutes (of one night, or --weeks)");
  table->expected(0, 1)->type_name("[nights|minutes]")->excludes("--picture")->excludes(report_json);
  report_cmd->callback([&, table] {
    std::string& csv = report_args.csv;
    if (table->count() > 0 && csv != "minutes" && csv != "nights") {
      if (!csv.empty() && csv != "true") throw CLI::ValidationError("--csv", csv + ": must be nights or minutes");
      csv = "nights";  // said without a word
    }
    code = report(report_args);
  });

  Why why_args;
  CLI::App* why_cmd = add(app, "why", "each decision near a time, and each decision not to act");
  why_cmd->add_option("TIME", why_args.time, "by the clock on the wall, 02:00")->required();
  why_cmd->add_option("--state", why_args.state, "the folder given to lull run")->required();
  why_cmd->add_option("--night", why_args.night, "the date of its evening; left out: the newest night");
  why_cmd->add_flag("--json", why_args.json, "for programs");
  why_cmd->callback([&] { code = why(why_args); });

  Replay replay_args;
  CLI::App* replay_cmd = add(app, "replay", "the same core on the same events: 1 if any effect differs");
  replay_cmd->add_option("JOURNAL", replay_args.journal, "a state folder or its lull.db")->required();
  replay_cmd->add_flag("--json", replay_args.json, "for programs");
  replay_cmd->callback([&] { code = replay(replay_args); });

  Score score_args;
  CLI::App* score_cmd = add(app, "score", "a recording scored by a published rule, or by the live detector");
  score_cmd->add_option("FILE", score_args.file, "CSV with a header line, or JSON lines")->required();
  score_cmd->add_option("--format", score_args.format, "what was recorded")
      ->required()
      ->check(CLI::IsMember({"counts", "raw", "vibration", "leg", "movements"}));
  score_cmd
      ->add_option("--method", score_args.method,
                   "sadeh, cole-kripke, oakley, van-hees, hdcza, wasm, aasm, detect, ...")
      ->required();
  score_cmd->add_option("--column", score_args.column, "which column, if not the usual one");
  score_cmd->add_option("--epoch", score_args.epoch, "length of an epoch, 60s; without a column of times: of a row");
  score_cmd->add_option("--in-bed", score_args.in_bed, "each evening at, 22:30, by the recording's clock");
  score_cmd->add_option("--out-of-bed", score_args.out_of_bed, "each morning at, 07:00");
  score_cmd->add_option("--hypnogram", score_args.hypnogram, "leg movements: a file of S and W, one a 30 s epoch");
  score_cmd->add_option("--out", score_args.out, "also write each epoch, or movement, or episode, as CSV");
  score_cmd->add_flag("--json", score_args.json, "for programs");
  score_cmd->callback([&] { code = score(score_args); });

  Backtest backtest_args;
  CLI::App* backtest_cmd = add(app, "backtest", "changed settings and rules on recorded nights: what would have been");
  backtest_cmd->add_option("FILES", backtest_args.files, "recordings, as lull score --method detect reads them");
  backtest_cmd->add_option("--config", backtest_args.config, "the changed file")->required();
  backtest_cmd->add_option("--state", backtest_args.state, "the folder given to lull run: its journal's nights");
  backtest_cmd->add_option("--nights", backtest_args.nights, "the last so many (of a journal 30)")
      ->check(CLI::Range(1, 100000));
  backtest_cmd->add_option("--against", backtest_args.against,
                           "another file: beside it what that one would have done, not what happened");
  backtest_cmd->add_option("--format", backtest_args.format, "of FILES")
      ->check(CLI::IsMember({"counts", "vibration", "leg"}))
      ->capture_default_str();
  backtest_cmd->add_option("--column", backtest_args.column, "of FILES, if not the usual one");
  backtest_cmd->add_option("--epoch", backtest_args.epoch, "of FILES, 60s");
  backtest_cmd->add_option("--sleeper", backtest_args.sleeper, "whose legs FILES recorded; left out: the first one's");
  backtest_cmd->add_option("--begins", backtest_args.begins, "when FILES without a date begin")->capture_default_str();
  backtest_cmd->add_option("--in-bed", backtest_args.in_bed, "where FILES do not tell: each evening at, 22:30");
  backtest_cmd->add_option("--out-of-bed", backtest_args.out_of_bed, "each morning at, 07:00");
  backtest_cmd->add_flag("--brief", backtest_args.brief, "a line a night");
  backtest_cmd->add_flag("--json", backtest_args.json, "for programs");
  backtest_cmd->callback([&] { code = backtest(backtest_args); });

  Preflight preflight_args;
  CLI::App* preflight_cmd = add(app, "preflight", "whether all is well for the night: 0 yes, 1 something needs a look");
  preflight_cmd->add_option("--state", preflight_args.state, "the folder given to lull run")->required();
  preflight_cmd->add_flag("--json", preflight_args.json, "for programs");
  preflight_cmd->callback([&] { code = preflight(preflight_args); });

  Health health_args;
  CLI::App* health_cmd = add(app, "health", "asks the running service whether all is well: 0 yes, 1 no");
  health_cmd->add_option("--address", health_args.address, "of its web door")->capture_default_str();
  health_cmd->add_option("--port", health_args.port, "of its web door")->capture_default_str();
  health_cmd->callback([&] { code = health(health_args); });

  Password password_args;
  CLI::App* password_cmd = add(app, "password", "a line for the file of `http: users`; the password is asked for");
  password_cmd->add_option("--user", password_args.user, "who logs in")->required();
  password_cmd->add_option("--role", password_args.role, "what they may do (docs/API.md)")
      ->check(CLI::IsMember({"admin", "sleeper", "carer", "partner"}))
      ->capture_default_str();
  password_cmd->callback([&] { code = password(password_args); });

  DeviceArgs device_args;
  CLI::App* device_cmd = add(app, "device", "the heaters and massagers of the running service, and their set-up test");
  device_cmd->require_subcommand(1);
  const auto device = [&](const char* name, const char* what, bool named, int (*f)(const DeviceArgs&)) {
    CLI::App* c = add(*device_cmd, name, what);
    if (named) c->add_option("NAME", device_args.name, "as the configuration names it")->required();
    c->add_option("--config", device_args.config, "the file given to lull run")->required();
    c->add_option("--state", device_args.state, "the folder given to lull run")->capture_default_str();
    c->add_flag("--json", device_args.json, "for programs");
    c->callback([&, f] { code = f(device_args); });
  };
  device("list", "which may be used, and why not", false, device_list);
  device("show", "everything that is known of one, also what a sensor cannot tell: 0 usable, 1 not", true, device_show);
  device("test", "one proves, while you watch, that it switches itself off: 0 passed, 1 failed", true, device_test);

  add(app, "version", "the version")->callback([] { std::puts("lull " LULL_VERSION); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int asked = app.exit(e);  // --help and --version come this way too
    return asked == 0 ? kFine : kUsage;
  }
  return code;
}

int problem(const std::string& text) {
  std::fprintf(stderr, "lull: %s\n", text.c_str());
  return kProblems;
}

}  // namespace lull::cli
