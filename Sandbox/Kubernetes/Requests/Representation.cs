using Microsoft.Extensions.Primitives;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>In which form the client wants its objects.</summary>
internal enum View
{
    Object,
    Table,
    Metadata,
}

/// <summary>Reads <c>Accept</c>. Protobuf is never offered; clients that prefer it fall back to JSON.</summary>
internal static class Representation
{
    /// <exception cref="StatusException">406: nothing the client accepts is offered.</exception>
    public static View Negotiate(StringValues accept)
    {
        var ranges = accept.SelectMany(line => (line ?? "").Split(',')).Where(r => !string.IsNullOrWhiteSpace(r)).ToList();
        if (ranges.Count == 0)
        {
            return View.Object;
        }

        return ranges.Select(Offered).FirstOrDefault(view => view is not null)
            ?? throw new StatusException(ApiStatus.NotAcceptable());
    }

    private static View? Offered(string range)
    {
        var parts = range.Split(';', StringSplitOptions.TrimEntries);
        if (parts[0] is not ("application/json" or "application/*" or "*/*"))
        {
            return null;
        }

        var known = parts.Contains("g=meta.k8s.io") && (parts.Contains("v=v1") || parts.Contains("v=v1beta1"));
        return parts.FirstOrDefault(p => p.StartsWith("as=", StringComparison.Ordinal)) switch
        {
            null => View.Object,
            "as=Table" when known => View.Table,
            "as=PartialObjectMetadata" or "as=PartialObjectMetadataList" when known => View.Metadata,
            _ => null,
        };
    }
}
