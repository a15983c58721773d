namespace ClusterGrains.Sandbox.Kubernetes.Objects;

/// <summary>The framing of watch streams: one JSON object a line.</summary>
internal static class WatchLine
{
    public static byte[] Of(ChangeType type, ReadOnlySpan<byte> document) => type switch
    {
        ChangeType.Added => Of("{\"type\":\"ADDED\",\"object\":"u8, document),
        ChangeType.Modified => Of("{\"type\":\"MODIFIED\",\"object\":"u8, document),
        _ => Of("{\"type\":\"DELETED\",\"object\":"u8, document),
    };

    public static byte[] Bookmark(ReadOnlySpan<byte> document) => Of("{\"type\":\"BOOKMARK\",\"object\":"u8, document);

    public static byte[] Error(ReadOnlySpan<byte> status) => Of("{\"type\":\"ERROR\",\"object\":"u8, status);

    private static byte[] Of(ReadOnlySpan<byte> head, ReadOnlySpan<byte> document) => [.. head, .. document, (byte)'}', (byte)'\n'];
}
