"""`python -m reference.app`: serves the application on 127.0.0.1:$PORT until SIGTERM, which drains it."""

import logging
import sys

from pydantic import ValidationError

from reference.app import VERSION, logs
from reference.app.settings import Settings

_LOG = logging.getLogger("app")
_EDGE = "127.0.0.1"  # the only neighbour, whose forwarding headers may be believed


def main() -> int:
    """Runs the server; gives the exit status: 1 when the settings do not allow a start."""
    logs.configure("INFO")
    try:
        settings = Settings()
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False, include_context=False):
            _LOG.critical("can't start: environment variable %s: %s", str(one["loc"][0]).upper(), one["msg"])
        return 1
    # Bad settings are told at once: the rest takes a second to import.
    import uvicorn

    from reference.app.main import create_app

    logs.configure(settings.log_level, settings.render_instance_id)
    _LOG.info("APEX Analytics API %s, environment %s", VERSION, settings.environment)
    uvicorn.run(
        create_app(settings),
        host="127.0.0.1",
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=_EDGE,
        timeout_keep_alive=75,  # longer than the edge keeps a connection: it must never meet a closed one
        timeout_graceful_shutdown=20,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
