# syntax=docker/dockerfile:1

# The build: the toolchain of rust-version, and nothing of it in the image that runs.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked && install -m 0755 target/release/plaza /plaza

FROM debian:bookworm-slim
# Root certificates for providers, and the speech program that needs no provider. Their versions follow Debian's
# security updates.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates espeak-ng \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/plaza plaza
COPY --from=build /plaza /usr/local/bin/plaza
USER 10001
WORKDIR /var/lib/plaza
# The SQLite database and the files of users, where no PostgreSQL and no bucket are configured.
VOLUME /var/lib/plaza
ENV PLAZA_LISTEN=0.0.0.0:8080
EXPOSE 8080
# SIGTERM lets running requests finish.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["plaza", "probe"]
ENTRYPOINT ["plaza"]
CMD ["serve"]
