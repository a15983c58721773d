using System.Security.Cryptography.X509Certificates;

namespace ClusterGrains.Sandbox.Clusters;

/// <summary>What a pretend cluster is told once.</summary>
internal sealed record PretendClusterOptions
{
    /// <summary>The cluster's own name. Its uuid and node ids follow from it, the same in every run.</summary>
    public required string Name { get; init; }

    public PretendEngine Engine { get; init; } = PretendEngine.OpenSearch3;

    /// <summary>On the loopback address; 0 takes a free one, which then stays.</summary>
    public int Port { get; init; }

    /// <summary>The exact <c>Authorization</c> header that every request must carry; null lets everybody in.</summary>
    public string? Authorization { get; init; }

    /// <summary>Serves HTTPS with this certificate; null serves HTTP.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>How long an answer takes while <see cref="Breakage.Slow"/>.</summary>
    public TimeSpan SlowAnswer { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a bulk request takes at least.</summary>
    public TimeSpan BulkTime { get; init; } = TimeSpan.Zero;

    /// <summary>Keeps the indices over a restart; null forgets them.</summary>
    public string? IndexFolder { get; init; }

    /// <summary>How long nobody answers while <see cref="Breakage.Restart"/>.</summary>
    public TimeSpan RestartTime { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
