"""Connections to addresses that members name: to the open internet, and to nowhere else.

What counts is the address that a connection is made to, not the one that a name had when somebody
looked: `GuardedConnector` checks every answer of the name server, then the address in the moment
before its socket connects, then the peer before anything is sent. A name server that gives two
answers, or another one every time, gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection, Container
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

if TYPE_CHECKING:
    from aiohttp.client import ClientTimeout
    from aiohttp.client_reqrep import ClientRequest
    from aiohttp.connector import AddrInfoType, Connection
    from aiohttp.tracing import Trace

WEB_PORTS = frozenset({80, 443, 8080, 8443})
# Of IPv6, only what is given to the internet (RFC 4291, 2.4): that leaves out IPv4-mapped and
# -compatible addresses, NAT64 (64:ff9b::/96), link-local, site-local, unique-local, multicast.
_INTERNET_6 = ipaddress.IPv6Network("2000::/3")
# Ways into IPv4 within it: 6to4 and Teredo carry an address that nobody here would look at.
_TUNNELS_6 = (ipaddress.IPv6Network("2002::/16"), ipaddress.IPv6Network("2001::/32"))
# Multicast and the relays of 6to4 count as global in Python's tables, and so does the address at
# which Azure's machines find their own platform.
_NOT_HOSTS_4 = tuple(
    map(ipaddress.IPv4Network, ("224.0.0.0/4", "192.88.99.0/24", "168.63.129.16/32"))
)


class AddressRefused(OSError):
    """The connection would lead somewhere that no member may send us."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to a host on the open internet.

    >>> is_public("1.1.1.1"), is_public("127.0.0.1"), is_public("::ffff:1.1.1.1")
    (True, False, False)
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        outside = ip in _INTERNET_6 and not any(ip in tunnel for tunnel in _TUNNELS_6)
        return outside and ip.is_global and ip.scope_id is None
    return ip.is_global and not any(ip in network for network in _NOT_HOSTS_4)


class Guard:
    """Which connections may be made.

    Args:
        allowed: (address, port) pairs that may be connected to all the same: a file host of ours.
        ports: where anything may be asked at all.
    """

    def __init__(
        self,
        allowed: Collection[tuple[str, int]] = (),
        ports: Container[int] = WEB_PORTS,
    ) -> None:
        self._allowed = frozenset(allowed)
        self._ports = ports

    def permits(self, address: str, port: int) -> bool:
        """Whether a connection to this address may be made."""
        if (address, port) in self._allowed:
            return True
        return port in self._ports and is_public(address) and not _is_ours(address)

    def check(self, address: str, port: int) -> None:
        """Raises AddressRefused where `permits` says no."""
        if not self.permits(address, port):
            raise AddressRefused(f"{address} port {port}")

    def open_socket(self, info: AddrInfoType) -> socket.socket:
        """The socket of one connection attempt, made only where the attempt may be."""
        family, kind, protocol, _, target = info
        self.check(str(target[0]), int(target[1]))
        return socket.socket(family, kind, protocol)


class GuardedResolver(AbstractResolver):
    """Refuses names of which any address is refused."""

    def __init__(self, guard: Guard, resolver: AbstractResolver | None = None) -> None:
        self._guard = guard
        self._resolver = resolver or aiohttp.DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        for one in found:
            self._guard.check(one["host"], port)
        return found

    async def close(self) -> None:
        await self._resolver.close()


class GuardedConnector(aiohttp.TCPConnector):
    """A connector that a `Guard` watches. No connection and no address is kept for later.

    Args:
        resolver: asked for addresses; None: the system's.
    """

    def __init__(self, guard: Guard, resolver: AbstractResolver | None = None) -> None:
        self._guard = guard
        self._names = GuardedResolver(guard, resolver)
        super().__init__(
            resolver=self._names,
            socket_factory=guard.open_socket,
            use_dns_cache=False,
            force_close=True,
        )

    async def connect(
        self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout
    ) -> Connection:
        connection = await super().connect(req, traces, timeout)
        try:
            transport = connection.transport
            peer: Any = transport.get_extra_info("peername") if transport else None
            if not peer:
                raise aiohttp.ClientConnectionError("the peer is not known")
            self._guard.check(str(peer[0]), int(peer[1]))
        except BaseException:
            connection.close()
            raise
        return connection

    async def aclose(self) -> None:
        """Closes the resolver as well, which a connector leaves to whoever made it."""
        await self.close()
        await self._names.close()


def _is_ours(address: str) -> bool:
    """Whether an address is this machine's own: what listens only for us must not be reached.

    A datagram socket sends nothing when it connects; it only chooses the address to send from,
    which is the very one it sends to where both are ours.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((address, 9))
        except OSError:  # no way there: the connection itself will say so
            return False
        return str(probe.getsockname()[0]) == address
