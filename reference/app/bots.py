"""Telling programs from people by their user agent."""

import re

# "bot" alone would take the Cubot phones for programs.
_PROGRAMS = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|archiver|facebookexternalhit|bingpreview|lighthouse"
    r"|headless|phantomjs|selenium|puppeteer|playwright|pingdom|statuscake|uptime|monitor"
    r"|curl/|wget/|python-|python/|aiohttp|httpx|urllib|okhttp|axios|node-fetch|go-http-client"
    r"|java/|libwww|ruby|perl|scrapy|postman|insomnia|locust|k6/",
    re.IGNORECASE,
)


def is_bot(user_agent: str) -> bool:
    """Says whether a known crawler, script or headless browser names itself so."""
    return _PROGRAMS.search(user_agent) is not None
