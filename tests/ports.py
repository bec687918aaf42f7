"""Ports for servers that cannot take one themselves."""

import random
import socket

# below those that the system gives to connections and to whoever asks for any: nobody takes one before its server does
LOWEST, HIGHEST = 20_000, 32_000


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens."""
    while True:
        port = random.SystemRandom().randrange(LOWEST, HIGHEST)
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
