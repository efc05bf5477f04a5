"""Faults of the endpoints: what they answer to good and to bad input."""

from starlette.types import Scope

from reference.deployment import Deployment
from reference.faults.catalogue import fault
from reference.faults.wrappers import (
    answering,
    as_json,
    at,
    changing,
    cut_short,
    delaying,
    every,
    hanging,
    with_body,
    with_json,
    with_status,
    with_type,
)
from reference.upstream import Answer

SUMMARY = at("/api/v1/analytics/summary")
REALTIME = at("/api/v1/analytics/realtime")
TRACK_EVENT = at("/api/v1/analytics/track/event")
TRACK_BATCH = at("/api/v1/analytics/track/batch")
CLASSIFY = at("/api/v1/analytics/ml/classify-intent")
READY = at("/health/ready")
ERROR = as_json(500, {"detail": "Internal Server Error"})
PAGE = b"<!doctype html><title>We are sorry</title><h1>Something went wrong</h1>"


def of_the_api(scope: Scope) -> bool:
    """Match what lies below the API's path."""
    return bool(scope["path"].startswith("/api/"))


@fault("answer-500", "one endpoint answers good input with 500", {"MH-6": "failed"}, says="status 500")
async def answer_500(deployment: Deployment) -> None:
    """An exception that nobody catches."""
    deployment.edge.layers.append(answering(REALTIME, ERROR))


@fault("answer-502", "one endpoint is answered by the platform, with 502", {"MH-6": "failed"}, says="status 502")
async def answer_502(deployment: Deployment) -> None:
    """The process ends while it serves this request."""
    deployment.edge.layers.append(answering(CLASSIFY, with_type(Answer(502, [], PAGE), b"text/html")))


@fault("answers-fail-at-times", "one API request in five fails", {"MH-6": "failed"}, says="status 500")
async def answers_fail_at_times(deployment: Deployment) -> None:
    """A pool of connections that is too small."""
    deployment.edge.layers.append(answering(every(5, of_the_api), ERROR))


@fault("answer-201", "accepted events are answered 201", {"MH-6": "failed"}, says="status 201")
async def answer_201(deployment: Deployment) -> None:
    """A status that the contract does not name: clients that check for 202 send everything twice."""
    deployment.edge.layers.append(
        changing(TRACK_EVENT, lambda answer: with_status(answer, 201) if answer.status == 202 else answer)
    )


@fault("answer-204", "one endpoint answers 204", {"MH-6": "failed"}, says="status 204")
async def answer_204(deployment: Deployment) -> None:
    """No data, and no error either."""
    deployment.edge.layers.append(answering(REALTIME, Answer(204, [], b"")))


@fault("answer-redirected", "one endpoint redirects to a log-in page", {"MH-6": "failed"}, says="status 302")
async def answer_redirected(deployment: Deployment) -> None:
    """Browsers follow, and show a page; programs do not."""
    deployment.edge.layers.append(answering(REALTIME, Answer(302, [(b"location", b"/login")], b"")))


@fault("answer-is-a-page", "one endpoint answers 200 with an error page", {"MH-6": "failed"}, says="text/html")
async def answer_is_a_page(deployment: Deployment) -> None:
    """Whoever looks at the status alone sees nothing."""
    deployment.edge.layers.append(answering(REALTIME, with_type(Answer(200, [], PAGE), b"text/html; charset=utf-8")))


@fault("page-called-json", "one endpoint calls its error page JSON", {"MH-6": "failed"}, says="a JSON body")
async def page_called_json(deployment: Deployment) -> None:
    """Status and type are right, the body is none."""
    deployment.edge.layers.append(changing(REALTIME, lambda answer: with_body(answer, PAGE)))


@fault("wrong-content-type", "one endpoint calls its JSON text/html", {"MH-6": "failed"}, says="text/html")
async def wrong_content_type(deployment: Deployment) -> None:
    """Lenient clients read it all the same, browsers do not."""
    deployment.edge.layers.append(changing(SUMMARY, lambda answer: with_type(answer, b"text/html; charset=utf-8")))


