"""What the server does once, when it starts."""

import socket

from app.startup import answer_at_once


def test_answers_do_not_wait_for_the_one_before_them_to_be_confirmed():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
        answer_at_once()
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
