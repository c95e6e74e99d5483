#!/usr/bin/env python3
# The page's door of a real `lull demo` process against strangers, slow, forged, oversized or half-open: a clear refusal,
# no path to a file, and nobody is kept from a STOP.      strangers_test.py LULL
import gzip
import re
import socket
import time
import unittest

from web import SLOW, InADemo, WebSocket, ask, tell


class Strangers(InADemo):
    def test_somebody_elses_page_is_refused(self):
        body, kind = '{"do":"stop"}', {"Content_Type": "application/json"}
        self.assertEqual(ask(self.port, "POST", "/api/v1/commands", body, Origin="https://evil.example", **kind).status, 403)
        self.assertEqual(ask(self.port, "POST", "/api/v1/commands", body, Origin="null", **kind).status, 403)
        self.assertEqual(ask(self.port, "GET", "/api/v1/state", Host="evil.example").status, 421)
        self.assertEqual(ask(self.port, "GET", "/api/v1/state", X_Forwarded_For="192.0.2.1").status, 403)
        forged = WebSocket(self.port, Origin="http://evil.example")
        self.assertEqual(forged.status, 403)
        forged.close()
        own = f"http://127.0.0.1:{self.port}"
        self.assertEqual(ask(self.port, "POST", "/api/v1/commands", '{"do":"dance"}', Origin=own, **kind).status, 422)
        self.assertFalse(self.state()["stopped"])

    def test_every_answer_bears_the_fields_that_protect_a_browser(self):
        for path in ("/", "/api/v1/state", "/nowhere", "/healthz"):
            fields = ask(self.port, "GET", path).fields
            self.assertEqual(fields["x-content-type-options"], "nosniff", path)
            self.assertIn("default-src 'none'", fields["content-security-policy"])
            self.assertNotIn("unsafe", fields["content-security-policy"])
            self.assertEqual(fields["referrer-policy"], "no-referrer")

    def test_the_pages_come_from_the_program_and_are_asked_for_once(self):
        home = ask(self.port, "GET", "/")
        if home.status == 404:
            self.skipTest(home.json()["detail"])
        for path in ("/", "/bed", "/night/2026-11-21", "/trends", "/rules"):
            page = ask(self.port, "GET", path, Accept_Encoding="gzip")
            self.assertEqual((page.status, page.fields["content-type"]), (200, "text/html; charset=utf-8"), path)
            self.assertEqual(page.fields["content-encoding"], "gzip")
            self.assertEqual(gzip.decompress(page.body), ask(self.port, "GET", path).body, "also for who takes no gzip")
            again = ask(self.port, "GET", path, If_None_Match=page.fields["etag"])
            self.assertEqual((again.status, again.body), (304, b""))
        for path in re.findall(r'(?:src|href)="(?:\./)?(assets/[^"]+)"', home.body.decode()):
            asset = ask(self.port, "GET", "/" + path)
            self.assertEqual(asset.status, 200, path)
            self.assertIn("immutable", asset.fields["cache-control"])
        self.assertEqual(ask(self.port, "GET", "/night").fields["location"], "night/")
        self.assertNotIn(b"<style", home.body)
        self.assertNotRegex(home.body.decode(), r"<script(?![^>]*src=)")

    def test_paths_lead_to_no_file(self):
        for path in ("/../../etc/passwd", "/assets/../../etc/passwd", "/%2e%2e/etc/passwd", "/assets/%00", "//etc/passwd",
                     "/api/v1/nights/..%2f..%2fetc", "/api/v1/nights/2026-11-21/../../../etc/passwd", "/night/../bed"):
            answer = ask(self.port, "GET", path)
            self.assertIn(answer.status, (404, 422), (path, answer.status))
            self.assertNotIn(b"root:", answer.body)

    def test_too_much_is_refused(self):
        for size, status in ((70_000, 413), (2_000_000, 413)):
            try:
                answer = ask(self.port, "POST", "/api/v1/commands", "x" * size, Content_Type="application/json")
                self.assertEqual(answer.status, status)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the refusal came while we still wrote
        self.assertEqual(ask(self.port, "GET", "/" + "a" * 9000).status, 431)
        self.assertEqual(ask(self.port, "GET", "/api/v1/state", X_Long="b" * 9000).status, 431)
        self.assertEqual(ask(self.port, "GET", "/api/v1/state", "a body").status, 413)

    def test_a_thousand_slow_ones_keep_nobody_from_stopping(self):
        before = self.demo.memory_kb()
        slow = []
        for i in range(1000):
            one = socket.create_connection(("127.0.0.1", self.port), timeout=5)
            try:
                one.sendall((b"", b"GET /api", b"POST /api/v1/commands HTTP/1.1\r\nContent-Length: 60000\r\nHost: 127.0.0.1\r\n"
                             b"Content-Type: application/json\r\n\r\n{")[i % 3])
            except OSError:
                pass
            slow.append(one)
        begun = time.monotonic()
        self.assertEqual(tell(self.port, "stop").status, 202)
        self.addCleanup(tell, self.port, "release")
        self.assertLess(time.monotonic() - begun, 2)
        for one in slow:
            one.close()
        self.assertLess(self.demo.memory_kb() - before, 6000 * SLOW)
        tell(self.port, "release")
        self.until(lambda: not self.state()["stopped"], "released")


if __name__ == "__main__":
    unittest.main(verbosity=2)
