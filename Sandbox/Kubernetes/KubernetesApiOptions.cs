using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes;

/// <summary>How a sandbox API server is started.</summary>
internal sealed record KubernetesApiOptions
{
    /// <summary>On 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Where objects, certificate authority, token and <c>kubeconfig</c> survive a restart, and where <c>users.yaml</c> is read
    /// from; null keeps all in memory.
    /// </summary>
    public string? DataFolder { get; init; }

    /// <summary>The CustomResourceDefinitions served; null takes the ones this program ships.</summary>
    public IReadOnlyList<JsonObject>? Crds { get; init; }

    /// <summary>Stamps objects and drives bookmarks and timeouts.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Changes remembered; a watch or <c>continue</c> from before them is answered with 410.</summary>
    public int HistoryLength { get; init; } = 10_000;

    /// <summary>A create beyond this is refused.</summary>
    public int MaxObjects { get; init; } = 50_000;

    /// <summary>Between two bookmarks of a watch that asks for them. A real server sends about one a minute.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromSeconds(25);
}
