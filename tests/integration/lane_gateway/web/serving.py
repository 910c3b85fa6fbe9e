"""The site's web as a process of its own: ``serving FOLDER TEMPLATE PORT ADMIN_PORT``.

The lane's officer is signed in by hand: the value of their cookie goes into ``FOLDER/cookie``.
"""

import sys
from pathlib import Path
from threading import Event

from flask import Flask

from shared.web.logs import configure_logging
from shared.web.serving import serve
from tests.integration.lane_gateway.web.officers import Officer
from tests.integration.lane_gateway.web.site import Site
from tests.unit.lane_gateway.web.live_builders import named


def main(arguments: list[str]) -> None:
    folder, template = Path(arguments[0]), Path(arguments[1])
    port, admin_port = int(arguments[2]), int(arguments[3])
    stop = Event()

    def load() -> Flask:
        site = Site.build(folder, template=template, stop=stop)
        site.keep_record(named("ana"))
        site.hub.start()
        officer = Officer(site.app)
        officer.post("/en/lanes/l1/sign-on")
        cookie = officer.client.get_cookie("trustlane_lane_gateway")
        (folder / "cookie").write_text(cookie.value if cookie else "")
        return site.app

    configure_logging("lane_gateway")
    serve(load, port=port, admin_port=admin_port, checks={}, stop=stop, host="127.0.0.1")


if __name__ == "__main__":
    main(sys.argv[1:])
