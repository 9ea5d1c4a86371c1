"""A browser that signs in at the provider of `oidc_provider.mjs`."""

import re
from urllib.parse import urlencode, urljoin, urlsplit

from support.checks import CheckFailed, check_equal
from support.client import request

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Browser:
    """Stores the cookies of each host and port. It does not follow redirects by itself."""

    def __init__(self):
        self.cookies = {}

    def jar(self, url):
        """The cookies of the host of an address."""
        return self.cookies.setdefault(urlsplit(url).netloc, {})

    def request(self, method, url, body=None, headers=None):
        parts, jar, headers = urlsplit(url), self.jar(url), dict(headers or {})
        if jar:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        response = request(parts.netloc, method, path, body, headers, timeout=30)
        for line in response.headers.get_all("Set-Cookie") or []:
            store_cookie(jar, line)
        return response

    def submit(self, url, response, **fields):
        """Submits the form of a page with its hidden fields."""
        action = re.search(r'<form[^>]*action="([^"]+)"', response.text)[1]
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.text))
        return self.request("POST", urljoin(url, action), urlencode({**hidden, **fields}), FORM)

    def sign_in_at_provider(self, site, login):
        """Signs in at the provider. Returns the address of the callback, which is not opened."""
        url = f"{site}/auth/login"
        response = self.request("GET", url)
        check_equal(response.status, 303, "the site redirects the browser to the provider")
        while True:
            if response.status in (302, 303):
                url = urljoin(url, response.headers["Location"])
                if url.startswith(f"{site}/auth/callback"):
                    return url
                response = self.request("GET", url)
            elif 'name="login"' in response.text:
                response = self.submit(url, response, login=login, password="x")
            elif 'value="consent"' in response.text:
                response = self.submit(url, response)
            else:
                raise CheckFailed(f"unknown page at {url}: {response.status} {response.text[:2000]}")


def store_cookie(jar, line):
    """Stores or removes a cookie as a Set-Cookie header says."""
    pair, *attributes = line.split(";")
    name, value = pair.split("=", 1)
    is_expired = any(attribute.strip().lower() == "max-age=0" for attribute in attributes)
    # The provider removes its cookies with a date in 1970.
    if is_expired or not value or "1970" in line:
        jar.pop(name, None)
    else:
        jar[name] = value
