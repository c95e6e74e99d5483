"""A wire that can be bad: a TCP proxy between Lull and the broker, with each connection known by its MQTT client id.

What is done to a connection is a Fault, and `which` picks the connections by their client id: all of them, the main
link, or the heaters' guard sessions.
"""
import select
import socket
import struct
import threading
import time

ALL, MAIN, GUARDS = (lambda name: True), (lambda name: "-guard" not in name), (lambda name: "-guard-" in name)


class Fault:
    """latency: seconds each way; rate: bytes a second; dead: nothing arrives any more, in either direction, and nobody
    learns of an end (a cable that was pulled); cut: after so many bytes more towards Lull the connection ends; noise:
    these bytes come before all else that the broker says."""

    def __init__(self, latency=0.0, rate=None, dead=False, cut=None, noise=b""):
        self.latency, self.rate, self.dead, self.cut, self.noise = latency, rate, dead, cut, noise


class _Connection:
    def __init__(self, wire, client):
        self.wire, self.client, self.name = wire, client, ""
        self.broker = socket.create_connection(("127.0.0.1", wire.broker_port), 5)
        for s in (client, self.broker):
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fault = Fault()
        threading.Thread(target=self._pump, args=(client, self.broker, True), daemon=True).start()
        threading.Thread(target=self._pump, args=(self.broker, client, False), daemon=True).start()

    def _named(self, data):
        """CONNECT: fixed header, "MQTT", level, flags, keep-alive, for MQTT 5 its properties; then the client id."""
        if not data or data[0] >> 4 != 1:
            return
        at = 1
        while data[at] & 0x80:
            at += 1
        at += 1
        at += 2 + struct.unpack_from("!H", data, at)[0]
        level = data[at]
        at += 4
        if level == 5:
            at += 1 + data[at]
        size = struct.unpack_from("!H", data, at)[0]
        self.name = data[at + 2:at + 2 + size].decode("utf-8", "replace")
        self.fault = self.wire.fault_for(self.name)

    def _pump(self, source, sink, upwards):
        try:
            while True:
                if not select.select([source], [], [], 0.2)[0]:
                    continue
                while self.fault.dead:  # it is not even taken from the socket, so that its buffers fill
                    time.sleep(0.05)
                data = source.recv(4096)
                if not data:
                    break
                if upwards and not self.name:
                    self._named(data)
                self._carry(data, sink, upwards)
        except (OSError, ValueError):  # closed by the other direction
            pass
        while self.fault.dead:  # an end that nobody hears of
            time.sleep(0.05)
        self.close()

    def _carry(self, data, sink, upwards):
        fault = self.fault
        if fault.latency:
            time.sleep(fault.latency)
        if fault.rate:
            time.sleep(len(data) / fault.rate)
        while self.fault.dead:
            time.sleep(0.05)
        if not upwards and fault.noise:
            data, fault.noise = fault.noise + data, b""
        if not upwards and fault.cut is not None:
            data = data[:fault.cut]
            fault.cut -= len(data)
            sink.sendall(data)
            if fault.cut <= 0:
                raise OSError("cut")
            return
        sink.sendall(data)

    def close(self):
        for s in (self.client, self.broker):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()


class Wire:
    def __init__(self, broker_port):
        self.broker_port, self.connections = broker_port, []
        self._rules, self._lock = [], threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                connection = _Connection(self, client)
            except OSError:
                client.close()
                continue
            with self._lock:
                self.connections = [c for c in self.connections if c.client.fileno() >= 0] + [connection]

    def fault_for(self, name):
        with self._lock:
            for which, make in reversed(self._rules):
                if which(name):
                    return make()
        return Fault()

    def breaks(self, which, make, later_too=True):
        """From now on, for those there are; `later_too`: and for those to come, until mends()."""
        with self._lock:
            if later_too:
                self._rules.append((which, make))
            found = [c for c in self.connections if c.name and which(c.name)]
        for c in found:
            c.fault = make()
        return found

    def mends(self):
        """The wire is good again. What was on a dead connection ends now, as a router's reset would end it."""
        with self._lock:
            self._rules, found = [], list(self.connections)
        for c in found:
            dead, c.fault = c.fault.dead, Fault()
            if dead:
                c.close()

    def close(self):
        self._listener.close()
        self.mends()
        for c in self.connections:
            c.close()
