using System.Net;
using System.Net.Sockets;
using ClusterGrains.Sandbox;
using ClusterGrains.Sandbox.Clusters;

namespace ClusterGrains.Tests.Sandbox;

public sealed class SandboxDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sandbox").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_belongs_to_one_sandbox_at_a_time()
    {
        using (SandboxData.Open(_folder))
        {
            var problem = Assert.Throws<SandboxProblem>(() => SandboxData.Open(_folder));
            Assert.Equal(
                $"--data {_folder} is in use by another sandbox; stop that one or choose another folder.",
                problem.Message);
        }

        SandboxData.Open(_folder).Dispose();
    }

    [Fact]
    public void A_file_is_no_folder()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");

        var problem = Assert.Throws<SandboxProblem>(() => SandboxData.Open(file));

        Assert.StartsWith($"--data {file} cannot be used: ", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    public void A_state_that_cannot_be_read_is_said_with_the_cure(string content)
    {
        File.WriteAllText(Path.Combine(_folder, "sandbox.json"), content);

        var problem = Assert.Throws<SandboxProblem>(() => SandboxData.Open(_folder));

        Assert.Contains("delete the folder to start afresh", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clusters_keep_names_engines_and_ports_over_restarts_and_new_ones_are_added()
    {
        var first = await Urls(count: 2);
        var second = await Urls(count: 3);
        var third = await Urls(count: 1);

        Assert.Equal(first, second.Take(2));
        Assert.Equal(first.Take(1), third);
        Assert.Equal(3, second.Distinct().Count());
    }

    [Fact]
    public async Task A_cluster_whose_port_is_taken_is_named_with_its_port()
    {
        await Urls(count: 1);
        using var data = SandboxData.Open(_folder);
        var known = Assert.Single(data.State.Clusters);
        using var thief = new TcpListener(IPAddress.Loopback, known.Port);
        thief.Start();

        var problem = await Assert.ThrowsAsync<SandboxProblem>(() => PretendFleet.Start(data, 1, 0, Cancellation));

        Assert.StartsWith(
            $"Port {known.Port} of the pretend cluster {known.Name} is in use by another process;",
            problem.Message,
            StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<IReadOnlyList<string>> Urls(int count)
    {
        using var data = SandboxData.Open(_folder);
        await using var fleet = await PretendFleet.Start(data, count, 0, Cancellation);
        return [.. fleet.Clusters.Select(cluster => $"{cluster.Name} {cluster.Engine.Name} {cluster.Url}")];
    }
}
