"""Unit tests cannot reach the network, and this proves it."""

from __future__ import annotations

import os
import socket
import urllib.request
from pathlib import Path

import pytest


@pytest.mark.parametrize("address", [("93.184.216.34", 80), ("10.0.0.1", 1), ("169.254.169.254", 80)])
def test_a_socket_to_another_host_is_closed(no_network: type[Exception], address: tuple[str, int]) -> None:
    with socket.socket() as one, pytest.raises(no_network) as caught:
        one.connect(address)
    assert str(caught.value) == (
        f"a test reached for {address[0]!r}; only loopback is open in tests: use tests/hub_server.py"
    )


def test_udp_to_another_host_is_closed(no_network: type[Exception]) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(no_network):
        one.sendto(b"x", ("8.8.8.8", 53))


def test_no_name_is_looked_up(no_network: type[Exception]) -> None:
    with pytest.raises(no_network):
        socket.getaddrinfo("huggingface.co", 443)
    with pytest.raises(no_network):
        urllib.request.urlopen("https://huggingface.co/api/models", timeout=1)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1.2.3"])
def test_loopback_is_open(host: str) -> None:
    with socket.create_server((host, 0)) as server, socket.create_connection(server.getsockname(), timeout=5) as client:
        assert client.getpeername() == server.getsockname()


def test_unix_sockets_are_open(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))


def test_the_home_is_a_folder_of_the_session(prefrontal_home: Path) -> None:
    from prefrontal.tools.home import home

    assert home() == prefrontal_home
    assert os.environ["HF_HUB_OFFLINE"] == "1"
