"""Requests to the hub: redirects, the token, and what the headers say about a file."""

import http.client
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urljoin, urlsplit

from .errors import AccessError, FetchError, RangeError, TemporaryError

TIMEOUT_SECONDS = 30
REDIRECTIONS = (301, 302, 303, 307, 308)
LARGEST_REDIRECTION_COUNT = 5
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Announcement:
    """What the server says about a file before it is fetched; None where it says nothing."""

    size: int | None
    sha256: str | None


class KeepRedirections(urllib.request.HTTPRedirectHandler):
    """Hands redirections to the caller: urllib would send the token on to whatever host they name."""

    def redirect_request(self, *arguments: object) -> None:
        return None


class Hub:
    """Opens URLs; the token is sent to the endpoint's own host only."""

    def __init__(self, endpoint: str, token: str | None = None) -> None:
        self.endpoint = endpoint.rstrip("/")
        self.token = token
        self.opener = urllib.request.build_opener(KeepRedirections)

    def announcement(self, url: str) -> Announcement:
        """Size and SHA-256 of a large file, from the headers of the hub's own answer (not the storage's)."""
        headers = self._open(url, "HEAD", {}, follow=False).headers
        digest = (headers.get("X-Linked-Etag") or "").strip('"').removeprefix("sha256:").lower()
        size = headers.get("X-Linked-Size") or ""
        return Announcement(
            size=int(size) if size.isdecimal() else None,
            sha256=digest if SHA256.fullmatch(digest) else None,
        )

    def content(self, url: str, first_byte: int) -> http.client.HTTPResponse:
        """The file from `first_byte`; the caller closes it. Status 206, or 200 where ranges are not served."""
        headers = {"Range": f"bytes={first_byte}-"} if first_byte else {}
        response = self._open(url, "GET", headers, follow=True)
        if response.headers.get_content_type() == "text/html":
            response.close()
            raise FetchError(f"{shown(url)} answered a web page instead of the file (a proxy or a login page?)")
        return response

    def _open(self, url: str, method: str, headers: dict[str, str], *, follow: bool) -> http.client.HTTPResponse:
        for _ in range(LARGEST_REDIRECTION_COUNT + 1):
            request = urllib.request.Request(url, headers=headers | self._identity(url), method=method)
            try:
                return self.opener.open(request, timeout=TIMEOUT_SECONDS)
            except urllib.error.HTTPError as error:
                if error.code not in REDIRECTIONS:
                    raise refusal(error, url) from None
                if not follow and linked(error.headers):
                    return error
                url = redirected(error.headers, url)
            except urllib.error.URLError as error:
                raise TemporaryError(f"cannot reach {shown(url)}: {error.reason}") from None
        raise FetchError(f"{shown(url)} was redirected more than {LARGEST_REDIRECTION_COUNT} times")

    def _identity(self, url: str) -> dict[str, str]:
        headers = {"User-Agent": "touchstone-fetch-models", "Accept-Encoding": "identity"}
        here, home = urlsplit(url), urlsplit(self.endpoint)
        if self.token and (here.scheme, here.netloc) == (home.scheme, home.netloc):
            headers["Authorization"] = f"Bearer {self.token}"
        return headers


def linked(headers: Message) -> bool:
    """Whether a redirection is the hub's own, which says what it links to."""
    return "X-Linked-Etag" in headers or "X-Linked-Size" in headers


def redirected(headers: Message, url: str) -> str:
    target = urljoin(url, headers.get("Location") or "")
    if urlsplit(target).scheme not in ("http", "https") or "Location" not in headers:
        raise FetchError(f"{shown(url)} was redirected to nowhere")
    if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
        raise FetchError(f"{shown(url)} was redirected from https to http")
    return target


def refusal(error: urllib.error.HTTPError, url: str) -> FetchError:
    match error.code:
        case 401 | 403:
            return AccessError(f"{shown(url)} needs permission ({error.code}): set HF_TOKEN to a token that has it")
        case 404:
            return AccessError(f"{shown(url)} does not exist (404)")
        case 416:
            return RangeError(f"{shown(url)} is shorter than the part fetched before (416)")
        case 408 | 429 | 500 | 502 | 503 | 504:
            return TemporaryError(f"{shown(url)} answered {error.code} {error.reason}")
        case code:
            return FetchError(f"{shown(url)} answered {code} {error.reason}")


def shown(url: str) -> str:
    """The URL without its query, which on the storage holds a signature."""
    return urlsplit(url)._replace(query="", fragment="").geturl()
