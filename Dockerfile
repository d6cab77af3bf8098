# docker build -t millrace . && docker run -p 127.0.0.1:4567:4567 -v millrace:/data millrace
FROM node:24-slim

WORKDIR /millrace
COPY . .
# Nothing is compiled: Node runs the sources as they are.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && npm cache clean --force \
 && install --directory --owner=node --group=node /data

USER node
VOLUME /data
EXPOSE 4567

# Loopback inside a container is nobody's, so the server has to listen on all its addresses, and without access
# control it does that only if told that it may. What can reach it is then up to the port that is published:
# "-p 127.0.0.1:4567:4567" is this machine alone, "-p 4567:4567" is everyone.
ENV MILLRACE_HOST=0.0.0.0 MILLRACE_INSECURE=true MILLRACE_DATA_DIR=/data

HEALTHCHECK --interval=10s --start-period=30s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.MILLRACE_PORT ?? 4567}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself gets SIGTERM and drains.
ENTRYPOINT ["node", "packages/server/src/main.ts"]
CMD ["serve"]
