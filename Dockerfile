# The dependencies alone, so that a change of the source does not install them anew.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:24-slim
ENV NODE_ENV=production ENVIRONMENT=production HOST=0.0.0.0 PORT=8000
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json .env.staging .env.production ./
COPY src ./src
# The embedded store's folder, for those who ask for it; everything else is read-only.
RUN mkdir .data && chown node:node .data
USER node
EXPOSE 8000
# Liveness: a store that is away must not have every container replaced. Readiness is for the load balancer.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/server.ts"]
