"""Files from the web, where the user allows it: from public addresses only, of a bounded size, in a bounded time."""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from ..errors import MediaError
from .units import human_bytes

MAX_BYTES = 200_000_000
MAX_FETCH_SECONDS = 120.0  # for all of a file, redirects included
MAX_REDIRECTS = 5
_WAIT = 15.0  # seconds for a connection, and for each piece of a body
_PIECE = 1 << 16
_REDIRECTS = (301, 302, 303, 307, 308)
_SUFFIX_OF_MIME = {
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "text/markdown": ".md",
}


def fetch(url: str) -> tuple[bytes, str]:
    """The bytes behind an http or https address, and a name for them.

    Each host is looked up once, all that it resolves to must be public, and the connection goes to what was checked:
    a name that means another machine a moment later is of no use. Redirects are checked in the same way, and none
    leads from https to http.

    Raises:
        MediaError: it may not be fetched, cannot be reached, is too large or too slow, or the server says no.
    """
    until = time.monotonic() + MAX_FETCH_SECONDS
    at = url
    for _ in range(MAX_REDIRECTS + 1):
        parts = _checked(at)
        connection = _connection(parts)
        watch = threading.Timer(max(0.0, until - time.monotonic()), _shut)
        try:
            connection.connect()
            watch.args = [connection.sock]  # a server that sends a byte now and then is cut, whatever it is sending
            watch.start()
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"User-Agent": "prefrontal", "Accept": "*/*", "Accept-Encoding": "identity"}
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            if answer.status not in _REDIRECTS:
                return _body(answer, at, until), _name(parts, answer)
            target = urljoin(at, answer.getheader("Location") or "")
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, MediaError):
                raise
            raise _unfetched(at, f"{type(error).__name__}: {error}") from error
        finally:
            watch.cancel()
            connection.close()
        if parts.scheme == "https" and not target.startswith("https:"):
            raise _unfetched(at, "it leads from https to an address that is not")
        at = target
    raise _unfetched(url, f"more than {MAX_REDIRECTS} redirects")


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _unfetched(url: str, why: str) -> MediaError:
    return MediaError(f"{url[:80]!r} is not fetched ({why}); download the file by hand and pass its path")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that is none raises here
    except ValueError as error:
        raise _unfetched(url, str(error)) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _unfetched(url, f"{parts.scheme or 'no'} address; http and https are allowed")
    if parts.username or parts.password:
        raise _unfetched(f"{parts.scheme}://…@{parts.hostname}", "it holds a user's name or password")
    if re.search(r"[\x00-\x20\x7f]", url):
        raise _unfetched(url, "it holds blanks or control characters")
    return parts


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    """A connection to the very address that was checked; TLS still asks for the certificate of the host's name."""
    host = str(parts.hostname)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = public_address(host, port)
    made: http.client.HTTPConnection
    if parts.scheme == "https":
        made = http.client.HTTPSConnection(host, port, timeout=_WAIT, context=ssl.create_default_context())
    else:
        made = http.client.HTTPConnection(host, port, timeout=_WAIT)
    made._create_connection = lambda _, *given, **named: socket.create_connection(  # type: ignore[attr-defined]
        (address, port), *given, **named
    )
    return made


def public_address(host: str, port: int) -> str:
    """The first address of a host, when all of them are public.

    Raises:
        MediaError: the host is not known, or it is this machine, its network, or another that is nobody's business.
    """
    try:
        found = _numeric(host) or [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise _unfetched(host, f"the host is not known: {error}") from error
    for one in found:
        if not is_public(one):
            raise _unfetched(host, f"{one} is no public address")
    return found[0]


def _numeric(host: str) -> list[str]:
    """The address that a number is, in any of its spellings: 127.0.0.1 is 2130706433 and 0x7f.1 as well."""
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except (OSError, UnicodeError):
        return []


def is_public(address: str) -> bool:
    """False for loopback, private, link-local, reserved and multicast addresses, also inside an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
        if inner is not None and not is_public(str(inner)):
            return False
    return ip.is_global and not ip.is_multicast


def _body(answer: http.client.HTTPResponse, url: str, until: float) -> bytes:
    if answer.status != 200:
        raise _unfetched(url, f"the server says {answer.status} {answer.reason}")
    told = answer.getheader("Content-Length") or "0"
    if told.isdigit() and int(told) > MAX_BYTES:
        raise _unfetched(url, f"it has {human_bytes(int(told))}, allowed are {human_bytes(MAX_BYTES)}")
    data = bytearray()
    while piece := answer.read1(_PIECE):
        data += piece
        if len(data) > MAX_BYTES:
            raise _unfetched(url, f"it has more than {human_bytes(MAX_BYTES)}")
        if time.monotonic() > until:
            raise _unfetched(url, f"it takes longer than {MAX_FETCH_SECONDS:.0f} seconds")
    if told.isdigit() and len(data) < int(told):
        raise _unfetched(url, f"{len(data)} of {told} bytes came")
    return bytes(data)


def _name(parts: SplitResult, answer: http.client.HTTPResponse) -> str:
    """The last part of the path, with the suffix that the server's type tells where it has none."""
    name = re.sub(r"[^\w. -]", "_", unquote(parts.path.rpartition("/")[2])).strip(". ")[-80:] or "file"
    mime = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    return name if "." in name else f"{name}{_SUFFIX_OF_MIME.get(mime, '')}"
