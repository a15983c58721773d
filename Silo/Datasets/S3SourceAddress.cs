namespace ClusterGrains.Datasets;

/// <summary>A source in S3, as messages name it.</summary>
/// <param name="Host">The endpoint; of AWS its name.</param>
internal sealed record S3SourceAddress(string Host, string Bucket);
