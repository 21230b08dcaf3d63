# Touchstone in a container: the build needs Swift, the result only glibc.
#
#   docker build -t touchstone .
#   docker run -p 127.0.0.1:8080:8080 -v ./models:/models:ro touchstone --model /models/NAME.gguf

FROM swift:6.2-bookworm AS build
WORKDIR /touchstone
# For knowledge bases.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends libsqlite3-dev zlib1g-dev
# The packages first: a change of the sources does not fetch them again.
COPY Package.swift ./
RUN swift package resolve
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --product touchstone --static-swift-stdlib \
 && install -D "$(swift build -c release --show-bin-path)/touchstone" /out/touchstone

FROM debian:bookworm-slim
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends libsqlite3-0 zlib1g poppler-utils bubblewrap \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home touchstone
COPY --from=build /out/touchstone /usr/local/bin/touchstone
COPY testdata/demo/demo-q4_k_m.gguf /usr/share/touchstone/demo-q4_k_m.gguf
ENV TOUCHSTONE_MODEL=/usr/share/touchstone/demo-q4_k_m.gguf
USER touchstone
EXPOSE 8080
STOPSIGNAL SIGTERM
# Live is not ready: a container that loads a large model is not to be ended for it.
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]
ENTRYPOINT ["/usr/local/bin/touchstone", "serve", "--host", "0.0.0.0", "--port", "8080"]
