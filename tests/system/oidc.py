#!/usr/bin/env python3
"""Signs staff in with a real OpenID Connect provider (node-oidc-provider) and a real server."""

import contextlib
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from oidc_browser import Browser
from support import tools
from support.checks import CheckFailed, check, check_equal, wait_until
from support.client import JSON, free_port
from support.program import valid_fixture
from support.server import Server

PROVIDER = Path(__file__).with_name("oidc_provider.mjs")
PROVIDER_PACKAGE = "oidc-provider@8.8.1"
FILING = valid_fixture("bazhong-2021-38").read_bytes()
SIGN_IN_COOKIE = "hongtou-sign-in"


class Installation:
    """A site and its provider. Several servers of the site run one after the other on the same data and port."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.site_port, self.provider_port = free_port(), free_port()
        self.site = f"http://127.0.0.1:{self.site_port}"

    @contextlib.contextmanager
    def provider(self):
        """Runs the provider. The script must be in the folder that has its packages."""
        folder = tools.npm("oidc-provider", PROVIDER_PACKAGE)
        script = shutil.copy(PROVIDER, folder)
        output = self.folder / "provider.txt"
        command = ["node", script, str(self.provider_port), self.site]
        with output.open("wb") as file:
            process = subprocess.Popen(command, stdout=file, stderr=file)

        def listens():
            if process.poll() is not None:
                raise CheckFailed(f"the provider did not start: {output.read_text()}")
            return "listening" in output.read_text()

        try:
            wait_until(listens, "the provider listens")
            yield
        finally:
            process.kill()
            process.wait()

    def server(self, name, client):
        """A server that is this client of the provider."""
        options = ["--public-url", self.site, "--oidc-issuer", f"http://127.0.0.1:{self.provider_port}"]
        options += ["--oidc-client-id", client, "--oidc-agency-claim", "agency"]
        environment = {"HONGTOU_OIDC_CLIENT_SECRET": f"secret of {client}"}
        listen = f"127.0.0.1:{self.site_port}"
        return Server(self.folder, *options, name=name, listen=listen, environment=environment)


def check_problem(response, status, name, what):
    check_equal(response.status, status, what)
    check_equal(response.json()["type"], f"/problems/{name}", f"  as {name}")


def test_sign_in(site):
    """Signs in. Returns the browser and the address of the callback."""
    browser = Browser()
    me = f"{site}/v1/me"
    check_problem(browser.request("GET", me), 401, "unauthenticated", "nobody is signed in")
    callback = browser.sign_in_at_provider(site, "zhangsan")
    response = browser.request("GET", callback)
    found = (response.status, response.headers["Location"])
    check_equal(found, (303, "/"), "the callback redirects to the start page")
    check_equal(sorted(browser.jar(site)), ["hongtou"], "only the session cookie is left")
    person = {
        "id": "oidc:zhangsan",
        "name": "干部zhangsan",
        "roles": ["submit", "read", "archive"],
        "agency": "巴中市民政局",
    }
    found = browser.request("GET", me).json()
    check_equal({name: found[name] for name in person}, person, "the session is that person's")
    return browser, callback


def test_session(site, browser, callback):
    """What a signed-in person may do."""
    check_filing = lambda **origin: browser.request("POST", f"{site}/v1/checks", FILING, JSON | origin)
    check_equal(check_filing(Origin=site).status, 200, "a page of the site checks a filing")
    response = check_filing(Origin="http://evil.example")
    check_problem(response, 403, "cross-site", "a page of another site does not")
    check_problem(check_filing(), 403, "cross-site", "a request without an origin does not")
    check_problem(browser.request("GET", f"{site}/v1/audit"), 403, "forbidden", "staff do not read the audit trail")
    check_problem(browser.request("GET", callback), 403, "sign-in-refused", "a callback works only once")


def test_sign_out(site, browser, admin_key):
    jar = browser.jar(site)
    session = dict(jar)
    response = browser.request("POST", f"{site}/auth/logout", headers={"Origin": site})
    check_equal(response.status, 204, "the person signs out")
    check_equal(jar, {}, "the browser removes the session cookie")
    jar.update(session)
    response = browser.request("GET", f"{site}/v1/me")
    check_problem(response, 401, "unauthenticated", "the server has ended the session")
    key = {"Authorization": f"Bearer {admin_key}"}
    trail = Browser().request("GET", f"{site}/v1/audit?caller=oidc:zhangsan", headers=key)
    acts = [entry["act"] for entry in trail.json()["entries"] if entry["act"] != "refused"]
    check_equal(acts, ["signed_out", "signed_in"], "the audit trail has both")


def check_tampered(site, what, edit_callback=lambda callback: callback, edit_cookie=lambda parts: parts):
    """A sign-in is refused after a change of the callback's address or of the cookie's four parts."""
    browser = Browser()
    callback = browser.sign_in_at_provider(site, "lisi")
    jar = browser.jar(site)
    jar[SIGN_IN_COOKIE] = ".".join(edit_cookie(jar[SIGN_IN_COOKIE].split(".")))
    response = browser.request("GET", edit_callback(callback))
    check_problem(response, 403, "sign-in-refused", what)
    check_equal("hongtou" in jar, False, "  and no session begins")


def test_tampered_callbacks(site):
    def reverse_state(callback):
        state = parse_qs(urlsplit(callback).query)["state"][0]
        return callback.replace(state, state[::-1])

    check_tampered(site, "another state is refused", reverse_state)
    check_tampered(site, "a missing state is refused", lambda url: url.replace("state=", "other="))
    check_tampered(site, "another code is refused", lambda url: re.sub(r"code=[^&]{8}", "code=aaaaaaaa", url))
    check_tampered(site, "a missing code is refused", lambda url: re.sub(r"code=[^&]*", "error=access_denied", url))


def test_tampered_cookies(site):
    def check_cookie(what, edit):
        check_tampered(site, what, edit_cookie=lambda parts: edit(*parts))

    now = int(time.time() * 1000)
    late, soon = str(now - 10 * 60 * 1000), str(now + 60 * 1000)
    # The parts: when the sign-in began, its state, nonce and verifier.
    check_cookie("another nonce is refused", lambda *parts: [*parts[:2], parts[2][::-1], parts[3]])
    check_cookie("another verifier is refused", lambda *parts: [*parts[:3], parts[3][::-1]])
    check_cookie("a sign-in from ten minutes ago is refused", lambda _, *others: [late, *others])
    check_cookie("a sign-in from the future is refused", lambda _, *others: [soon, *others])


def test_other_refusals(site):
    browser, other = Browser(), Browser()
    callback = browser.sign_in_at_provider(site, "lisi")
    other.sign_in_at_provider(site, "wangwu")
    response = other.request("GET", callback)
    check_problem(response, 403, "sign-in-refused", "a browser cannot finish the sign-in of another")

    browser = Browser()
    response = browser.request("GET", browser.sign_in_at_provider(site, "nobody"))
    check_problem(response, 403, "sign-in-refused", "a person without an agency is refused")
    response = browser.request("GET", f"{site}/auth/login?return_to=http://evil.example")
    check_equal("evil" in response.headers["Location"], False, "no parameter redirects to another site")


def test_expired_token(site):
    browser = Browser()
    response = browser.request("GET", browser.sign_in_at_provider(site, "zhangsan"))
    check_problem(response, 403, "sign-in-refused", "an expired token is refused")


def test_without_provider(site, key):
    response = Browser().request("GET", f"{site}/auth/login")
    check_problem(response, 503, "sign-in-unavailable", "without the provider nobody signs in")
    check_equal(response.headers["Retry-After"], "10", "  and the response says when to try again")
    headers = JSON | {"Authorization": f"Bearer {key}"}
    response = Browser().request("POST", f"{site}/v1/checks", FILING, headers)
    check_equal(response.status, 200, "a request with a key still works")


def check_reasons(server, *reasons):
    """Every refusal had the intended reason."""
    log = server.log_text()
    for reason in reasons:
        check(reason in log, f"nothing was refused as {reason}:\n{log}")


def check_no_secrets(folder, *secrets):
    for path in folder.glob("*.log"):
        for secret in secrets:
            check(secret not in path.read_text(), f"a secret is in {path.name}")


def main():
    with tempfile.TemporaryDirectory(prefix="hongtou-oidc-") as folder:
        installation = Installation(folder)
        site, server = installation.site, installation.server("site", "hongtou")
        admin_key, submit_key = server.add_key("admin", "admin"), server.add_key("submit", "submit")
        with installation.provider():
            with server:
                browser, callback = test_sign_in(site)
                test_session(site, browser, callback)
                test_sign_out(site, browser, admin_key)
                test_tampered_callbacks(site)
                test_tampered_cookies(site)
                test_other_refusals(site)
            denials = ['Denied("invalid_grant")', 'Denied("access_denied")']
            check_reasons(server, "NotStarted", *denials, "Invalid nonce", "NoAgency")
            with installation.server("late", "late") as server:
                test_expired_token(site)
                check_reasons(server, "Expired")
        with installation.server("alone", "hongtou"):
            test_without_provider(site, submit_key)
        check_no_secrets(installation.folder, admin_key, submit_key, "secret of")


if __name__ == "__main__":
    main()
