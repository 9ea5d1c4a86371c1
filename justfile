# Every command of the project; CI runs the same ones.

# The seed filing, as the README makes it.
seed := "fixtures/valid/bazhong-2021-38.json"

# List the recipes.
default:
    @just --list

# What is quick to know before a commit.
check: fmt-check lint

# Run the tests.
test:
    cargo test --release

# Accept what the tests find as the new reference; read the difference and look at the pictures
# before you commit it. Without a reference every page fails and is written below the target folder.
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

# Say what is not formatted.
fmt-check:
    cargo fmt --check

# Clippy, on the profile that everything else is built with.
lint:
    cargo clippy --release --all-targets -- -D warnings

# The documentation of the code, with its links checked.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --release --no-deps --document-private-items

# Licences, forbidden crates and sources. Advisories need a database from outside: `cargo deny check`.
deny:
    cargo deny check licenses bans sources

# Measure: phases, floor, sizes, tables, serve, cold, batch; those named or all, as one table.
bench *sections:
    cargo bench --quiet --bench speed -- {{sections}}

# Measure other programs with the same text, in turn with hongtou; installs them first.
bench-peers rounds="60":
    benches/peers/run {{rounds}}

# Hold the instructions of the seed filing to the recorded figure.
instructions:
    .ci/count-instructions check

# Record the instructions of the seed filing.
bless-instructions:
    .ci/count-instructions bless

# Search for the accepted filing that takes most, from a seed and for so many rounds.
slowest seed="1" rounds="100":
    cargo bench --bench slowest -- {{seed}} {{rounds}}

# Run the tests of the archive and of those who ask on PostgreSQL and S3.
service-tests:
    .ci/services cargo test --release -- filings:: signed_copies:: stored_files:: idempotency:: http:: kept:: access:: agencies:: sign_in:: batches:: webhooks::

# Hold the verdicts on fixtures/signed/ to those of OpenSSL and pyHanko; installs the latter first.
signatures:
    .ci/signatures

# Sign in with a real provider of OpenID Connect, from npm, at a real server.
oidc:
    cargo build --release
    .ci/oidc

# Take database, bucket and room on the disk away from a server and give them back; as root.
faults:
    cargo build --release
    .ci/services .ci/faults
# Kill servers at random moments and look whether anything was lost, doubled or left half done: one
# on SQLite, then two that share PostgreSQL and a bucket.
kill:
    .ci/kill "${CARGO_TARGET_DIR:-target}/release/hongtou"
    .ci/services .ci/kill "${CARGO_TARGET_DIR:-target}/release/hongtou" --two-servers --kills 15
# Post 10,000 filings at once and look that the memory stays level.
stream:
    .ci/stream "${CARGO_TARGET_DIR:-target}/release/hongtou"

# Hold a running server to its contract, with so many examples an operation.
contract examples="40":
    cargo build --release
    .ci/contract {{examples}}

# Hold verdicts to what pyHanko signed; installs it first.
signed-pdfs:
    cargo build --release
    .ci/signed-pdfs

# Ten thousand hostile requests from a seed.
hostile seed="1" first="0" count="10000":
    cargo build --release
    .ci/hostile {{seed}} {{first}} {{count}}

# Requests a second and how long they take, at 1 to 64 clients, so many seconds each.
load seconds="8":
    cargo build --release
    .ci/load {{seconds}}

# Make the Debian package, in the target folder's `debian/`; needs cargo-deb.
deb:
    cargo build --release
    cargo deb --no-build

# Take the Debian package through its life: installed, started, used, upgraded, removed; as root.
deb-check:
    cargo build --release
    .ci/deb

# Hold finished PDFs to PDF/A-3a and PDF/UA-1, their structure and their fonts.
pdf *files:
    .ci/check-pdf {{files}}

# All that CI does.
ci:
    .ci/run
