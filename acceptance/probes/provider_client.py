"""Talking to the hosting provider's API: pages, rate limit, and every way in which it can fail to answer."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from acceptance import __version__
from acceptance.outcomes import Unverified
from acceptance.probes.addresses import is_loopback, split_address
from acceptance.probes.closing import Closing
from acceptance.probes.http import verifying_context
from acceptance.probes.pace import retry_after_s

PAGE_SIZE = 100
MOST_PAGES = 50
MOST_WAIT_S = 30.0
TIMEOUT_S = 10.0

ModelT = TypeVar("ModelT", bound=BaseModel)

Query = Mapping[str, str | Sequence[str]]
NO_QUERY: Query = {}
_ADVICE = {
    401: "it refused the key; check RENDER_API_KEY",
    403: "the key may not read this; use a key of the workspace's owner",
    404: "it does not know this; check RENDER_API_URL, and that the key belongs to the right workspace",
    410: "it is gone",
    429: "its rate limit is used up; wait a minute and run again",
}


class ProviderApi(Closing):
    """Requests to the API with a key; usable from several threads.

    Args:
        base_url: the API's address with its version, such as https://api.render.com/v1.
        api_key: the bearer key; it appears in no message.
        ca_file: authorities to trust instead of the usual ones.

    Raises:
        Unverified: the key can't be sent, or would travel in clear.
    """

    def __init__(self, base_url: str, api_key: str, ca_file: Path | None = None) -> None:
        _refuse_to_send(base_url, api_key)
        self._client = httpx.Client(
            base_url=base_url.rstrip("/"),
            headers={
                "Authorization": f"Bearer {api_key}",
                "Accept": "application/json",
                "User-Agent": f"apex-acceptance/{__version__}",
            },
            verify=verifying_context(ca_file),
            timeout=TIMEOUT_S,
            follow_redirects=False,
            trust_env=False,  # the key goes to the provider alone, through no proxy and with no .netrc beside it
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str, model: type[ModelT], query: Query = NO_QUERY) -> ModelT:
        """Return one resource.

        Raises:
            Unverified: it could not be read; says why and what to do.
        """
        return _parsed(path, model, self._json(path, query))

    def pages(self, path: str, key: str, model: type[ModelT], query: Query = NO_QUERY) -> tuple[ModelT, ...]:
        """Return a whole listing, whose items stand below `key`.

        Raises:
            Unverified: a page could not be read, or the pages come to no end.
        """
        return tuple(item for page in self.each_page(path, key, model, query) for item in page)

    def each_page(self, path: str, key: str, model: type[ModelT], query: Query = NO_QUERY) -> Iterator[list[ModelT]]:
        """Yield a listing page by page, each asked for when it is wanted.

        It ends with an empty page, or a short one without a cursor: behind a short page there may be more.

        Raises:
            Unverified: a page could not be read, or the pages come to no end.
        """
        seen = {""}
        asked = {**query, "limit": str(PAGE_SIZE)}
        while len(seen) <= MOST_PAGES:
            page = self._page(path, asked)
            yield [_parsed(path, model, item.get(key, item)) for item in page]
            cursor = str((page[-1].get("cursor") if page else None) or "")
            if not cursor and len(page) < PAGE_SIZE:
                return
            if cursor in seen:
                raise _unverified(path, "its pages come to no end: a page without a new cursor")
            seen.add(cursor)
            asked["cursor"] = cursor
        raise _unverified(path, f"its pages come to no end: more than {MOST_PAGES} of {PAGE_SIZE}")

    def _page(self, path: str, query: Query) -> list[dict[str, Any]]:
        page = self._json(path, query)
        if not isinstance(page, list) or not all(isinstance(item, dict) for item in page):
            raise _unverified(path, f"expected a list of objects, found {_shape(page)}")
        return page

    def _json(self, path: str, query: Query) -> Any:  # noqa: ANN401 - an answer may hold anything
        response = self._answer(path, query)
        if response.is_success and not response.content:
            return None
        if not response.is_success:
            raise _unverified(path, _refusal(response))
        try:
            return response.json()
        except (ValueError, RecursionError):
            kind = response.headers.get("content-type", "no content type")
            raise _unverified(path, f"expected JSON, found {kind}: is RENDER_API_URL right?") from None

    def _answer(self, path: str, query: Query) -> httpx.Response:
        """Send it; when the rate limit asks to wait, wait as told and send it once more."""
        try:
            response = self._client.get(path, params=query)
            if response.status_code != 429:
                return response
            wait_s = retry_after_s(response.headers)
            if wait_s is None or wait_s > MOST_WAIT_S:
                return response
            time.sleep(wait_s)
            return self._client.get(path, params=query)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _unverified(path, _no_answer(error)) from None


def _refuse_to_send(base_url: str, api_key: str) -> None:
    parts = split_address(base_url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unverified("The hosting provider can't be asked: RENDER_API_URL is no https:// address.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise Unverified(
            "The hosting provider is not asked: RENDER_API_URL is an http:// address, so the key would travel in clear;"
            " use https://."
        )
    if not api_key or not api_key.isascii() or not api_key.isprintable() or " " in api_key:
        raise Unverified(
            "The hosting provider can't be asked: RENDER_API_KEY holds characters that no key has (spaces, line ends,"
            " letters other than ASCII's, or nothing at all); copy it anew."
        )


def _parsed(path: str, model: type[ModelT], data: object) -> ModelT:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        wrong = _fields(error.errors(include_input=False, include_url=False, include_context=False))
        raise _unverified(path, f"the answer is no {model.__name__}: {wrong}") from None


def _fields(errors: Iterable[Any]) -> str:
    return "; ".join(f"{'.'.join(map(str, error['loc'])) or 'the whole'}: {error['msg']}" for error in errors)


def _refusal(response: httpx.Response) -> str:
    status = response.status_code
    advice = _ADVICE.get(status)
    if status >= 500:
        advice = "it has a failure of its own; look at its status page and run again"
    return f"it answered {status}: {advice or 'an answer that is not expected here'}"


def _no_answer(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"it did not answer within {TIMEOUT_S:g} s"
    if isinstance(error, httpx.ConnectError):
        return "no connection could be made; check RENDER_API_URL and the network"
    return f"the connection broke ({type(error).__name__})"


def _unverified(path: str, why: str) -> Unverified:
    return Unverified(f"the hosting provider's API, asked for {path}: {why}")


def _shape(found: object) -> str:
    return "nothing" if found is None else type(found).__name__
