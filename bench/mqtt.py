"""As much of MQTT 3.1.1 as a benchmark needs, without a package: connect, subscribe, publish and hear at QoS 0."""
import socket
import struct
import time


def _text(value):
    data = value.encode() if isinstance(value, str) else value
    return struct.pack("!H", len(data)) + data


def _packet(kind, body):
    size, length = len(body), b""
    while True:
        size, seven = size >> 7, size & 127
        length += bytes([seven | (128 if size else 0)])
        if not size:
            return bytes([kind]) + length + body


class Client:
    """Blocking, for one thread. Times are time.monotonic()."""

    def __init__(self, port, name):
        self.socket = socket.create_connection(("127.0.0.1", port), 5)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.waiting, self.packet_id = bytearray(), 0
        self.socket.sendall(_packet(0x10, _text("MQTT") + bytes([4, 2]) + struct.pack("!H", 0) + _text(name)))
        self._until(0x20)

    def subscribe(self, *filters):
        self.packet_id += 1
        self.socket.sendall(_packet(0x82, struct.pack("!H", self.packet_id) + b"".join(_text(f) + b"\0" for f in filters)))
        self._until(0x90)

    def publish(self, topic, payload, retain=False):
        self.socket.sendall(self.words(topic, payload, retain))

    @staticmethod
    def words(topic, payload, retain=False):
        """The packet of a message, to be sent later."""
        data = payload.encode() if isinstance(payload, str) else payload
        return _packet(0x31 if retain else 0x30, _text(topic) + data)

    def messages(self, seconds):
        """What arrives within that time, as (when, topic, payload, retained). Messages of one read share their time."""
        end = time.monotonic() + seconds
        while True:
            packet = self._next()
            if packet is None:
                left = end - time.monotonic()
                if left <= 0:
                    return
                self.socket.settimeout(left)
                try:
                    data = self.socket.recv(1 << 16)
                except TimeoutError:
                    return
                self.read_at = time.monotonic()
                if not data:
                    raise ConnectionError("the broker ended the connection")
                self.waiting += data
            elif packet[0] & 0xF0 == 0x30:
                size = struct.unpack("!H", packet[1][:2])[0]
                yield self.read_at, packet[1][2:2 + size].decode(), packet[1][2 + size:], bool(packet[0] & 1)

    def first(self, wanted, seconds):
        """The first message for which wanted(topic, payload, retained) holds, or None."""
        for message in self.messages(seconds):
            if wanted(*message[1:]):
                return message
        return None

    def drain(self, seconds=0):
        return list(self.messages(seconds))

    def close(self):
        self.socket.close()

    read_at = 0.0

    def _next(self):
        size, shift, at = 0, 0, 1
        while True:
            if at >= len(self.waiting):
                return None
            byte = self.waiting[at]
            size |= (byte & 127) << shift
            shift, at = shift + 7, at + 1
            if byte < 128:
                break
        if len(self.waiting) < at + size:
            return None
        packet = self.waiting[0], bytes(self.waiting[at:at + size])
        del self.waiting[:at + size]
        return packet

    def _until(self, kind):
        while (packet := self._next()) is None or packet[0] & 0xF0 != kind & 0xF0:
            if packet is None:
                data = self.socket.recv(1 << 16)
                if not data:
                    raise ConnectionError("the broker ended the connection")
                self.waiting += data
