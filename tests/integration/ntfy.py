"""A stand-in for an ntfy server: HTTPS with an authority of its own, and every way to be odd.

What it answers is what ntfy's documentation says; the real one was not at hand.
"""
import os
import subprocess
import time

from stand_in import StandIn


def certificates(folder, names="DNS:localhost"):
    """(authority, certificate, key): files below `folder`."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *new, "-days", "2", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=home")
    openssl("req", *new, "-keyout", "it.key", "-out", "it.csr", "-subj", "/CN=it")
    with open(os.path.join(folder, "ext"), "w") as f:
        f.write("subjectAltName=%s\n" % names)
    openssl("x509", "-req", "-in", "it.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "ext", "-out", "it.pem")
    return tuple(os.path.join(folder, name) for name in ("ca.pem", "it.pem", "it.key"))


class Message:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body


class Ntfy(StandIn):
    """`odd`: "", or what it does instead: a status, "silent" (no TLS), "deaf" (no answer), "drip" (a byte a second),
    "endless" (a head without an end), "flood" (a body without an end), "rude" (ends in the middle of what is sent),
    "noise" (no HTTP), "babble" (a first line without an end), "long head" and "long line" (as some proxies answer)."""

    def __init__(self, certificate, key, token=""):
        self.token, self.odd, self.messages, self.tried = token, "", [], []
        super().__init__(certificate, key)

    def told(self, words, path=None):
        return [m for m in self.messages
                if words in (m.headers.get("message", "") + m.body.decode("latin-1")) and path in (None, m.path)]

    def meet(self, guest):
        try:
            if self.odd == "silent":
                return time.sleep(60)
            guest = self.context.wrap_socket(guest, server_side=True)
            self._answer(guest)
        except (OSError, ValueError):
            pass
        finally:
            guest.close()

    def _answer(self, guest):
        data = b""
        while b"\r\n\r\n" not in data:
            more = guest.recv(65536)
            if not more:
                return
            data += more
            if self.odd == "rude":
                return
        head, body = data.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("ascii").split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        method, path, _ = first.split(" ")
        while len(body) < int(headers["content-length"]):
            body += guest.recv(65536)
        self.tried.append(headers.get("authorization", ""))
        status = self.odd or 200
        if self.token and headers.get("authorization") != "Bearer " + self.token:
            status = 401
        if status == "deaf":
            return time.sleep(60)
        if status == "noise":
            return guest.sendall(b"220 mail.example ESMTP\r\n")
        if status == "babble":
            guest.sendall(b"HTTP/1.1 200 ")
            while True:
                guest.sendall(b"x" * 4000)
        if status in ("long head", "long line"):
            self.messages.append(Message(method, path, headers, body))
            guest.sendall(b"HTTP/1.1 200 OK\r\nDate: Tue, 01 Dec 20")
            time.sleep(0.2)  # so that they are read apart
            more = b"X-More: " + b"x" * 3000 + b"\r\n" if status == "long line" else b"X-More: xxxxxxxxxxxxxxxx\r\n" * 200
            return guest.sendall(b"26 06:00:00 GMT\r\n" + more + b"Content-Length: 0\r\n\r\n")
        if status == "drip":
            for byte in b"HTTP/1.1 200 OK\r\nServer: slow" * 9:
                guest.sendall(bytes([byte]))
                time.sleep(1)
        if status == "endless":
            guest.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                guest.sendall(b"X-More: " + b"x" * 4000 + b"\r\n")
        if status == "flood":
            self.messages.append(Message(method, path, headers, body))
            guest.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")
            while True:
                guest.sendall(b"x" * 65536)
        if status == 200 and method == "PUT":
            self.messages.append(Message(method, path, headers, body))
        # The body says what it was told, as a server in an odd mood might: it must be found in no log.
        text = ("{\"error\":\"%s\"}" % headers.get("authorization", "")).encode()
        guest.sendall(b"HTTP/1.1 %d Said\r\nContent-Length: %d\r\n\r\n" % (status, len(text)) + text)
