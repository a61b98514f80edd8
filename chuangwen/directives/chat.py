"""Asks an endpoint that speaks OpenAI's chat completions, on the site's own network. Pure; standard library only.

Text of meetings must not leave the network by mistake: every address that the host has must be private, unless the
site says in so many words that data may leave. The connection goes to the address that was checked, so that a name
cannot point elsewhere in between; redirects are not followed.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

MAX_ANSWER_BYTES = 1024 * 1024


class ChatError(Exception):
    """No usable answer: `reason` in a few words for the log and for the person who waits."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class EndpointRefused(ChatError):  # noqa: N818 - it is the refusal's name
    """The endpoint may not be asked at all."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask: `url` ends before /chat/completions (http://10.0.0.5:8000/v1); seconds for one answer."""

    url: str
    model: str
    key: str = ""
    seconds: int = 60
    data_may_leave: bool = False

    @property
    def host(self) -> str:
        """The host's name, as it is told to people and kept in the audit log."""
        return urlsplit(self.url).hostname or ""


def checked_address(endpoint: Endpoint) -> tuple[str, int]:
    """(address, port) to connect to. Raises EndpointRefused for a public address, a wrong scheme, an unknown host."""
    try:
        parts = urlsplit(endpoint.url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise EndpointRefused("bad address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise EndpointRefused("bad address")
    try:
        told = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except OSError:
        raise ChatError("unknown host") from None
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in told]
    if not addresses:
        raise ChatError("unknown host")
    if any(address.is_link_local or address.is_multicast or address.is_unspecified for address in addresses):
        raise EndpointRefused("bad address")
    if not endpoint.data_may_leave and not all(address.is_private for address in addresses):
        raise EndpointRefused("public address")
    return str(addresses[0]), port


def ask(endpoint: Endpoint, messages: list[dict[str, str]]) -> str:
    """The answer's text. Raises ChatError for whatever goes wrong; never waits much longer than endpoint.seconds."""
    address, port = checked_address(endpoint)
    until = time.monotonic() + endpoint.seconds
    try:
        told = _sent(endpoint, address, port, messages, until)
    except (OSError, http.client.HTTPException, ssl.SSLError) as error:
        raise ChatError("no answer in time" if isinstance(error, TimeoutError) else "no connection") from None
    try:
        content = json.loads(told)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise ChatError("not an answer of this kind") from None
    if not isinstance(content, str):
        raise ChatError("not an answer of this kind")
    return content


def _sent(endpoint: Endpoint, address: str, port: int, messages: list[dict[str, str]], until: float) -> bytes:
    parts = urlsplit(endpoint.url)
    body: dict[str, Any] = {"model": endpoint.model, "messages": messages, "temperature": 0, "stream": False}
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    plain = socket.create_connection((address, port), timeout=endpoint.seconds)
    with plain:
        line = (
            ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
            if parts.scheme == "https"
            else plain
        )
        connection = http.client.HTTPConnection(str(parts.hostname), port, timeout=endpoint.seconds)
        connection.sock = line
        path = parts.path.rstrip("/") + "/chat/completions"
        connection.request("POST", path, json.dumps(body, ensure_ascii=False).encode(), headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise ChatError(f"status {answer.status}")
        return _read(answer, until)


def _read(answer: http.client.HTTPResponse, until: float) -> bytes:
    told = bytearray()
    while piece := answer.read1(65536):
        told += piece
        if len(told) > MAX_ANSWER_BYTES:
            raise ChatError("answer too long")
        if time.monotonic() > until:
            raise ChatError("no answer in time")
    return bytes(told)
