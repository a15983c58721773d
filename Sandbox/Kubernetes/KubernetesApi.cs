using System.Net;
using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Definitions;
using ClusterGrains.Sandbox.Kubernetes.Objects;
using ClusterGrains.Sandbox.Kubernetes.Requests;
using ClusterGrains.Sandbox.Kubernetes.Users;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterGrains.Sandbox.Kubernetes;

/// <summary>
/// A small Kubernetes API server on loopback: HTTPS with its own authority, users with tokens, the kinds of the given CRDs,
/// namespaces, secrets, configmaps, events, and reviews of tokens and rights. What it does not do is listed in the sandbox's README.
/// </summary>
internal sealed class KubernetesApi : IAsyncDisposable
{
    private const string UsersFile = "users.yaml";
    private const int MaxConnections = 2_000;
    private const int MaxStreamsPerConnection = 1_000;

    private static readonly string[] InitialNamespaces = ["default", "kube-system"];

    private readonly WebApplication _server;
    private readonly ServerIdentity _identity;
    private readonly ResourceCatalog _catalog;
    private readonly ResourceWriter _writer;
    private readonly CancellationTokenSource _stopping = new();

    private KubernetesApi(KubernetesApiOptions options)
    {
        var logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<KubernetesApi>();
        var folder = options.DataFolder is null ? null : Path.Combine(options.DataFolder, "kubernetes");
        _identity = ServerIdentity.Load(folder, TimeProvider.System);
        Users = new UserTable(_identity.Token, options.TimeProvider);
        if (options.DataFolder is { } data)
        {
            Users.Load(Path.Combine(data, UsersFile));
        }

        _catalog = new ResourceCatalog(options.Crds ?? [.. ResourceCatalog.EmbeddedCrds()]);
        var journal = folder is null ? null : new ObjectJournal(Path.Combine(folder, "objects.jsonl"), logger);
        Store = new ObjectStore(_catalog, options.HistoryLength, options.MaxObjects, journal);
        Faults = new Faults(Store);
        var remover = new ResourceRemover(Store, _catalog, options.TimeProvider);
        _writer = new ResourceWriter(Store, remover, options.TimeProvider);
        var responses = new Responses(options.TimeProvider);
        var watches = new WatchHandler(Store, options, options.TimeProvider, _stopping.Token);
        var resources = new ResourceHandler(Store, _writer, remover, watches, responses, new Reviews(Users));
        var router = new RequestRouter(_catalog, Users, Faults, resources, options.TimeProvider, logger);
        _server = Server(options, router);
        SeedCluster(options.TimeProvider);
    }

    /// <summary>For example <c>https://127.0.0.1:8001</c>.</summary>
    public string Url { get; private set; } = "";

    /// <summary>In the data folder; null without one.</summary>
    public string? KubeconfigPath { get; private init; }

    public string Token => _identity.Token;

    /// <summary>The certificate authority clients must trust, as PEM.</summary>
    public string AuthorityPem => _identity.AuthorityPem;

    public string Kubeconfig => Kubernetes.Kubeconfig.Text(Url, _identity);

    /// <summary>Who may do what besides the owner of the kubeconfig, who may do everything.</summary>
    public UserTable Users { get; }

    /// <summary>All objects, for tests that reach past the API.</summary>
    public ObjectStore Store { get; }

    /// <summary>Switches to make it misbehave.</summary>
    public Faults Faults { get; }

    /// <summary>Starts a server; it answers when this returns.</summary>
    /// <exception cref="IOException">The port is taken, or the data folder cannot be used.</exception>
    public static async Task<KubernetesApi> Start(KubernetesApiOptions options, CancellationToken cancellationToken)
    {
        var api = new KubernetesApi(options)
        {
            KubeconfigPath = options.DataFolder is null ? null : Path.GetFullPath(Path.Combine(options.DataFolder, "kubeconfig")),
        };
        try
        {
            await api._server.StartAsync(cancellationToken);
            api.Url = api._server.Urls.Single();
            if (api.KubeconfigPath is { } path)
            {
                api.WriteKubeconfig(path);
            }
        }
        catch
        {
            await api.DisposeAsync();
            throw;
        }

        return api;
    }

    /// <summary>Readable by its owner only: it holds the token.</summary>
    public void WriteKubeconfig(string path) => OwnerFile.Write(path, Kubeconfig);

    public ResourceDefinition Definition(string plural) => _catalog.All.Single(d => d.Plural == plural);

    /// <summary>Creates each object of a YAML text that is not there yet, with defaulting and validation as by kubectl.</summary>
    /// <exception cref="StatusException">An object is of an unknown kind or invalid.</exception>
    public void Seed(string yaml)
    {
        foreach (var document in Yaml.Documents(yaml))
        {
            var (version, kind) = (document.Text("apiVersion") ?? "", document.Text("kind") ?? "");
            var definition = _catalog.FindKind(version, kind)
                ?? throw new StatusException(ApiStatus.BadRequest($"no matches for kind \"{kind}\" in version \"{version}\""));
            Create(definition, document);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _server.DisposeAsync();
        Store.Dispose();
        _identity.Dispose();
        _stopping.Dispose();
    }

    private void SeedCluster(TimeProvider time)
    {
        foreach (var name in InitialNamespaces)
        {
            Create(_catalog.Namespaces, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        }

        foreach (var crd in _catalog.CustomResourceDefinitions)
        {
            EstablishedCrd.Publish(crd, Store, _catalog.Crds, time);
        }
    }

    private void Create(ResourceDefinition definition, JsonObject document)
    {
        var metadata = document.Member("metadata") ?? [];
        var space = definition.Namespaced ? metadata.Text("namespace") ?? "default" : "";
        var key = new ObjectKey(space, metadata.Text("name") ?? "");
        if (Store.Get(definition, key) is null)
        {
            var options = new WriteOptions("sandbox", true, false, FieldValidation.Strict, null);
            _writer.Create(new WriteRequest(new ResourceTarget(definition, space, "", ""), options), document);
        }
    }

    private WebApplication Server(KubernetesApiOptions options, RequestRouter router)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxReceivedBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(_identity.Certificate);
            });
        });
        var app = builder.Build();
        app.Run(router.Handle);
        return app;
    }

    /// <summary>Whoever started this server stops it; it does not listen to signals itself.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
