"""The other side of the Wyoming protocol, by plain Python: what Home Assistant's own client does, and what it never would."""
import json
import socket


class Satellite:
    def __init__(self, port, host="127.0.0.1", seconds=10):
        self.socket = socket.create_connection((host, port), seconds)
        self.file = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data)

    def say(self, kind, **data):
        body = json.dumps(data, ensure_ascii=False).encode() if data else b""
        self.send(json.dumps({"type": kind, "version": "1.8.0", **({"data_length": len(body)} if body else {})}).encode()
                  + b"\n" + body)

    def hear(self):
        """(type, data), or None when the other side has closed."""
        try:
            line = self.file.readline()
            if not line:
                return None
            head = json.loads(line)
            data = self.file.read(head.get("data_length", 0))
        except ConnectionError:
            return None
        return head["type"], {**head.get("data", {}), **(json.loads(data) if data else {})}

    def close(self):
        self.file.close()
        self.socket.close()


def says(port, text, language="en", **more):
    """One sentence as Home Assistant says it: on a connection of its own. (type, what is spoken)"""
    satellite = Satellite(port)
    satellite.say("transcript", text=text, language=language, context={"conversation_id": "01", **more})
    heard = satellite.hear()
    satellite.close()
    return heard and (heard[0], heard[1].get("text"))
