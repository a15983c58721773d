using ClusterGrains.Tests.Clusters;
using ClusterGrains.Tests.History;
using ClusterGrains.Tests.Hosting;
using k8s;
using k8s.Models;

namespace ClusterGrains.Tests.Manifests;

/// <summary>What the components make of the overlays.</summary>
public sealed class ComponentTests : IDisposable
{
    private const string Single = "k8s/overlays/single";
    private const string Ha = "k8s/overlays/ha";

    private readonly OwnOverlays _own = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _own.Dispose();

    [Theory]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task A_silo_trusts_the_authorities_of_a_ConfigMap_besides_those_of_its_image(string overlay)
    {
        _own.Add("my", $"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: clustergrains
            resources: [../{overlay}]
            components: [../k8s/components/trusted-ca]
            configMapGenerator:
              - name: clustergrains-trusted-ca
                files: [ca.crt]
            """);
        _own.AddFile("my/ca.crt", "PEM");
        var it = await _own.Render("my");

        var folders = Folders(it);
        Assert.Equal("/etc/ssl/certs", folders[0]);
        var mount = it.Silo.VolumeMounts.Single(mount => mount.MountPath == folders[1]);
        var source = it.Pod.Spec.Volumes.Single(volume => volume.Name == mount.Name).ConfigMap;
        Assert.Equal("PEM", it.Objects.OfType<V1ConfigMap>().Single(map => map.Name() == source.Name).Data["ca.crt"]);
        Assert.NotEqual("clustergrains-trusted-ca", source.Name);
    }

    [Fact]
    public async Task The_history_store_of_such_an_authority_is_asked_and_otherwise_is_not()
    {
        using var authority = new TestAuthority("private");
        using var volume = new TestFolder();
        var folders = Folders(await _own.Render(Ha, "k8s/components/trusted-ca"));

        // As the kubelet lays out a ConfigMap.
        var data = Directory.CreateDirectory(Path.Combine(volume.Path, "..2026_11_23")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "ca.crt"), authority.Pem, Cancellation);
        Directory.CreateSymbolicLink(Path.Combine(volume.Path, "..data"), "..2026_11_23");
        File.CreateSymbolicLink(Path.Combine(volume.Path, "ca.crt"), Path.Combine("..data", "ca.crt"));

        Assert.False(await IsAsked(authority, folders[0]));
        Assert.True(await IsAsked(authority, $"{folders[0]}:{volume.Path}"));
    }

    [Theory]
    [InlineData(Single)]
    [InlineData(Ha)]
    public async Task A_priority_is_that_of_a_class_that_is_installed_with_it_and_not_that_of_a_job(string overlay)
    {
        var it = await _own.Render(overlay, "k8s/components/priority");
        var job = await _own.Render(overlay, "k8s/components/priority", "k8s/jobs/verify");

        var priority = it.Objects.OfType<V1PriorityClass>().Single();
        Assert.Equal(priority.Name(), it.Pod.Spec.PriorityClassName);
        Assert.True(priority.Value > 0);
        Assert.Null(job.Pod.Spec.PriorityClassName);
    }

    private static string[] Folders(Installation it) => it.Silo.Env.Single(one => one.Name == "SSL_CERT_DIR").Value.Split(':');

    /// <summary>Whether a silo whose history is on a server of that authority trusts it enough to ask.</summary>
    private static async Task<bool> IsAsked(TestAuthority authority, string folders)
    {
        var isAsked = false;
        using var certificate = authority.Issue("localhost", System.Net.IPAddress.Loopback);
        await using var store = new StubServer(
            async (_, stream, cancel) =>
            {
                Volatile.Write(ref isAsked, true);
                await stream.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), cancel);
            },
            certificate);
        using var data = new SiloFolder();
        await using var process = SiloProcess.Start(
            [
                .. data.Settings, "--History:Uri=s3://bucket/prefix", $"--History:S3:ServiceUrl={store.Url}",
                "--History:S3:AccessKey=a", "--History:S3:SecretKey=b",
            ],
            new Dictionary<string, string> { ["SSL_CERT_DIR"] = folders });

        await process.Line("cannot be used yet", Cancellation);
        return Volatile.Read(ref isAsked);
    }
}
