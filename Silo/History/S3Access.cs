namespace ClusterGrains.History;

/// <summary>How to reach an S3 store.</summary>
/// <param name="ServiceUrl">Of a store that is not AWS; empty means AWS.</param>
/// <param name="Region">Empty: for AWS what the SDK's chain says, elsewhere <c>us-east-1</c>.</param>
/// <param name="AccessKey">Empty, together with <paramref name="SecretKey"/>, asks the SDK's chain.</param>
/// <param name="ForcePathStyle">Null: yes for a <paramref name="ServiceUrl"/>, no for AWS.</param>
internal sealed record S3Access(string ServiceUrl, string Region, string AccessKey, string SecretKey, bool? ForcePathStyle)
{
    /// <summary>Names the keys never: a record's own text would.</summary>
    public override string ToString() => $"{ServiceUrl} {Region}".Trim();
}
