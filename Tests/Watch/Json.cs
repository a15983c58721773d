namespace ClusterGrains.Tests.Watch;

/// <summary>What an API server writes.</summary>
internal static class Json
{
    public static string Object(
        string name, long generation = 1, string? uid = null, int version = 50, string annotations = "{}", string spec = "{}") => $$$"""
        {"apiVersion":"clustergrains.io/v1alpha1","kind":"SearchCluster",
        "metadata":{"name":"{{{name}}}","namespace":"search","uid":"{{{uid ?? $"uid-{name}"}}}","generation":{{{generation}}},
        "resourceVersion":"{{{version}}}","creationTimestamp":"2026-01-01T00:00:00Z","annotations":{{{annotations}}} },
        "spec":{{{spec}}},"status":{"revision":1}}
        """.ReplaceLineEndings("");

    public static string Added(string item) => Event("ADDED", item);

    public static string Modified(string item) => Event("MODIFIED", item);

    public static string Deleted(string item) => Event("DELETED", item);

    public static string Bookmark(int version) => Event("BOOKMARK", $$$"""{"metadata":{"resourceVersion":"{{{version}}}"}}""");

    public static string Error(int code, string reason) => Event(
        "ERROR", $$$"""{"kind":"Status","status":"Failure","code":{{{code}}},"reason":"{{{reason}}}","message":"no"}""");

    private static string Event(string type, string item) => $$"""{"type":"{{type}}","object":{{item}} }""";
}