@fault("empty-answer", "one endpoint answers 200 without its data", {"MH-6": "failed"}, says="current_visitors")
async def empty_answer(deployment: Deployment) -> None:
    """Status and type are right, the body is not."""
    deployment.edge.layers.append(changing(REALTIME, lambda answer: with_body(answer, b"{}")))


@fault("answer-without-body", "one endpoint answers 200 with no body", {"MH-6": "failed"}, says="a JSON body")
async def answer_without_body(deployment: Deployment) -> None:
    """The headers were sent, then something failed."""
    deployment.edge.layers.append(changing(REALTIME, lambda answer: with_body(answer, b"")))


@fault(
    "answer-cut-short",
    "one endpoint's answer ends half-way",
    {"MH-6": "failed"},
    says="a JSON body",
)
async def answer_cut_short(deployment: Deployment) -> None:
    """The process dies while it writes."""
    deployment.edge.layers.append(changing(REALTIME, cut_short))


@fault("answer-of-another-shape", "one endpoint answers a list", {"MH-6": "failed"}, says="is not of type 'object'")
async def answer_of_another_shape(deployment: Deployment) -> None:
    """The answer of a former version of the API."""
    deployment.edge.layers.append(changing(REALTIME, lambda answer: with_json(answer, lambda body: [body])))


@fault("answer-wrong-type", "one field is of another type", {"MH-6": "failed"}, says="$.current_visitors: '0'")
async def answer_wrong_type(deployment: Deployment) -> None:
    """A number in quotes."""
    deployment.edge.layers.append(
        changing(REALTIME, lambda answer: with_json(answer, lambda body: body | {"current_visitors": "0"}))
    )


@fault("answer-not-a-number", "one number is NaN, which is no JSON", {"MH-6": "failed"}, says="NaN")
async def answer_not_a_number(deployment: Deployment) -> None:
    """A mean over nothing."""
    deployment.edge.layers.append(
        changing(
            SUMMARY,
            lambda answer: with_json(
                answer, lambda body: body | ({"bounce_rate": float("nan")} if answer.status == 200 else {})
            ),
        )
    )


@fault("answer-too-late", "one endpoint answers after twelve seconds", {"MH-6": "failed"}, says="within 10 s")
async def answer_too_late(deployment: Deployment) -> None:
    """A query without its index."""
    deployment.edge.layers.append(delaying(SUMMARY, 12))


@fault("endpoint-hangs", "one endpoint never answers", {"MH-6": "failed"}, says="within 10 s")
async def endpoint_hangs(deployment: Deployment) -> None:
    """It takes the request and waits for something that does not come."""
    deployment.edge.layers.append(hanging(REALTIME))


@fault("endpoint-missing", "one endpoint is not there", {"MH-6": "failed"}, says="status 404")
async def endpoint_missing(deployment: Deployment) -> None:
    """A router that was not included."""
    deployment.edge.layers.append(answering(CLASSIFY, as_json(404, {"detail": "Not Found"})))


@fault("endpoint-announced-501", "an announced endpoint answers 501", {"MH-6": "failed"}, says="status 501")
async def endpoint_announced_501(deployment: Deployment) -> None:
    """Neither offered nor absent."""
    deployment.edge.layers.append(
        answering(at("/api/v1/analytics/funnel/analyze"), as_json(501, {"detail": "Not Implemented"}))
    )


@fault("sdk-missing", "the client SDK is not served", {"MH-6": "failed"}, says="/static/apex-analytics.js")
async def sdk_missing(deployment: Deployment) -> None:
    """The image was built without its static files."""
    deployment.edge.layers.append(answering(at("/static/apex-analytics.js"), as_json(404, {"detail": "Not Found"})))


@fault("events-not-stored", "events are accepted and dropped", {"MH-6": "failed"}, says="accepted events")
async def events_not_stored(deployment: Deployment) -> None:
    """A queue that nobody reads."""
    one = {"success": True, "event_id": "7f0c3a52-9d1e-4b7a-8f36-2c1d5e9b4a60", "message": None}
    deployment.edge.layers.append(answering(TRACK_EVENT, as_json(202, one)))


