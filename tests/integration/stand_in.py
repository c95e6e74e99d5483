"""What every stand-in for a server shares: a door on this machine, and a thread for each guest."""
import socket
import ssl
import threading


class StandIn:
    """Its heir says by meet(guest) how it talks."""

    def __init__(self, certificate=None, key=None):
        self.connections, self.context = 0, None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate, key)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        try:
            self.door.shutdown(socket.SHUT_RDWR)  # or whoever waits at it would let one more in
        except OSError:
            pass
        self.door.close()

    def _serve(self):
        while True:
            try:
                guest, _ = self.door.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.meet, args=(guest,), daemon=True).start()
