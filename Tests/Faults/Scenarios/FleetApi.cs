using System.Net;
using System.Net.Sockets;
using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Kubernetes;
using ClusterGrains.Sandbox.Kubernetes.Objects;
using ClusterGrains.Sandbox.Kubernetes.Users;
using ClusterGrains.Tests.Sandbox.Kubernetes;
using ApiAnswer = ClusterGrains.Tests.Sandbox.Kubernetes.ApiAnswer;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>The Kubernetes API server of a fleet: its life, its faults, and what lies in it.</summary>
internal sealed class FleetApi : IAsyncDisposable
{
    private readonly string _folder;
    private readonly IReadOnlyList<ApiUser> _users;
    private KubernetesApi? _api;
    private ApiClient _client = null!;
    private Socket? _keptPort;
    private int _port;

    private FleetApi(string folder, IReadOnlyList<ApiUser> users) => (_folder, _users) = (folder, users);

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    /// <summary>For those who shall not ask it: the kubeconfig of a server that refuses every connection.</summary>
    public string OfNobody => Path.Combine(_folder, "kubeconfig.nobody");

    public bool IsStopped => _api is null;

    /// <summary>Requests come to it and vanish.</summary>
    public bool IsBlackHole { get; private set; }

    /// <summary>Answers requests as it should.</summary>
    public bool IsWell => _api is { Faults.Pending: 0 } && !IsBlackHole;

    private string Copied => Path.Combine(_folder, "kubernetes.copy");

    private string Data => Path.Combine(_folder, "kubernetes");

    private KubernetesApi Running => _api ?? throw new InvalidOperationException("the API is stopped; write before: start the API.");

    public static async Task<FleetApi> Start(string folder, IReadOnlyList<ApiUser> users, CancellationToken cancellationToken)
    {
        var api = new FleetApi(folder, users);
        await api.Start(cancellationToken);
        await File.WriteAllTextAsync(
            api.OfNobody,
            """
            {apiVersion: v1, kind: Config, current-context: nobody, clusters: [{name: nobody, cluster: {server: "http://127.0.0.1:1"} }],
             users: [{name: nobody, user: {} }], contexts: [{name: nobody, context: {cluster: nobody, user: nobody} }] }
            """,
            cancellationToken);
        api._client = new ApiClient(api.Running.Kubeconfig);
        return api;
    }

    public async Task<string> Start(CancellationToken cancellationToken)
    {
        if (_api is not null)
        {
            throw new InvalidOperationException("the API runs already.");
        }

        _keptPort?.Dispose();
        _keptPort = null;
        _api = await KubernetesApi.Start(new KubernetesApiOptions { DataFolder = _folder, Port = _port }, cancellationToken);
        _port = new Uri(_api.Url).Port;
        foreach (var user in _users)
        {
            _api.Users.Add(user);
        }

        return "";
    }

    public async Task<string> Stop()
    {
        await Running.DisposeAsync();
        _api = null;
        IsBlackHole = false;
        KeepPort();
        return "";
    }

    /// <summary>What is stored now can be restored later.</summary>
    public async Task<string> Copy(CancellationToken cancellationToken)
    {
        await Stop();
        CopyFolder(Data, Copied);
        return await Start(cancellationToken);
    }

    /// <summary>As when etcd is restored from a backup: newer objects are gone, older ones are back, versions go on from there.</summary>
    public async Task<string> RestartFromCopy(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Copied))
        {
            throw new InvalidOperationException("there is no copy; write before: copy the API.");
        }

        if (_api is not null)
        {
            await Stop();
        }

        CopyFolder(Copied, Data);
        return await Start(cancellationToken);
    }

    /// <summary>The watches that are open now stay open, and nothing comes over them any more.</summary>
    public Task<string> SilenceWatches()
    {
        Running.Faults.SilenceWatches();
        return Done;
    }

    /// <summary>Connections stay open, and nothing comes over any of them, until it is healed.</summary>
    public Task<string> BlackHole()
    {
        Running.Faults.BlackHole();
        IsBlackHole = true;
        return Done;
    }

    public Task<string> Heal()
    {
        Running.Faults.Clear();
        IsBlackHole = false;
        return Done;
    }

    public Task<string> ForgetHistory()
    {
        Running.Faults.ForgetHistory();
        Running.Faults.DropWatches();
        return Done;
    }

    public Task<string> Answer(int count, int status)
    {
        Running.Faults.AnswerNext(count, status, status == 429 ? TimeSpan.FromSeconds(1) : null);
        return Done;
    }

    /// <summary>All resources of a kind as they are now.</summary>
    public IReadOnlyCollection<StoredObject> List(ResourceKind kind) =>
        Running.Store.Snapshot(Running.Definition(kind.Plural)).Objects;

    public void Create(string yaml) => Running.Seed(yaml);

    public Task Patch(ResourceKind kind, string name, string body) => Insist(() => Client.Patch(PathOf(kind, name), body));

    public Task Delete(ResourceKind kind, string name) => Insist(() => Client.Delete(PathOf(kind, name)));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        _keptPort?.Dispose();
    }

    private static Task<string> Done => Task.FromResult("");

    private ApiClient Client => _api is null
        ? throw new InvalidOperationException("the API is stopped; write before: start the API.")
        : IsBlackHole ? throw new InvalidOperationException("the API answers nobody; write before: heal the API.") : _client;

    /// <summary>The refusals that a scenario asks for are meant for the silos: users just ask again.</summary>
    private static async Task Insist(Func<Task<ApiAnswer>> ask)
    {
        const int attempts = 50;
        var answer = await ask();
        for (var i = 1; i < attempts && (answer.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.Gone || (int)answer.Status >= 500); i++)
        {
            answer = await ask();
        }

        answer.Expect(HttpStatusCode.OK);
    }

    private static string PathOf(ResourceKind kind, string name) =>
        $"/apis/clustergrains.io/v1alpha1/namespaces/default/{kind.Plural}/{name}";

    /// <summary>Nobody else gets the port meanwhile, and nobody answers at it.</summary>
    private void KeepPort()
    {
        _keptPort = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _keptPort.Bind(new IPEndPoint(IPAddress.Loopback, _port));
    }

    private static void CopyFolder(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
