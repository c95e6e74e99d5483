"""A stand-in for Home Assistant's WebSocket: a log-in, the commands that Lull uses, and every way to be odd.

Its answers are those of Home Assistant 2026.11; the real one is in tests/e2e/websocket_test.py.
"""
import base64
import hashlib
import json
import struct
import threading
import time

from stand_in import StandIn

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Gone(Exception):
    """The other side closed."""


class Home(StandIn):
    def __init__(self, token, services=("mobile_app_pixel",), tls=(None, None)):
        self.token, self.services, self.odd = token, set(services), ""
        self.tried, self.messages, self.closes, self.pings = [], [], [], 0
        self.administrator = True
        self.taps = []  # (connection, id) of who listens to taps
        self.states, self.deaf, self.calls = {}, set(), []  # entities; those that only say yes; (action, data)
        self.unsubscribed = []  # ids
        self.listeners = []  # (connection, id, entities)
        self.refuses = {}  # what it is asked -> the error it answers with; None: it does not answer
        super().__init__(*tls)

    def meet(self, guest):
        try:
            if self.odd == "silent":
                return threading.Event().wait(60)
            if self.context:
                guest = self.context.wrap_socket(guest, server_side=True)
            Conversation(self, guest).hold()
        except (OSError, Gone, ValueError):
            pass
        finally:
            guest.close()

    def tap(self, action):
        for conversation, number in self.taps:
            conversation.say({"id": number, "type": "event", "event": {
                "event_type": "mobile_app_notification_action", "data": {"action": action}}})


    def become(self, entity, state, ago=0.0, **attributes):
        """An entity is this now. `ago`: since when, for those who come later."""
        known = self.states.get(entity, {"a": {}})
        new = {"s": state, "a": {**known["a"], **attributes}, "c": "01", "lc": time.time() - ago}
        if known.get("s") == state:  # no change of state is told as one
            new["lu"], new["lc"] = new["lc"], known["lc"]
        changed = {key: new[key] for key in ("s", "a", "lc", "lu") if key in new and new[key] != known.get(key)}
        self.states[entity] = new
        for conversation, number, wanted in list(self.listeners):
            if entity in wanted:
                conversation.tells(number, {"c": {entity: {"+": changed}}} if "s" in known else {"a": {entity: new}})

    def obey(self, action, data):
        """The error, or None."""
        self.calls.append((action, data))
        entity = data.get("entity_id", "")
        if action == "number.set_value" and data["value"] > self.states[entity]["a"].get("max", 100):
            return {"code": "service_validation_error", "message": "Value %s for %s is outside valid range" % (
                data["value"], entity)}
        lost = self.states.get(entity, {"s": "unavailable"})["s"] == "unavailable"  # it says yes, and tells nobody
        if entity in self.deaf or lost or action == "homeassistant.update_entity":
            return None
        verb = action.split(".")[1]
        if verb == "set_value":
            self.become(entity, str(float(data["value"])))
        elif verb == "select_option":
            self.become(entity, data["option"])
        else:
            more = {"brightness": round(data["brightness_pct"] * 2.55)} if "brightness_pct" in data else {}
            self.become(entity, "on" if verb == "turn_on" else "off", **more)
        return None

    def drop(self):
        """Every connection breaks."""
        for conversation, _, _ in self.listeners:
            try:
                conversation.guest.shutdown(2)
            except OSError:
                pass
        self.listeners.clear()


