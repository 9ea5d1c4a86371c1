"""drivers.py PROGRAM: keeps a program open, reads names of folders and writes out.pdf from their data."""

import html
import json
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
FONTS = os.environ["HONGTOU_FONTS"]


def document(folder):
    return json.loads((folder / "plain.json").read_text())


def typst_compiler(root, main):
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS]
    )
    return typst.Compiler(str(root / main), root=str(root), font_paths=fonts)


def typst_plain():
    """One compiler whose data changes."""
    root = pathlib.Path(tempfile.mkdtemp())
    shutil.copy(HERE / "plain.typ", root)
    compiler = typst_compiler(root, "plain.typ")

    def make(folder):
        shutil.copy(folder / "plain.json", root)
        compiler.compile(output=str(folder / "out.pdf"), pdf_standards=["a-3a"])

    return make


def typst_ours():
    """hongtou's templates with the data of hongtou's last pass."""
    root = pathlib.Path(tempfile.mkdtemp())
    compiler = None

    def make(folder):
        nonlocal compiler
        names = ["data.cbor", "fit.cbor", "source.json"]
        changed = (folder / "world" / name for name in names)
        for path in changed if compiler else (folder / "world").iterdir():
            shutil.copy(path, root)
        compiler = compiler or typst_compiler(root, "main.typ")
        compiler.compile(output=str(folder / "out.pdf"), pdf_standards=["a-3a", "ua-1"])

    return make


def filled(template, folder, escape, newline, block):
    parts = document(folder)
    text = (HERE / template).read_text().replace("{fonts}", FONTS)
    body = "\n".join(block(part["level"], escape(part["text"])) for part in parts["body"])
    return (
        text.replace("{title}", newline.join(map(escape, parts["title"])))
        .replace("{to}", escape(parts["to"]))
        .replace("{closing}", newline.join(map(escape, parts["closing"])))
        .replace("{body}", body)
    )


def html_block(level, text):
    return f"<h{level + 1}>{text}</h{level + 1}>" if level else f"<p>{text}</p>"


def weasyprint():
    import weasyprint as program
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()

    def make(folder):
        text = filled("plain.html", folder, html.escape, "<br>", html_block)
        page = program.HTML(string=text)
        page.write_pdf(folder / "out.pdf", font_config=fonts, pdf_variant="pdf/a-3a", pdf_tags=True)

    return make


def tex_escape(text):
    for character in "\\{}$&#_%~^":
        text = text.replace(character, f"\\{character}")
    return text


def tex_block(level, text):
    return f"\\level{'abcd'[level - 1]}{{{text}}}" if level else f"{text}\\par"


def xelatex():
    def make(folder):
        source = folder / "plain.tex"
        source.write_text(filled("plain.tex", folder, tex_escape, "\\\\\n", tex_block))
        command = ["xelatex", "-interaction=batchmode", "-halt-on-error", "-jobname=out", source]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
        # The process ends with each document, so its memory is reported here.
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024

    return make


def libreoffice_block(level, text):
    if level == 0:
        return f'<text:p text:style-name="P">{text}</text:p>'
    return f'<text:h text:style-name="H{level}" text:outline-level="{level}">{text}</text:h>'


def libreoffice():
    from unoserver.client import UnoClient

    profile, port, uno_port = tempfile.mkdtemp(), free_port(), free_port()
    server = [sys.executable, "-m", "unoserver.server", "--user-installation", profile]
    ports = ["--port", str(port), "--uno-port", str(uno_port)]
    subprocess.Popen([*server, *ports], stdin=subprocess.DEVNULL, stdout=sys.stderr)
    client = UnoClient(server="127.0.0.1", port=str(port), host_location="local")
    options = ["SelectPdfVersion=3"]

    def make(folder):
        source = folder / "plain.fodt"
        source.write_text(
            filled("plain.fodt", folder, html.escape, "<text:line-break/>", libreoffice_block)
        )
        client.convert(
            inpath=str(source),
            outpath=str(folder / "out.pdf"),
            convert_to="pdf",
            filtername="writer_pdf_Export",
            filter_options=options,
        )

    wait_for(port)
    return make


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port):
    for _ in range(600):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise SystemExit("LibreOffice did not answer within a minute")


PROGRAMS = {
    "typst-plain": typst_plain,
    "typst-ours": typst_ours,
    "weasyprint": weasyprint,
    "xelatex": xelatex,
    "libreoffice": libreoffice,
}


def main():
    make = PROGRAMS[sys.argv[1]]()
    for line in sys.stdin:
        memory = make(pathlib.Path(line.strip()))
        print("made", memory or "", flush=True)


main()
