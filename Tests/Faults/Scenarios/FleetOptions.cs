using ClusterGrains.Sandbox.Kubernetes.Users;
using ClusterGrains.Tests.History;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>What a fleet's world is made of.</summary>
internal sealed record FleetOptions
{
    /// <summary>A file for one silo, or a MongoDB for several.</summary>
    public bool Several { get; init; }

    /// <summary>A real S3 server for the history; null for a folder.</summary>
    public S3Server? Gateway { get; init; }

    /// <summary>The size of the disks of store and history, which can then be filled; 0 for any, which cannot.</summary>
    public int DiskMebibytes { get; init; }

    /// <summary>See <c>Status:Refresh</c>.</summary>
    public TimeSpan StatusRefresh { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>See <c>Watch:SweepInterval</c>. Short, so that what only a sweep finds is found soon.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of one version of a dataset, about.</summary>
    public int Documents { get; init; } = 150;

    /// <summary>How long a fleet may take to settle: the guard against waiting for ever.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Whom the API server knows beside the silos.</summary>
    public IReadOnlyList<ApiUser> Users { get; init; } = [];

    /// <summary>More settings for every silo.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Hears what happens.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}
