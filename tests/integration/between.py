"""A program between lull and the broker, for tests that hold one of its sessions back."""
import socket
import threading
import time

from mqtt import free_port


class Between:
    """A program between lull and the broker that knows which session is whose, and can hold one of them back."""

    def __init__(self, broker_port):
        self.port, self._broker = free_port(), broker_port
        self.lag = {}       # part of a client id -> seconds that what the broker says to it waits
        self.refused = []   # parts of client ids that get no connection
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client = self._listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            first = client.recv(4096)
            if not first:
                return client.close()  # somebody looked whether we are here
            who = first.decode("latin-1")
            if any(name in who for name in self.refused):
                return client.close()
            broker = socket.create_connection(("127.0.0.1", self._broker))
        except OSError:
            return client.close()
        for one in (client, broker):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.open.append((who, client, broker))
        broker.sendall(first)
        threading.Thread(target=self._pump, args=(client, broker, lambda: 0), daemon=True).start()
        self._pump(broker, client, lambda: max([s for name, s in self.lag.items() if name in who], default=0))

    @staticmethod
    def _pump(source, target, lag):
        try:
            while data := source.recv(1 << 16):
                until = time.monotonic() + lag()
                while time.monotonic() < until:
                    time.sleep(0.005)
                target.sendall(data)
        except OSError:
            pass
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self, name):
        for who, client, broker in self.open:
            if name in who:
                for one in (client, broker):
                    try:
                        one.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass

    def close(self):
        self._listener.close()
        self.cut("")