@fault("batch-counts-nothing", "a batch is accepted without a count", {"MH-6": "failed"}, says="$.processed: None")
async def batch_counts_nothing(deployment: Deployment) -> None:
    """The events are stored; how many is left out."""
    deployment.edge.layers.append(
        changing(TRACK_BATCH, lambda answer: with_json(answer, _uncounted) if answer.status == 202 else answer)
    )


def _uncounted(body: dict[str, object]) -> dict[str, object]:
    return body | {"processed": None}


@fault("good-input-refused", "a valid event is refused", {"MH-6": "failed"}, says="status 422")
async def good_input_refused(deployment: Deployment) -> None:
    """A rule that is stricter than the contract."""
    refusal = as_json(422, {"detail": "viewport_width must be positive"})
    deployment.edge.layers.append(answering(TRACK_EVENT, refusal))


@fault("bad-input-500", "one endpoint answers bad input with 500", {"MH-6": "failed"}, says="status 500")
async def bad_input_500(deployment: Deployment) -> None:
    """A date that can't be read is not caught."""
    deployment.edge.layers.append(changing(SUMMARY, lambda answer: ERROR if answer.status == 422 else answer))


@fault("bad-input-accepted", "bad input is answered as if it were good", {"MH-6": "failed"}, says="status 200")
async def bad_input_accepted(deployment: Deployment) -> None:
    """Nobody looks at the dates."""
    empty = as_json(200, {"total_pageviews": 0, "total_visitors": 0})
    deployment.edge.layers.append(changing(SUMMARY, lambda answer: empty if answer.status == 422 else answer))


@fault("bad-input-404", "bad input is answered 404", {"MH-6": "failed"}, says="status 404")
async def bad_input_404(deployment: Deployment) -> None:
    """Whoever sent it looks for the fault in the address."""
    missing = as_json(404, {"detail": "Not Found"})
    deployment.edge.layers.append(changing(SUMMARY, lambda answer: missing if answer.status == 422 else answer))


@fault(
    "unknown-path-200",
    "a path that there is not is answered 200",
    {"MH-6": "failed", "MH-7": "failed"},
    says="status 200",
)
async def unknown_path_200(deployment: Deployment) -> None:
    """A front end catches every path below the API's."""
    deployment.edge.layers.append(
        changing(of_the_api, lambda answer: as_json(200, {}) if answer.status == 404 else answer)
    )


@fault("merchants-open", "a shop's data is shown without credentials", {"MH-6": "failed"}, says="insights")
async def merchants_open(deployment: Deployment) -> None:
    """The dependency that asks for them was left out of one route."""
    deployment.edge.layers.append(
        answering(at("/api/insights"), as_json(200, {"shop_id": "17", "insights": [{"title": "Sales are up"}]}))
    )


@fault("merchants-told-apart", "a shop that there is not is answered 404", {"MH-6": "failed"}, says="status 404")
async def merchants_told_apart(deployment: Deployment) -> None:
    """Who is a customer can be found out without credentials."""
    deployment.edge.layers.append(answering(at("/api/dashboard/summary"), as_json(404, {"detail": "No such shop"})))


@fault("not-ready", "the service says that it is not ready", {"MH-6": "failed", "DP-3": "failed"}, says="status 503")
async def not_ready(deployment: Deployment) -> None:
    """Healthy, and yet no request should be sent to it."""
    deployment.edge.layers.append(answering(READY, as_json(503, {"status": "not_ready"})))


@fault(
    "readiness-contradicts-itself",
    "200 and not ready",
    {"MH-6": "failed", "DP-3": "failed"},
    says="$.status: 'ready' was expected",
)
async def readiness_contradicts_itself(deployment: Deployment) -> None:
    """The status is right for whoever looks at nothing else."""
    deployment.edge.layers.append(
        changing(READY, lambda answer: with_json(answer, lambda body: body | {"status": "not_ready"}))
    )


@fault(
    "readiness-without-checks",
    "ready, without having looked",
    {"MH-6": "failed", "DP-3": "failed"},
    says="'redis' is a required",
)
async def readiness_without_checks(deployment: Deployment) -> None:
    """The store was forgotten."""
    deployment.edge.layers.append(
        changing(READY, lambda answer: with_json(answer, lambda body: body | {"checks": {"database": "connected"}}))
    )
