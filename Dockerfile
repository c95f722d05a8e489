# Lectern with its embedded database, or on an outside one when LECTERN_DATABASE_URL is set.

FROM node:24-bookworm-slim AS node

FROM maven:3.9-eclipse-temurin-25 AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /lectern
COPY . .
RUN ./mvnw -B -q -DskipTests package

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 10001 lectern \
 && useradd --system --uid 10001 --gid lectern --no-create-home lectern \
 && install -d -o lectern -g lectern -m 0700 /var/lib/lectern
COPY --from=build /lectern/target/lib /opt/lectern/lib
COPY --from=build /lectern/target/lectern.jar /opt/lectern/lectern.jar
USER lectern
ENV LECTERN_HOME=/var/lib/lectern LECTERN_HOST=0.0.0.0 LECTERN_LOG_FORMAT=json
VOLUME /var/lib/lectern
EXPOSE 8080
# The API, which listens inside the container only, says when the database answers and all parts run.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /health/ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["java", "-XX:+UseCompactObjectHeaders", "-XX:MaxRAMPercentage=60", "-jar", "/opt/lectern/lectern.jar"]
