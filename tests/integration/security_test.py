#!/usr/bin/env python3
"""TLS, certificates, passwords and access rules, on a real mosquitto: each mistake gets its sentence, and no secret gets out."""
import os
import shutil
import subprocess
import time

from mqtt import Program, free_port
from story import MAT, Story, eventually, lull, main

PASSWORD = "Kohlrabi-7319-horse"
HOME = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise AssertionError("%s: %s" % (" ".join(arguments), done.stderr))
    return done.stdout


class Secured(Story):
    """The bedroom's broker, with a second door that asks for TLS and a password. The devices use the first."""
    warms = True

    def setUp(self):
        super().setUp()
        self.certs, self.tls = os.path.join(self.room.folder, "certs"), free_port()
        os.mkdir(self.certs)
        for ca in ("home", "stranger"):
            self.openssl("req", "-x509", "-nodes", "-keyout", ca + ".key", "-out", ca + ".pem", "-subj", "/CN=" + ca,
                         "-days", "2", *self.NEW)
        self.certificate("broker", "DNS:localhost,IP:127.0.0.1")
        with open(self.path("passwords"), "w") as f:
            f.write("")
        for user in ("lull", "homeassistant", "zigbee2mqtt", "guest"):
            run("mosquitto_passwd", "-b", self.path("passwords"), user, PASSWORD)

    NEW = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")

    def path(self, name):
        return os.path.join(self.certs, name)

    def openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], cwd=self.certs, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(done.stderr)

    def certificate(self, name, names="", ca="home", days="2"):
        with open(self.path("ext"), "w") as f:
            f.write("subjectAltName=%s\n" % names if names else "basicConstraints=CA:FALSE\n")
        self.openssl("req", "-nodes", "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name, *self.NEW)
        self.openssl("x509", "-req", "-in", name + ".csr", "-CA", ca + ".pem", "-CAkey", ca + ".key", "-CAcreateserial",
                     "-days", days, "-extfile", "ext", "-out", name + ".pem")

    def serve(self, certificate="broker", more=""):
        """The broker anew, with this certificate."""
        room = self.room
        if room.broker.process.poll() is None:
            room.broker.process.terminate()
            room.broker.process.wait()
        with open(self.path("mosquitto.conf"), "w") as f:
            f.write("per_listener_settings true\npersistence false\nlog_dest none\n" +
                    ("user root\n" if os.geteuid() == 0 else "") +
                    "listener %d 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n" % room.broker.port +
                    "listener %d 127.0.0.1\nset_tcp_nodelay true\nallow_anonymous false\npassword_file %s\n"
                    "cafile %s\ncertfile %s\nkeyfile %s\n%s\n" % (
                        self.tls, self.path("passwords"), self.path("home.pem"), self.path(certificate + ".pem"),
                        self.path(certificate + ".key"), more))
        room.broker.process = subprocess.Popen([room.broker.program, "-c", self.path("mosquitto.conf")],
                                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(eventually(self.answers, 10))
        room.wire = room.listener()
        room.plug_in()

    def answers(self):
        try:
            self.room.client()
            return True
        except OSError:
            return False

    def configure(self, broker):
        with open(self.room.config_path) as f:
            lines = f.read().splitlines(True)
        at = next(i for i, line in enumerate(lines) if line.startswith("broker:"))
        lines[at] = "broker: {%s}\n" % broker
        with open(self.room.config_path, "w") as f:
            f.write("".join(lines))

    def secret(self, text=PASSWORD):
        with open(self.path("lull.password"), "w") as f:
            f.write(text + "\n")
        os.chmod(self.path("lull.password"), 0o600)
        return "user: lull, password_file: %s" % self.path("lull.password")

    def launch(self, env=None):
        """Starts lull without waiting for it to come online."""
        log = os.path.join(self.room.folder, "lull-%d.log" % len(self.room.programs))
        self.room.lull = Program([self.room.lull_path, "run", "--config", self.room.config_path, "--state",
                                  self.room.state], log, env)
        self.room.programs.append(self.room.lull)

    def says(self, sentence):
        self.assertTrue(eventually(lambda: sentence in self.log(), 15), sentence + "\n" + self.log())
        self.assertTrue(self.room.lull.alive(), "it goes on trying")

    def comes_online(self):
        online = self.room.wire.wait("lull/+/status", "online", within=20)
        self.assertIsNotNone(online, self.log())
        self.room.install = online.topic.split("/")[1]

    # ---- TLS ----

    def test_the_whole_evening_over_tls_with_a_client_certificate(self):
        self.certificate("lull")
        self.serve(more="require_certificate true")
        self.configure('url: "mqtts://localhost:%d", %s, ca: %s, certificate: %s, key: %s' % (
            self.tls, self.secret(), self.path("home.pem"), self.path("lull.pem"), self.path("lull.key")))
        self.begin()
        mat = self.starts(MAT)
        mark = self.room.wire.mark()
        self.room.wire.publish(self.room.topic("command"), "stop", qos=1)
        self.assertTrue(eventually(lambda: len(self.room.offs(mark, MAT)) >= 2, 3), "OFF by both sessions\n" + self.log())
        self.assertTrue(eventually(lambda: not mat.runs(), 2))
        self.room.command("release")
        mat.since = 0
        time.sleep(0.5)
        self.room.lull.kill()
        self.assertIsNotNone(self.room.wire.wait(MAT, "0", since=mark, within=3), "the will is held over TLS, too")

    def test_each_mistake_has_its_sentence_and_heals_without_a_restart(self):
        self.certificate("expired", "DNS:localhost,IP:127.0.0.1", days="-1")
        self.certificate("elsewhere", "DNS:broker.example")
        self.certificate("foreign", "DNS:localhost,IP:127.0.0.1", ca="stranger")
        self.serve("expired")
        self.configure('host: localhost, port: %d, tls: true, %s, ca: %s' % (self.tls, self.secret(),
                                                                            self.path("home.pem")))
        self.launch()
        self.says("the broker's certificate has expired")
        self.serve("elsewhere")
        self.says("the broker's certificate is for another name than localhost")
        self.serve("foreign")
        self.says("the broker's certificate is not signed by an authority that we know")
        self.serve(more="require_certificate true")
        self.says("the broker wants a certificate of ours")
        self.serve()
        self.comes_online()

    def test_our_own_files_are_looked_at_too(self):
        self.certificate("lull")
        self.certificate("old", days="-1")
        self.certificate("stranger-lull", ca="stranger")
        self.serve(more="require_certificate true")
        at = 'host: localhost, port: %d, tls: true, %s, ca: %s' % (self.tls, self.secret(), self.path("home.pem"))
        for certificate, key, sentence in (
                ("lull.pem", "lull.missing", "our key (`key`) cannot be read: " + self.path("lull.missing")),
                ("lull.pem", "old.key", "does not belong to the certificate"),
                ("old.pem", "old.key", "our certificate %s has expired" % self.path("old.pem")),
                ("lull.key", "lull.key", "there is no certificate (PEM) in"),
                ("lull.pem", "lull.pem", "lull.pem is no key (PEM) that can be read"),
                ("stranger-lull.pem", "stranger-lull.key", "the broker does not accept our certificate")):
            self.configure("%s, certificate: %s, key: %s" % (at, self.path(certificate), self.path(key)))
            self.launch()
            self.says(sentence)
            self.room.lull.kill()
        self.configure('host: localhost, port: %d, tls: true, %s, ca: %s' % (
            self.room.broker.port, self.secret(), self.path("home.pem")))
        self.launch()
        self.says("during the TLS handshake")

    def test_an_encrypted_key_is_said_and_nobody_is_asked_for_its_passphrase(self):
        """A service has no terminal; here it has one, and says nothing there and waits for nothing."""
        self.certificate("lull")
        self.openssl("pkey", "-in", "lull.key", "-aes256", "-passout", "pass:" + PASSWORD, "-out", "new.key")
        self.openssl("ec", "-in", "lull.key", "-aes256", "-passout", "pass:" + PASSWORD, "-out", "old.key")
        self.assertIn("BEGIN ENCRYPTED PRIVATE KEY", self.read("new.key"))
        self.assertIn("Proc-Type: 4,ENCRYPTED", self.read("old.key"))
        self.serve(more="require_certificate true")
        at = "host: localhost, port: %d, tls: true, %s, ca: %s" % (self.tls, self.secret(), self.path("home.pem"))
        with open(self.room.config_path) as f:
            plain = f.read()
        for name in ("new.key", "old.key"):
            key = self.path(name)
            self.configure("%s, certificate: %s, key: %s" % (at, self.path("lull.pem"), key))
            terminal, said = self.at_a_terminal(lambda said: "is encrypted" in said)
            self.assertIn("our key (`key`) %s is encrypted" % key, said)
            self.assertIn("openssl pkey -in " + key, said)
            self.assertNotIn("pass phrase", terminal + said)
        self.openssl("pkey", "-in", "new.key", "-passin", "pass:" + PASSWORD, "-out", "old.key")  # as the sentence says
        self.launch()
        self.comes_online()
        self.room.lull.kill()

        for name in ("new.key", "lull-rsa.key"):
            if name == "lull-rsa.key":
                self.openssl("genpkey", "-algorithm", "RSA", "-out", name)
            os.chmod(self.path(name), 0o600)
            with open(self.room.config_path, "w") as f:
                f.write(plain.replace("http: {", "http: {certificate: %s, key: %s, " % (self.path("lull.pem"),
                                                                                       self.path(name))))
            terminal, said = self.at_a_terminal(lambda said: "without a web door" in said)
            self.assertIn(self.path(name), said)
            self.assertIn("is encrypted" if name == "new.key" else "does not belong to the certificate", said)
            self.assertNotIn("pass phrase", terminal + said)

    def read(self, name):
        with open(self.path(name)) as f:
            return f.read()

    def at_a_terminal(self, met):
        """What lull writes to the terminal itself, and what to its output, when it is started from one."""
        import pty
        log = os.path.join(self.room.folder, "terminal-%d.log" % len(os.listdir(self.room.folder)))
        child, terminal = pty.fork()
        if child == 0:
            with open(log, "w") as out:
                os.dup2(out.fileno(), 1)
                os.dup2(out.fileno(), 2)
            os.execv(self.room.lull_path, [self.room.lull_path, "run", "--config", self.room.config_path, "--state",
                                           self.room.state])
        def said():
            with open(log) as f:
                return f.read()
        ended = []
        def over():
            ended.append(ended[-1] if ended and ended[-1] else os.waitpid(child, os.WNOHANG)[0])
            return ended[-1]
        try:
            eventually(lambda: os.path.exists(log) and (met(said()) or over()), 10)
        finally:
            if not (ended and ended[-1]):
                os.kill(child, 9)
                os.waitpid(child, 0)
        os.set_blocking(terminal, False)
        try:
            there = os.read(terminal, 65536).decode()
        except OSError:
            there = ""
        os.close(terminal)
        return there, said()

    # ---- who may ----

    def test_a_wrong_password_is_said_and_a_right_one_may_come_from_the_environment(self):
        self.serve()
        at = 'url: "mqtts://localhost:%d", ca: %s, ' % (self.tls, self.path("home.pem"))
        self.configure(at + self.secret("wrong"))
        self.launch()
        self.says("the broker refuses this user name or password")
        self.room.lull.kill()
        self.configure(at + "user: lull")
        self.launch({"LULL_BROKER_PASSWORD": PASSWORD})
        self.comes_online()

    def test_a_password_that_others_may_read_is_refused_and_one_in_the_file_warned_of(self):
        self.configure("host: localhost, " + self.secret())
        os.chmod(self.path("lull.password"), 0o644)
        code, said, _ = lull("check", self.room.config_path)
        self.assertEqual(code, 1)
        self.assertIn("may be read or changed by others (mode 644); chmod 600", said)
        self.configure("host: localhost, user: lull, password: " + PASSWORD)
        code, said, _ = lull("check", self.room.config_path)
        self.assertEqual(code, 0)
        self.assertIn("is written out in this file", said)
        self.assertNotIn(PASSWORD, said)

    def test_no_secret_is_in_anything_that_a_run_wrote(self):
        self.serve()
        at = 'url: "mqtts://localhost:%d", ca: %s, ' % (self.tls, self.path("home.pem"))
        said = ""
        for broker, env in ((self.secret(), {}), ("user: lull, password: " + PASSWORD, {}),
                            ("user: lull", {"LULL_BROKER_PASSWORD": PASSWORD})):
            self.configure(at + broker)
            for arguments in (("check", self.room.config_path), ("check", "--json", self.room.config_path)):
                said += "".join(map(str, lull(*arguments)))
            mark = self.room.wire.mark()
            self.launch(env)
            self.assertIsNotNone(self.room.wire.wait("lull/+/status", "online", since=mark, within=20), self.log())
            time.sleep(1.5)
            said += "".join(map(str, lull("stop", "--state", self.room.state, within=40)))
            lull("release", "--state", self.room.state)
            self.room.lull.ends(20)
            said += "".join(map(str, lull("replay", self.room.state)))
            said += "".join(m.topic + m.text for m in self.room.wire.since(mark))
        self.assertNotIn(PASSWORD, said)
        looked = 0
        for folder, _, files in os.walk(self.room.folder):
            for name in files:
                path = os.path.join(folder, name)
                if path in (self.room.config_path, self.path("lull.password")) or not os.path.isfile(path):
                    continue
                looked += 1
                with open(path, "rb") as f:
                    self.assertNotIn(PASSWORD.encode(), f.read(), path)
        self.assertGreater(looked, 5)

    # ---- the rules of packaging/mosquitto ----

    def test_lull_works_under_the_example_rules_and_nobody_else_commands(self):
        rules = self.path("lull.acl")
        shutil.copy(os.path.join(HOME, "packaging/mosquitto/lull.acl"), rules)
        with open(rules, "a") as f:  # the scripted devices of this bedroom, as the file says for devices by mapping
            f.write("\nuser lull\ntopic readwrite legmotor/#\ntopic readwrite heatmat/#\n")
        self.serve(more="acl_file " + rules)
        self.configure('url: "mqtts://localhost:%d", ca: %s, %s' % (self.tls, self.path("home.pem"), self.secret()))
        self.begin()
        self.starts(MAT)

        def publish(user, topic, payload):
            done = subprocess.run(["mosquitto_pub", "-h", "localhost", "-p", str(self.tls), "--cafile",
                                   self.path("home.pem"), "-u", user, "-P", PASSWORD, "-q", "1", "-t", topic, "-m",
                                   payload], capture_output=True, text=True, timeout=20)
            self.assertEqual(done.returncode, 0, done.stderr)
        mark = self.room.wire.mark()
        for user in ("guest", "zigbee2mqtt"):
            for topic, payload in ((self.room.topic("command"), "stop"), (self.room.topic("hub/on/set"), "OFF"),
                                   (MAT, "1"), ("zigbee2mqtt/Foot warmer plug/set", '{"state":"ON"}')):
                if user == "guest" or not topic.startswith("zigbee2mqtt/"):
                    publish(user, topic, payload)
        publish("homeassistant", "zigbee2mqtt/Foot warmer plug/set", '{"state":"ON"}')
        publish("homeassistant", self.room.topic("status"), "offline")
        publish("homeassistant", MAT, "1")
        time.sleep(1)
        self.assertEqual([m.topic for m in self.room.wire.since(mark) if m.topic.endswith(("/set", "/command")) and
                          m.payload in (b"1", b"stop", b"OFF", b'{"state":"ON"}')], [])
        self.assertIsNone(self.room.wire.wait(self.room.topic("status"), "offline", since=mark, within=0))
        publish("homeassistant", self.room.topic("hub/on/set"), "OFF")
        self.assertIsNotNone(self.room.wire.wait(self.room.topic("hub/on"), "OFF", since=mark), "its own switch works")
        self.assertNotIn("refuses the subscription", self.log())
        self.assertNotIn("refuses a subscription", self.log())
        self.room.lull.kill()
        self.assertIsNotNone(self.room.wire.wait(MAT, "0", since=mark, within=3), "the will is within the rules")


if __name__ == "__main__":
    main()
