"""A small MQTT 3.1.1 client for tests: it remembers every message with the moment it came. Standard library only."""

from __future__ import annotations

import dataclasses
import socket
import struct
import threading
import time


@dataclasses.dataclass(frozen=True)
class Message:
    topic: str
    payload: bytes
    retained: bool
    at: float  # time.time()

    @property
    def text(self) -> str:
        return self.payload.decode("utf-8", "replace")


def _text(s: str) -> bytes:
    raw = s.encode()
    return struct.pack(">H", len(raw)) + raw


def _packet(kind: int, body: bytes) -> bytes:
    length, n = b"", len(body)
    while True:
        n, digit = n >> 7, n & 127
        length += bytes([digit | (128 if n else 0)])
        if not n:
            return bytes([kind]) + length + body


class Client:
    """Connected from its construction to close(). A broker that goes away ends it: make a new one then."""

    def __init__(self, port: int, name: str, seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                self._socket = socket.create_connection(("127.0.0.1", port), 5)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")
        self._sending = threading.Lock()
        self._acks: dict[int, threading.Event] = {}
        self._id = 0
        self.messages: list[Message] = []  # only ever grows: a reader may keep an index into it
        self._socket.sendall(_packet(0x10, _text("MQTT") + bytes([4, 2]) + struct.pack(">H", 0) + _text(name)))
        kind, body = self._read()
        if kind != 0x20 or body[1] != 0:
            raise ConnectionError(f"the broker refused {name}: {body!r}")
        self._socket.settimeout(None)
        threading.Thread(target=self._listen, daemon=True).start()

    def _read(self) -> tuple[int, bytes]:
        head = self._file.read(1)
        if not head:
            raise ConnectionError("the broker went away")
        length = shift = 0
        while True:
            digit = self._file.read(1)[0]
            length |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                return head[0], self._file.read(length)

    def _listen(self) -> None:
        try:
            while True:
                kind, body = self._read()
                if kind & 0xF0 == 0x30:
                    size = struct.unpack(">H", body[:2])[0]
                    rest = body[2 + size:]
                    if kind & 0x06:
                        with self._sending:
                            self._socket.sendall(_packet(0x40, rest[:2]))
                        rest = rest[2:]
                    self.messages.append(Message(body[2:2 + size].decode(), rest, bool(kind & 1), time.time()))
                elif kind & 0xF0 in (0x40, 0x90) and (done := self._acks.get(struct.unpack(">H", body[:2])[0])):
                    done.set()
        except (OSError, ValueError, IndexError):
            return  # closed, by us or by the broker

    def _acknowledged(self, kind: int, body_of, what: str) -> None:
        with self._sending:
            self._id = self._id % 65000 + 1
            done = self._acks[self._id] = threading.Event()
            self._socket.sendall(_packet(kind, body_of(struct.pack(">H", self._id))))
            mine = self._id
        if not done.wait(10):
            raise ConnectionError(f"the broker never acknowledged {what}")
        del self._acks[mine]

    def subscribe(self, *filters: str) -> None:
        asked = b"".join(_text(f) + b"\x01" for f in filters)
        self._acknowledged(0x82, lambda packet_id: packet_id + asked, f"the subscription to {filters}")

    def publish(self, topic: str, payload: str, retain: bool = False) -> None:
        """At least once; returns when the broker has it."""
        self._acknowledged(0x32 | (1 if retain else 0),
                           lambda packet_id: _text(topic) + packet_id + payload.encode(), topic)

    def last(self, topic: str, since: int = 0) -> Message | None:
        return next((m for m in reversed(self.messages[since:]) if m.topic == topic), None)

    def close(self) -> None:
        try:
            with self._sending:
                self._socket.sendall(_packet(0xE0, b""))
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
