namespace ClusterGrains.Tests.Sandbox.Kubernetes;

/// <summary>Files that travel inside the test assembly.</summary>
internal static class TestResource
{
    public static string Text(string name)
    {
        using var reader = new StreamReader(typeof(TestResource).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
