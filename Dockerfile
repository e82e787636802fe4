# One image for every process of the product; the compose file says which one runs.

FROM node:20-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No package's install script is needed, so none gets to run.
RUN npm ci --include=dev --ignore-scripts
COPY . .
RUN node scripts/build.mjs
# What runs, and nothing else: SQL and data are read at run time, sources are not.
RUN mkdir /image \
    && cp -r package.json LICENSE NOTICE dist data /image/ \
    && cp --parents libs/*/migrations/*.sql /image/

FROM node:20-slim AS packages
WORKDIR /packages
COPY package.json package-lock.json .npmrc ./
# The optional packages are database servers and native speed-ups; here the database is a service.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:20-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4070 WAYFARE_DATA_DIR=/var/lib/wayfare
WORKDIR /opt/wayfare
COPY --from=packages /packages/node_modules ./node_modules
COPY --from=build /image ./
COPY scripts/container-entry.sh /usr/local/bin/wayfare-entry
COPY scripts/worker-health.mjs ./scripts/
# A volume mounted here takes over this owner, so that keys can be written without being root.
RUN chmod 755 /usr/local/bin/wayfare-entry && install -d -o node -g node -m 700 "$WAYFARE_DATA_DIR"
VOLUME /var/lib/wayfare
USER node
EXPOSE 4070
ENTRYPOINT ["wayfare-entry"]
CMD ["node", "dist/apps/cli/src/main.js", "--help"]
