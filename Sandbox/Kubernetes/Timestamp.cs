using System.Globalization;

namespace ClusterGrains.Sandbox.Kubernetes;

/// <summary>Times in objects: RFC 3339, UTC, whole seconds.</summary>
internal static class Timestamp
{
    public static string Of(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
