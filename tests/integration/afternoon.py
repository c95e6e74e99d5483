"""A time zone in which it is about three in the afternoon now.

What Lull tells, and when, depends on the hour (phones are hushed in the night, the evening begins with a look at
everything), and a test must not say one thing by day and another by night.
"""

import datetime

_ahead = (15 - datetime.datetime.now(datetime.timezone.utc).hour + 12) % 24 - 12
ZONE = f"Etc/GMT{-_ahead:+d}"  # POSIX counts them the other way round


def clock():
    """The time there, as 15:04."""
    there = datetime.timezone(datetime.timedelta(hours=_ahead))
    return datetime.datetime.now(there).strftime("%H:%M")