class Conversation:
    def __init__(self, home, guest):
        self.home, self.guest, self.lock = home, guest, threading.Lock()

    # ---- frames ----
    def exactly(self, n):
        data = b""
        while len(data) < n:
            more = self.guest.recv(n - len(data))
            if not more:
                raise Gone
            data += more
        return data

    def frame(self, data, kind=1):
        size = len(data)
        head = bytes([0x80 | kind]) + (bytes([size]) if size < 126 else b"\x7e" + struct.pack(">H", size)
                                       if size < 65536 else b"\x7f" + struct.pack(">Q", size))
        with self.lock:
            self.guest.sendall(head + data)

    def say(self, message):
        self.frame(json.dumps(message).encode())

    def hear(self):
        while True:
            first, second = self.exactly(2)
            if not second & 0x80:
                raise ValueError("a client masks what it says")
            size = second & 0x7F
            if size == 126:
                size = struct.unpack(">H", self.exactly(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self.exactly(8))[0]
            mask, data = self.exactly(4), self.exactly(size)
            data = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
            if first & 0x0F == 8:
                self.home.closes.append(struct.unpack(">H", data[:2])[0] if data else 0)
                self.frame(data, 8)
                raise Gone
            return json.loads(data)

    def tells(self, number, event):
        try:
            self.say({"id": number, "type": "event", "event": event})
        except OSError:
            pass

    # ---- the conversation ----
    def upgrade(self):
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += self.exactly(1)
        if self.home.odd.isdigit():
            self.guest.sendall(b"HTTP/1.1 %s No\r\nContent-Length: 0\r\n\r\n" % self.home.odd.encode())
            raise Gone
        lines = dict(line.split(": ", 1) for line in request.decode().split("\r\n")[1:] if ": " in line)
        key = base64.b64encode(hashlib.sha1(lines["Sec-WebSocket-Key"].encode() + GUID).digest())
        self.guest.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           b"Sec-WebSocket-Accept: " + key + b"\r\n\r\n")

    def hold(self):
        home = self.home
        self.upgrade()
        if home.odd == "stranger":
            self.frame(b"hello")
        self.say({"type": "auth_required", "ha_version": "2026.11.0"})
        said = self.hear()
        home.tried.append(said.get("access_token"))
        if said != {"type": "auth", "access_token": home.token}:
            return self.say({"type": "auth_invalid", "message": "Invalid access token or password"})
        self.say({"type": "auth_ok", "ha_version": "2026.11.0"})
        if home.odd == "huge":
            self.frame(b'{"type":"event","id":1,"event":"' + b"x" * (5 << 20) + b'"}')
        last = 0
        while True:
            asked = self.hear()
            if asked["id"] <= last:
                raise ValueError("ids must grow")
            last = asked["id"]
            if home.odd != "deaf":
                self.answer(asked)

    def answer(self, asked):
        home, number, what = self.home, asked["id"], asked["type"]
        result, error = None, None
        if what in home.refuses:
            error = home.refuses[what]
            return error and self.say([{"id": number, "type": "result", "success": False, "error": error}])
        if what == "ping":
            home.pings += 1
            return self.say({"id": number, "type": "pong"})
        if what == "auth/current_user":
            result = {"id": "1", "name": "Ana", "is_owner": False, "is_admin": home.administrator}
        elif what == "subscribe_events" and asked["event_type"] == "mobile_app_notification_action":
            home.taps.append((self, number))
        elif what == "call_service" and asked["domain"] != "notify":
            error = home.obey(asked["domain"] + "." + asked["service"], asked["service_data"])
        elif what == "call_service":
            service, data = asked["service"], asked["service_data"]
            if service not in home.services:
                error = {"code": "not_found", "message": f"Service notify.{service} not found."}
            elif "message" not in data:
                error = {"code": "invalid_format", "message": "required key not provided @ data['message']"}
            else:
                home.messages.append((service, data))
        elif what == "unsubscribe_events":
            home.unsubscribed.append(asked["subscription"])
        elif what not in ("supported_features", "subscribe_events", "subscribe_entities"):
            error = {"code": "unknown_command", "message": "Unknown command."}
        answer = {"id": number, "type": "result", "success": error is None, "result": result}
        self.say([answer | ({"error": error} if error else {})])  # in a list, as it does since it was asked to
        if what == "subscribe_entities":
            wanted = set(asked["entity_ids"])
            self.tells(number, {"a": {one: state for one, state in home.states.items() if one in wanted}})
            home.listeners.append((self, number, wanted))
