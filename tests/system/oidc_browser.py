"""Walks sign-ins through a real provider and a real server, as a browser would.

Started by tests/system/oidc.py: oidc-login.py STAGE SITE [KEY]
"""

import http.client
import json
import re
import sys
import time
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

FIXTURE = "fixtures/valid/bazhong-2021-38.json"


class Browser:
    """Keeps cookies by host and port, and shows every redirect."""

    def __init__(self):
        self.cookies = {}

    def ask(self, method, url, body=None, headers=()):
        parts = urlsplit(url)
        jar = self.cookies.setdefault(parts.netloc, {})
        sent = dict(headers)
        if jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path or "/", body, sent)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            pair, *attributes = line.split(";")
            name, value = pair.split("=", 1)
            gone = any(a.strip().lower() == "max-age=0" for a in attributes) or not value
            # The provider forgets by a date long past.
            gone = gone or "1970" in line
            if gone:
                jar.pop(name, None)
            else:
                jar[name] = value
        connection.close()
        return answer

    def submit(self, url, answer, **fields):
        action = re.search(r'<form[^>]*action="([^"]+)"', answer.text).group(1)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
        body = urlencode({**hidden, **fields})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", urljoin(url, action), body, form)

    def to_callback(self, site, login):
        """Signs in at the provider, and stops before the callback, whose address it gives."""
        answer = self.ask("GET", f"{site}/auth/login")
        expect(answer.status, 303, "the site sends the browser to the provider")
        url = f"{site}/auth/login"
        while True:
            if answer.status in (302, 303):
                url = urljoin(url, answer.headers["Location"])
                if url.startswith(f"{site}/auth/callback"):
                    return url
                answer = self.ask("GET", url)
            elif 'name="login"' in answer.text:
                answer = self.submit(url, answer, login=login, password="x")
            elif 'value="consent"' in answer.text:
                answer = self.submit(url, answer)
            else:
                sys.exit(f"lost at {url}: {answer.status} {answer.text[:2000]}")


def expect(found, wanted, what):
    if found != wanted:
        sys.exit(f"FAILED {what}: {found!r}, not {wanted!r}")
    print(f"ok  {what}")


def problem(answer, status, name, what):
    expect(answer.status, status, what)
    expect(json.loads(answer.text)["type"], f"/problems/{name}", f"  as {name}")


def sign_in_and_out(site, admin_key):
    browser = Browser()
    me = f"{site}/v1/me"
    problem(browser.ask("GET", me), 401, "unauthenticated", "nobody is signed in")
    callback = browser.to_callback(site, "zhangsan")
    answer = browser.ask("GET", callback)
    expect((answer.status, answer.headers["Location"]), (303, "/"), "the callback leads to the start")
    jar = browser.cookies[urlsplit(site).netloc]
    expect(sorted(jar), ["hongtou"], "the session's cookie alone is left")
    expect(
        json.loads(browser.ask("GET", me).text),
        {
            "id": "oidc:zhangsan",
            "name": "干部zhangsan",
            "roles": ["submit", "read", "archive"],
            "agency": "巴中市民政局",
        },
        "the session is that person's",
    )
    filing = open(FIXTURE, "rb").read()
    post = {"Content-Type": "application/json"}
    check = lambda **more: browser.ask(
        "POST", f"{site}/v1/checks", filing, {**post, **{k.replace("_", "-"): v for k, v in more.items()}}
    )
    expect(check(Origin=site).status, 200, "a page of the site checks a filing")
    problem(check(Origin="http://evil.example"), 403, "cross-site", "another site's page does not")
    problem(check(), 403, "cross-site", "nor one that hides where it is from")
    problem(browser.ask("GET", f"{site}/v1/audit"), 403, "forbidden", "staff do not read the trail")
    problem(browser.ask("GET", callback), 403, "sign-in-refused", "the same callback works once")

    session = dict(jar)
    answer = browser.ask("POST", f"{site}/auth/logout", headers={"Origin": site})
    expect(answer.status, 204, "the person signs out")
    expect(jar, {}, "the browser forgets the session")
    jar.update(session)
    problem(browser.ask("GET", me), 401, "unauthenticated", "and the server does")

    trail = Browser().ask("GET", f"{site}/v1/audit?caller=oidc:zhangsan", headers={"Authorization": f"Bearer {admin_key}"})
    acts = [entry["act"] for entry in json.loads(trail.text)["entries"]]
    expect(acts, ["signed_out", "signed_in"], "the trail has both")


def what_does_not_hold(site):
    cookie = "hongtou-sign-in"

    def tampered(what, edit_callback=lambda callback: callback, edit_cookie=lambda kept: kept):
        browser = Browser()
        callback = browser.to_callback(site, "lisi")
        jar = browser.cookies[urlsplit(site).netloc]
        kept = edit_cookie(jar[cookie].split("."))
        jar[cookie] = ".".join(kept)
        answer = browser.ask("GET", edit_callback(callback))
        problem(answer, 403, "sign-in-refused", what)
        expect("hongtou" in jar, False, "  and begins no session")

    state = lambda callback: parse_qs(urlsplit(callback).query)["state"][0]
    tampered("another state is refused", lambda c: c.replace(state(c), state(c)[::-1]))
    tampered("no state is refused", lambda c: c.replace("state=", "other="))
    tampered("another code is refused", lambda c: re.sub(r"code=[^&]{8}", "code=aaaaaaaa", c))
    tampered("no code is refused", lambda c: re.sub(r"code=[^&]*", "error=access_denied", c))
    tampered("another nonce is refused", edit_cookie=lambda k: [k[0], k[1], k[2][::-1], k[3]])
    tampered("another verifier is refused", edit_cookie=lambda k: [k[0], k[1], k[2], k[3][::-1]])
    late = str(int(time.time() * 1000) - 10 * 60 * 1000)
    tampered("a sign-in begun ten minutes ago is refused", edit_cookie=lambda k: [late, *k[1:]])
    soon = str(int(time.time() * 1000) + 60 * 1000)
    tampered("a sign-in from the future is refused", edit_cookie=lambda k: [soon, *k[1:]])

    mine, other = Browser(), Browser()
    callback = mine.to_callback(site, "lisi")
    other.to_callback(site, "wangwu")
    answer = other.ask("GET", callback)
    problem(answer, 403, "sign-in-refused", "one browser does not end another's sign-in")

    browser = Browser()
    answer = browser.ask("GET", browser.to_callback(site, "nobody"))
    problem(answer, 403, "sign-in-refused", "a person without an agency is refused")
    answer = browser.ask("GET", f"{site}/auth/login?return_to=http://evil.example")
    expect("evil" in answer.headers["Location"], False, "no parameter leads elsewhere")


def a_late_token(site):
    browser = Browser()
    answer = browser.ask("GET", browser.to_callback(site, "zhangsan"))
    problem(answer, 403, "sign-in-refused", "a token past its time is refused")


def without_the_provider(site, key):
    answer = Browser().ask("GET", f"{site}/auth/login")
    problem(answer, 503, "sign-in-unavailable", "without the provider nobody signs in")
    expect(answer.headers["Retry-After"], "10", "  and may try again")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    answer = Browser().ask("POST", f"{site}/v1/checks", open(FIXTURE, "rb").read(), headers)
    expect(answer.status, 200, "and nothing else is the worse")


stage, *arguments = sys.argv[1:]
{
    "sign-in-and-out": sign_in_and_out,
    "what-does-not-hold": what_does_not_hold,
    "a-late-token": a_late_token,
    "without-the-provider": without_the_provider,
}[stage](*arguments)
