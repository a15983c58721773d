# The silo's image; with --target sandbox that of the sandbox, which docker-compose.yml runs beside it.
#   docker build -t registry.example.com/clustergrains/silo:0.1.0 .
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source
# What decides the packages comes first: an edit of the code does not fetch them again.
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.*.txt ./
COPY Interfaces/Interfaces.csproj Interfaces/
COPY Grains/Grains.csproj Grains/
COPY Silo/Silo.csproj Silo/
COPY Sandbox/Sandbox.csproj Sandbox/
RUN dotnet restore Sandbox --arch $TARGETARCH
COPY .editorconfig ./
COPY Interfaces Interfaces
COPY Grains Grains
COPY Silo Silo

FROM build AS build-silo
RUN dotnet publish Silo --configuration Release --arch $TARGETARCH --no-restore --no-self-contained --output /app

FROM build AS build-sandbox
COPY k8s/crds k8s/crds
COPY Sandbox Sandbox
RUN dotnet publish Sandbox --configuration Release --arch $TARGETARCH --no-restore --no-self-contained --output /app

# No shell, no package manager, and nobody is root: the user is 1654, as in k8s/base/workload.yaml.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS runtime
# The ports are settings of ours.
ENV ASPNETCORE_HTTP_PORTS=
USER $APP_UID
WORKDIR /app

FROM runtime AS sandbox
COPY --from=build-sandbox /app .
ENTRYPOINT ["dotnet", "/app/ClusterGrains.Sandbox.dll"]

FROM runtime AS silo
# docker build --build-arg REVISION=$(git rev-parse HEAD)
ARG REVISION=""
LABEL org.opencontainers.image.title="ClusterGrains" \
      org.opencontainers.image.description="Kubernetes operator that checks OpenSearch and Elasticsearch clusters and loads their datasets." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build-silo /app .
EXPOSE 8080 8081 11111
ENTRYPOINT ["dotnet", "/app/ClusterGrains.Silo.dll"]
