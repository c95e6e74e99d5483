# Lull as a small container: built in the first stage, run by nobody special in the second.
#
#   docker build -t lull .
#   docker run --network host -v "$PWD/lull.yaml:/etc/lull/lull.yaml:ro" -v lull:/var/lib/lull lull
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS build
WORKDIR /src
# The packages are named in one place, ./dev; this layer is kept as long as that file does not change.
COPY dev ./
RUN ./dev install build
COPY . .
RUN ./dev build && strip build/release/lull
# The libraries it is linked to, as the packages of whatever distribution this is.
RUN ldd build/release/lull | awk '$2 == "=>" {print $3}' | while read -r library; do \
      dpkg -S "$(readlink -f "$library")" 2>/dev/null || dpkg -S "$library" 2>/dev/null || true; \
    done | cut -d: -f1 | sort -u > runtime-packages && cat runtime-packages

FROM ${BASE}
LABEL org.opencontainers.image.title="Lull" \
      org.opencontainers.image.description="Comfort automation for restless legs: massage, heat and light by MQTT" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /src/runtime-packages /tmp/runtime-packages
# mosquitto: the broker that Lull starts for a home without one. tzdata: nights are noon to noon in the home's zone.
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive xargs apt-get install -y -qq --no-install-recommends \
         mosquitto tzdata ca-certificates < /tmp/runtime-packages \
    && rm -rf /var/lib/apt/lists/* /tmp/runtime-packages \
    && useradd --system --uid 10001 --user-group --home-dir /var/lib/lull --shell /usr/sbin/nologin lull \
    && install -d -o lull -g lull -m 0700 /var/lib/lull && install -d /etc/lull
COPY --from=build /src/build/release/lull /usr/bin/lull
COPY --from=build /src/LICENSE /usr/share/doc/lull/copyright
USER lull
VOLUME /var/lib/lull
# SIGTERM: everything off and proved, then the end. Give it the time: docker stop -t 30.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/usr/bin/lull", "health"]
ENTRYPOINT ["/usr/bin/lull"]
CMD ["run", "--config", "/etc/lull/lull.yaml", "--state", "/var/lib/lull"]
