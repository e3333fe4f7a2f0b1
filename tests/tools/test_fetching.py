"""The checked fetcher, against a real server on this machine, which only a test may call public."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from prefrontal.errors import MediaError
from prefrontal.tools import fetching
from prefrontal.tools.fetching import fetch, is_public


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answers = {
            "/a.csv": (200, {}, b"a,b\n1,2\n"),
            "/report": (200, {"Content-Type": "text/csv; charset=utf-8"}, b"a,b\n1,2\n"),
            "/moved": (302, {"Location": "/a.csv"}, b""),
            "/inside": (302, {"Location": "http://169.254.169.254/latest"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/round": (302, {"Location": "/round"}, b""),
            "/large": (200, {}, b"x" * 5_000),
            "/short": (200, {"Content-Length": "50"}, b"x"),
        }
        status, headers, body = answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *given: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")


def refused(url: str) -> str:
    with pytest.raises(MediaError) as caught:
        fetch(url)
    assert str(caught.value).endswith("; download the file by hand and pass its path")
    return str(caught.value)


@pytest.mark.usefixtures("public")
def test_a_file_and_its_name(site: str) -> None:
    assert fetch(f"{site}/a.csv") == (b"a,b\n1,2\n", "a.csv")
    assert fetch(f"{site}/report")[1] == "report.csv"
    assert fetch(f"{site}/moved") == (b"a,b\n1,2\n", "a.csv")


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/inside", "169.254.169.254 is no public address"),
        ("/file", "file address; http and https are allowed"),
        ("/round", "more than 5 redirects"),
        ("/none", "the server says 404 Not Found"),
        ("/large", "it has 5.0 kB, allowed are 1.0 kB"),
        ("/short", "1 of 50 bytes came"),
        ("/a b", "it holds blanks or control characters"),
    ],
)
def test_what_is_not_fetched(site: str, path: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MAX_BYTES", 1_000)
    assert why in refused(f"{site}{path}")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_in_any_spelling(host: str) -> None:
    refused(f"http://{host}/a.png")


def test_a_password_is_not_repeated() -> None:
    assert "secret" not in refused("https://me:secret@example.com/a.png")


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("10.0.0.1", False),
        ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
        ("0.0.0.0", False), ("224.0.0.1", False), ("fe80::1%eth0", False), ("fd00::1", False),
        ("::ffff:10.0.0.1", False), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_public_addresses(address: str, is_open: bool) -> None:
    assert is_public(address) is is_open
