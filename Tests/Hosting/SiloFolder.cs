namespace ClusterGrains.Tests.Hosting;

/// <summary>A folder for the data of one silo, and the settings that keep it there and disturb nobody.</summary>
internal sealed class SiloFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clustergrains-");

    public SiloFolder() => File.WriteAllText(
        Kubeconfig,
        """
        apiVersion: v1
        kind: Config
        current-context: nowhere
        contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody}}]
        clusters: [{name: nowhere, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: nobody, user: {token: none}}]
        """);

    /// <summary>Free ports, a file of its own, and an API server that is not there.</summary>
    public IReadOnlyList<string> Settings =>
    [
        "--Http:Port=0",
        "--Management:Port=0",
        "--Orleans:SiloPort=0",
        $"--Storage:Sqlite:Path={System.IO.Path.Combine(_folder.FullName, "silo.db")}",
        $"--History:Uri=file://{System.IO.Path.Combine(_folder.FullName, "history")}",
        $"--Kubernetes:Kubeconfig={Kubeconfig}",
    ];

    public string Path => _folder.FullName;

    private string Kubeconfig => System.IO.Path.Combine(_folder.FullName, "kubeconfig");

    public void Dispose() => _folder.Delete(recursive: true);
}
