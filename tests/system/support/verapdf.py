"""Validates PDFs with the rules of veraPDF."""

import subprocess
from pathlib import Path

from support import tools

SOURCE = Path(__file__).with_name("Validator.java")
JAXB = ["jaxb-api", "jaxb-runtime", "jaxb-core", "jaxb-impl", "javax.activation", "istack-commons-runtime", "txw2"]


def class_path():
    """The class path of Validator, which is compiled if its source changed."""
    tools.debian("default-jdk-headless", "libjaxb-java")
    folder = tools.CACHE / "validator"
    jars = [str(tools.verapdf()), *(f"/usr/share/java/{name}.jar" for name in JAXB)]
    libraries = ":".join(jars)
    content = libraries + "\n" + tools.VERAPDF + "\n" + SOURCE.read_text()
    tools.installed(folder, content, lambda: tools.run("javac", "-cp", libraries, "-d", folder, SOURCE))
    return f"{folder}:{libraries}"


def validate(flavour, *files):
    """Validates against PDF/A ("3a") or PDF/UA ("ua1"). The exit code is 0 if every file conforms.

    The output has a line for each file and each violated rule. The error output also has messages of
    the libraries, so it is of interest only after a failure.
    """
    command = ["java", "-cp", class_path(), "Validator", flavour, *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True)
