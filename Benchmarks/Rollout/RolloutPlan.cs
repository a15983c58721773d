namespace ClusterGrains.Benchmarks.Rollout;

/// <summary>What is rolled out, and from where.</summary>
internal sealed record RolloutPlan
{
    public required int Documents { get; init; }

    /// <summary>Plain, gzip and zstd in turn.</summary>
    public required int Files { get; init; }

    /// <summary>Where in S3; null for a folder.</summary>
    public S3Target? S3 { get; init; }
}

/// <param name="Endpoint">For example <c>http://127.0.0.1:9000</c>.</param>
/// <param name="Uri">For example <c>s3://bucket/feeds</c>.</param>
internal sealed record S3Target(string Endpoint, string Uri, string AccessKey, string SecretKey);
