"""What run.py is told on its command line."""

from __future__ import annotations

import argparse

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def read_options(description: str) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mqtt", default="127.0.0.1:18830", help="the broker, loopback only")
    parser.add_argument("--mqtt-user", default="")
    parser.add_argument("--mqtt-password", default="")
    parser.add_argument("--no-mqtt", action="store_true", help="leave the MQTT integration to the test")
    parser.add_argument("--mqtt-log", default="warning", help="log level of the MQTT integration")
    parser.add_argument("--port", type=int, default=18123, help="Home Assistant's own port")
    parser.add_argument("--control", type=int, default=18124, help="port of the control door")
    parser.add_argument("--data", help="keep the configuration here; a second start on it keeps all it knows")
    parser.add_argument("--files", action="append", default=[], help="folder laid over the configuration; repeatable")
    parser.add_argument("--name", default="Test home")
    parser.add_argument("--language", default="en")
    parser.add_argument("--time-zone", default="Europe/Amsterdam")
    parser.add_argument("--max-seconds", type=float, default=3600)
    options = parser.parse_args()
    if options.mqtt.rpartition(":")[0] not in LOOPBACK:
        parser.error("--mqtt: only a broker on the loopback range")
    return options
