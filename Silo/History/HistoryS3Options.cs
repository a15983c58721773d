using Amazon.Runtime;

namespace ClusterGrains.History;

/// <summary>How to reach the S3 store. Bound from <c>History:S3</c>.</summary>
public sealed class HistoryS3Options
{
    /// <summary>Of a store that is not AWS, for example <c>http://minio:9000</c>; empty means AWS.</summary>
    public string ServiceUrl { get; set; } = "";

    /// <summary>
    /// For AWS the bucket's region; empty asks the SDK's chain (<c>AWS_REGION</c>, profile, instance). Elsewhere what
    /// signatures name; empty means <c>us-east-1</c>.
    /// </summary>
    public string Region { get; set; } = "";

    /// <summary>
    /// Empty, together with <see cref="SecretKey"/>, asks the SDK's chain (environment, profile, pod or instance role).
    /// </summary>
    public string AccessKey { get; set; } = "";

    public string SecretKey { get; set; } = "";

    /// <summary>
    /// The bucket in the path instead of the host name. Empty means: yes for a <see cref="ServiceUrl"/>, no for AWS.
    /// </summary>
    public bool? ForcePathStyle { get; set; }

    /// <summary>What is wrong, each beginning with the setting's name.</summary>
    internal IEnumerable<string> Mistakes()
    {
        if (ServiceUrl.Length > 0 && !IsHttp(ServiceUrl))
        {
            yield return $"{nameof(ServiceUrl)} '{ServiceUrl}' is not a URL such as http://minio:9000; leave it empty for AWS.";
        }

        if (AccessKey.Length == 0 != (SecretKey.Length == 0))
        {
            var (given, missing) = AccessKey.Length > 0
                ? (nameof(AccessKey), nameof(SecretKey))
                : (nameof(SecretKey), nameof(AccessKey));
            yield return $"{missing} is empty but {HistoryOptions.Section}:S3:{given} is not; set both, or neither for the SDK's chain.";
        }

        if (ServiceUrl.Length == 0 && Region.Length == 0 && FallbackRegionFactory.GetRegionEndpoint() is null)
        {
            yield return $"{nameof(Region)} is empty and neither AWS_REGION nor a profile names one; set it, "
                + $"or {HistoryOptions.Section}:S3:{nameof(ServiceUrl)} for a store that is not AWS.";
        }
    }

    private static bool IsHttp(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;
}
