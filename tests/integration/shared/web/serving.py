"""The sample service on a real port, as a program of its own."""

import json
import sys
from pathlib import Path
from threading import Event

from flask import Flask

from shared.errors import Unavailable
from shared.web.logs import configure_logging
from shared.web.serving import serve
from shared.web.settings import Issuer
from tests.unit.shared.web.sample_app import create_app


def main(arguments: list[str]) -> None:
    port, admin_port, provider, down = int(arguments[0]), int(arguments[1]), *arguments[2:4]
    stop = Event()

    def load() -> Flask:
        return create_app(
            base_url=f"http://localhost:{port}",
            stop=stop,
            max_streams=2,
            issuers={
                name: Issuer(url=provider, client_id=f"sample-{name}", client_secret="secret")
                for name in ("people", "staff")
            },
        )

    def database() -> None:
        if Path(down).exists():
            raise Unavailable("The database did not answer")

    configure_logging("sample")
    serve(
        load,
        port=port,
        admin_port=admin_port,
        checks={"database": database},
        stop=stop,
        host="127.0.0.1",
        threads=8,
    )


if __name__ == "__main__":
    sys.stderr.write(json.dumps({"event": "starting"}) + "\n")
    main(sys.argv[1:])
