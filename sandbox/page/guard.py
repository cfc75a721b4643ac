"""Only the page itself may use the page's API: no foreign site, by name (DNS rebinding) or by form
(CSRF).
"""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

HEADER = "X-Sandbox-Page"
"""Sent with every change. A foreign site cannot add a header without asking first, and nobody
answers.
"""

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: https:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@web.middleware
async def page_guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Check who asks below /page; the loopback check of the Host header has been made already."""
    if request.path.startswith("/page/"):
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        origin = request.headers.get("Origin", f"http://{request.host}")
        is_own = site in ("same-origin", "none") and origin == f"http://{request.host}"
        changes = request.method not in ("GET", "HEAD")
        if not is_own or (changes and HEADER not in request.headers):
            return web.json_response({"error": "only the sandbox's own page may ask"}, status=403)
    response = await handler(request)
    if not response.prepared and not request.path.startswith(("/api/", "/cdn/")):
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response
