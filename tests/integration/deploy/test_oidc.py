import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

from deploy.local.oidc import OidcProviders


def get(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", parts.path)
        document: dict[str, object] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return document


def test_both_issuers_name_themselves_by_localhost(oidc: OidcProviders) -> None:
    for url in (oidc.people_url, oidc.staff_url):
        document = get(f"{url}/.well-known/openid-configuration")

        assert document["issuer"] == url
        assert url.startswith("http://localhost:")


def test_the_issuers_are_two(oidc: OidcProviders) -> None:
    assert oidc.people_url != oidc.staff_url
