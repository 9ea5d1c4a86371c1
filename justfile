# Every command of the project. CI runs the same ones.

# The example of the README.
seed := "fixtures/valid/bazhong-2021-38.json"

# List the recipes.
default:
    @just --list

# Check formatting and lints before a commit.
check: fmt-check lint

# Build the program.
build:
    cargo build --release

# Run the tests.
test:
    cargo test --release

# Test without optimising the project's own packages: a build of seconds instead of minutes.
quick *filters:
    cargo test --release --config .cargo/quick.toml -- {{filters}}

# Test the rules alone, without Typst.
rules *filters:
    cargo test -p hongtou-rules -- {{filters}}

# Test the verdicts on signatures alone, without Typst.
verdicts *filters:
    cargo test -p hongtou-signature -- {{filters}}

# Test the import of spreadsheets, Word files and text alone, without Typst.
imports *filters:
    cargo test -p hongtou-import -- {{filters}}

# Test the formats of the log alone, without Typst.
log *filters:
    cargo test -p hongtou-log -- {{filters}}

# Read the difference and look at the pictures before you commit. The pictures are removed first
# because a page without a reference fails and is then written below the target folder.
# Accept what the tests found as the new reference.
bless:
    cargo test --release --no-run
    rm -f tests/it/pictures/*.png
    -INSTA_UPDATE=always cargo test --release
    cp "${CARGO_TARGET_DIR:-target}"/tmp/pictures/new/*.png tests/it/pictures/

# Serve on 127.0.0.1:8080.
run *arguments:
    cargo run --release -- serve {{arguments}}

# Make the seed filing.
seed output="bazhong.pdf":
    cargo run --release -- render {{seed}} -o {{output}}

# Format.
fmt:
    cargo fmt

# Check the format.
fmt-check:
    cargo fmt --check

# Run clippy, on the profile that everything else is built with.
lint:
    cargo clippy --release --all-targets -- -D warnings

# Build the documentation of the code and check its links.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps --document-private-items

# Check licences, banned crates and sources. Advisories need a downloaded database: `cargo deny check`.
deny:
    cargo deny check licenses bans sources

# Measure the named sections, or all: phases, floor, sizes, tables, serve, cold, batch.
bench *sections:
    cargo bench --quiet --bench speed -- {{sections}}

# Install other programs and measure them with the same text, in turn with hongtou.
bench-peers rounds="60":
    benches/peers/run {{rounds}}

# Compare the instruction count of the seed filing with the recorded one.
instructions:
    .ci/count-instructions check

# Record the instruction count of the seed filing.
bless-instructions:
    .ci/count-instructions bless

# Search for the accepted filing that takes the most time or memory.
slowest seed="1" rounds="100":
    cargo bench --bench slowest -- {{seed}} {{rounds}}

# Run the tests of the archive and of HTTP on PostgreSQL and S3.
service-tests:
    .ci/services cargo test --release -- archive:: http::

# Compare the verdicts on fixtures/signed/ with those of OpenSSL and pyHanko.
signatures:
    tests/system/signatures.py

# Sign in to a real server with a real OpenID Connect provider from npm.
oidc: build
    tests/system/oidc.py

# Put nginx, Caddy and HAProxy in front of a server, as the docs show.
proxies: build
    tests/system/reverse_proxy.py

# Take the database, the bucket and the disk space from a running server and give them back.
faults: build
    .ci/services tests/system/faults.py

# Test the page of the office in Chromium: the clerk's way, problems, interruptions, speed.
browser *tests: build
    tests/system/browser.py {{tests}}

# Take the pictures of the manual (docs/office.md).
pictures: build
    tests/system/browser.py --pictures docs/pictures

# One server on SQLite, then two that share PostgreSQL and a bucket.
# Kill servers at random moments and check that nothing was lost, doubled or left unfinished.
kill: build
    tests/system/kill.py
    .ci/services tests/system/kill.py --two-servers --kills 15

# Check receipts, witnesses, time stamps and a restore of the log with other programs.
log-checks: build
    tests/system/log.py

# Kill servers while they continue the log: one on SQLite, then two on PostgreSQL and a bucket.
log-kills kills="30": build
    tests/system/log_kills.py --kills {{kills}}
    .ci/services tests/system/log_kills.py --two-servers --kills {{kills}}

# Post a batch of 10,000 filings and check that memory stays constant.
stream: build
    tests/system/stream.py

# Test a running server against its contract.
contract examples="40": build
    tests/system/contract.py {{examples}}

# Check the contract with Redocly and Spectral.
contract-lint: build
    tests/system/contract_lint.py

# Check the verdicts on PDFs that pyHanko signs.
signed-pdfs: build
    tests/system/signed_pdfs.py

# Sign filings with PDFBox, iText, Poppler, NSS, MuPDF, PoDoFo and @signpdf, and check the verdicts.
other-signers: build
    tests/system/other_signers.py

# Sign filings with a signing service from PyPI, and check them with pyHanko, Poppler, veraPDF and OpenSSL.
signing: build
    tests/system/signing.py

# Judge the PDFs below folders, such as the test files of EU DSS, and compare with pyHanko.
foreign-pdfs +folders:
    tests/system/foreign_pdfs.py {{folders}}

# Use clients that other programs generate from the contract.
clients: build
    tests/system/clients.py

# Send hostile requests to a running server.
hostile seed="1" first="0" count="10000": build
    tests/system/hostile.py {{seed}} {{first}} {{count}}

# Take memory, connections and searches from a running server while another client must be served.
attack: build
    tests/system/attack.py

# Measure requests per second and latency with 1 to 64 clients.
load seconds="8": build
    tests/system/load.py {{seconds}}

# Check an archive of 10,000 filings with planted faults, and that memory stays constant.
fixity: build
    tests/system/fixity.py

# Check that the retention of filings becomes locks in a bucket (S3 Object Lock).
object-lock: build
    .ci/services tests/system/object_lock.py

# Export an archive, check the package with bagit and xmllint, and import it again.
export: build
    tests/system/export.py

# Open the Word copies of all fixtures with python-docx.
word-copies: build
    tests/system/word_copy.py

# Compare the programs of releases in a folder with their lists in tests/it/renderer/golden/.
kept-builds folder:
    tests/system/kept_builds.py {{folder}}

# Build the program of an earlier commit, and check that this one remakes its filings with it.
earlier-build: build
    tests/system/earlier_build.py

# Make the Debian package in `debian/` of the target folder; needs cargo-deb.
deb:
    HONGTOU_COMMIT="$(git rev-parse HEAD 2>/dev/null || echo unknown)" cargo build --release
    cargo deb --no-build

# Install, start, use, upgrade and remove the Debian package.
deb-check: build
    tests/system/debian_package.py

# Check finished PDFs: PDF/A-3a, PDF/UA-1, structure and fonts.
pdf *files:
    tests/system/pdf.py {{files}}

# Run all that CI runs.
ci:
    .ci/run
