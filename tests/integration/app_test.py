#!/usr/bin/env python3
"""The app of Home Assistant: its files as the Supervisor wants them, and its start with a stand-in for the Supervisor."""
import http.server
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import threading
import unittest

from story import lull, main

ROOT = pathlib.Path(__file__).resolve().parents[2]
APP = ROOT / "packaging/home-assistant/lull"
TOKEN, PASSWORD = "supervisor-token-31", "broker-password-97"


def simple_yaml(text):
    """The small part of YAML that these files use: maps, lists of words, lists of maps; comments."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]

    def value(word):
        word = word.strip()
        if word in ("true", "false"):
            return word == "true"
        if word.isdigit():
            return int(word)
        return word.strip('"')

    def block(depth):
        made = None
        while lines:
            line = lines[0]
            here = len(line) - len(line.lstrip())
            if here < depth:
                return made
            word = line.strip()
            if word.startswith("- "):
                made = made if made is not None else []
                lines.pop(0)
                if ": " in word:
                    key, _, rest = word[2:].partition(": ")
                    item = {key: value(rest)}
                    while lines and len(lines[0]) - len(lines[0].lstrip()) == here + 2 and ": " in lines[0]:
                        key, _, rest = lines.pop(0).strip().partition(": ")
                        item[key] = value(rest)
                    made.append(item)
                else:
                    made.append(value(word[2:]))
                continue
            made = made if made is not None else {}
            key, _, rest = word.partition(":")
            lines.pop(0)
            made[key] = value(rest) if rest.strip() else block(here + 1)
        return made
    return block(0)


class Files(unittest.TestCase):
    def test_the_configuration_is_what_the_supervisor_takes(self):
        config = simple_yaml((APP / "config.yaml").read_text())
        kinds = {"name": str, "version": str, "slug": str, "description": str, "url": str, "arch": list, "init": bool,
                 "startup": str, "boot": str, "timeout": int, "watchdog": str, "services": list,
                 "homeassistant_api": bool, "ingress": bool, "ingress_port": int, "ingress_stream": bool,
                 "panel_icon": str, "panel_title": str, "panel_admin": bool, "map": list, "options": dict,
                 "schema": dict, "backup": str, "stage": str}
        self.assertEqual({key: type(one) for key, one in config.items()}, kinds)
        self.assertEqual(config["arch"], ["aarch64", "amd64"])
        self.assertEqual(config["services"], ["mqtt:need"])
        self.assertIs(config["panel_admin"], False, "a partner must be able to stop")
        self.assertEqual((config["ingress"], config["ingress_port"]), (True, 8099))
        self.assertNotIn("ports", config, "the page has no way around the login")
        for refused in ("host_network", "privileged", "full_access", "hassio_api", "docker_api", "devices"):
            self.assertNotIn(refused, config)
        self.assertEqual(config["version"], (ROOT / "VERSION").read_text().strip())
        self.assertRegex(config["slug"], "^[a-z0-9_]+$")
        self.assertIn(config["startup"], ("initialize", "system", "services", "application", "once"))
        self.assertIn(config["stage"], ("stable", "experimental", "deprecated"))
        self.assertIn(config["backup"], ("hot", "cold"))
        self.assertEqual(config["map"], [{"type": "addon_config", "read_only": False}])
        self.assertEqual(set(config["options"]), set(config["schema"]))
        pattern = config["schema"]["config"].removeprefix("match(").removesuffix(")")
        self.assertRegex(config["options"]["config"], pattern)
        for stray in ("../lull.yaml", "a/b.yaml", "lull", ""):
            self.assertIsNone(re.search(pattern, stray), stray)
        self.assertIn(config["version"], (APP / "CHANGELOG.md").read_text())

    def test_every_file_is_there_and_each_language_names_each_option(self):
        for name in ("Dockerfile", "DOCS.md", "CHANGELOG.md", "apparmor.txt", "run.sh", "starter.yaml"):
            self.assertTrue((APP / name).read_text().strip(), name)
        options = set(simple_yaml((APP / "config.yaml").read_text())["options"])
        for language in ("en", "de"):
            words = simple_yaml((APP / f"translations/{language}.yaml").read_text())["configuration"]
            self.assertEqual(set(words), options, language)
            for one in words.values():
                self.assertEqual(set(one), {"name", "description"})
        repository = simple_yaml((ROOT / "repository.yaml").read_text())
        self.assertEqual(set(repository), {"name", "url", "maintainer"})

    def test_its_pictures_have_the_size_that_is_asked_for(self):
        for name, size in (("icon.png", (128, 128)), ("logo.png", (250, 100))):
            data = (APP / name).read_bytes()
            self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
            self.assertEqual(struct.unpack(">II", data[16:24]), size)

    def test_it_can_be_made_whole(self):
        if not (ROOT / ".git").exists():
            self.skipTest("no git repository to take the source from")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([ROOT / "packaging/home-assistant/prepare", folder], check=True, capture_output=True)
            inside = subprocess.run(["tar", "tzf", folder + "/lull/lull.tar.gz"], check=True, capture_output=True,
                                    text=True).stdout.splitlines()
            self.assertIn("dev", inside)
            self.assertTrue(os.path.exists(folder + "/lull/config.yaml"))


class Supervisor(http.server.BaseHTTPRequestHandler):
    mqtt = {"host": "core-mosquitto", "port": 1884, "ssl": False, "username": "addons", "password": PASSWORD}
    seen = []

    def do_GET(self):
        Supervisor.seen.append((self.path, self.headers["Authorization"]))
        well = self.path == "/services/mqtt" and Supervisor.mqtt
        body = json.dumps({"result": "ok" if well else "error", "data": Supervisor.mqtt if well else {}}).encode()
        self.send_response(200 if well else 400)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@unittest.skipUnless(shutil.which("jq") and shutil.which("curl"), "jq and curl are needed")
class Starts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.server = http.server.HTTPServer(("127.0.0.1", 0), Supervisor)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        Supervisor.seen.clear()
        for name in ("bin", "config"):
            os.mkdir(os.path.join(self.folder, name))
        fake = os.path.join(self.folder, "bin/lull")
        with open(fake, "w") as f:
            f.write("#!/bin/sh\necho started \"$@\"\necho login $LULL_BROKER_USER $LULL_BROKER_PASSWORD\n")
        os.chmod(fake, 0o755)

    def start(self, options="{}"):
        with open(os.path.join(self.folder, "options.json"), "w") as f:
            f.write(options)
        environment = {"PATH": self.folder + "/bin:" + os.environ["PATH"], "SUPERVISOR_TOKEN": TOKEN,
                       "TZ": "Europe/Berlin", "LULL_APP_OPTIONS": self.folder + "/options.json",
                       "LULL_APP_CONFIG": self.folder + "/config", "LULL_APP_STATE": self.folder + "/state",
                       "LULL_APP_SUPERVISOR": "http://127.0.0.1:%d" % self.server.server_port}
        done = subprocess.run(["/bin/sh", APP / "run.sh"], capture_output=True, text=True, env=environment, timeout=30)
        return done.returncode, done.stdout, done.stderr

    def test_it_takes_the_broker_from_the_supervisor_and_begins_with_a_file_that_loads(self):
        code, out, err = self.start()
        self.assertEqual((code, err), (0, ""))
        file = self.folder + "/config/lull.yaml"
        self.assertIn(f"started run --config {file} --state {self.folder}/state", out)
        self.assertIn("login addons " + PASSWORD, out)
        self.assertEqual(Supervisor.seen, [("/services/mqtt", "Bearer " + TOKEN)])
        with open(file) as f:
            text = f.read()
        self.assertIn("host: core-mosquitto, port: 1884", text)
        self.assertIn("Europe/Berlin", text)
        self.assertNotIn(PASSWORD, text)
        code, said, _ = lull("check", file)
        self.assertEqual(code, 0, said)

    def test_it_leaves_the_households_file_alone(self):
        file = self.folder + "/config/mine.yaml"
        with open(file, "w") as f:
            f.write("mine\n")
        code, out, _ = self.start('{"config":"mine.yaml"}')
        self.assertEqual(code, 0)
        self.assertIn("--config " + file, out)
        with open(file) as f:
            self.assertEqual(f.read(), "mine\n")

    def test_it_says_what_is_missing_and_goes_nowhere_else(self):
        Supervisor.mqtt, kept = None, Supervisor.mqtt
        self.addCleanup(setattr, Supervisor, "mqtt", kept)
        code, _, err = self.start()
        self.assertEqual(code, 0)
        self.assertIn("knows no MQTT broker", err)
        self.assertNotEqual(self.start('{"config":"../../etc/passwd"}')[0], 0)


if __name__ == "__main__":
    main()
