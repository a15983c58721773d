using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Tests.Hosting;
using ClusterGrains.Tests.Watch;

namespace ClusterGrains.Tests.Telemetry;

/// <summary>What a silo writes where nobody sits in front of it.</summary>
public sealed class LogFormTests
{
    [Fact(Timeout = 120_000)]
    public async Task Without_a_terminal_a_line_is_an_object_and_names_the_trace_it_belongs_to_also_while_the_collector_is_away()
    {
        await using var world = await SiloWorld.Create(suspended: true);
        var name = SpanLog.NewName();
        world.Create(name);
        using var folder = new SiloFolder();
        await using var silo = SiloProcess.Start(
            [.. folder.Settings, $"--Kubernetes:Kubeconfig={world.Api.KubeconfigPath}", "--Telemetry:Otlp:Endpoint=http://127.0.0.1:1"]);

        var line = JsonNode.Parse(await silo.Line($"SearchCluster default/{name}: epoch", TestContext.Current.CancellationToken))!;

        Assert.Equal(("Information", 1000, "ClusterGrains.Resources.ResourceGrain"), (
            (string?)line["LogLevel"], (int?)line["EventId"], (string?)line["Category"]));
        Assert.Equal($"default/{name}", (string?)line["State"]!["Resource"]);
        Assert.Equal(TimeSpan.Zero, DateTimeOffset.Parse((string)line["Timestamp"]!, System.Globalization.CultureInfo.InvariantCulture).Offset);
        Assert.Equal(32, Assert.Single(line["Scopes"]!.AsArray().Select(scope => (string?)scope!["TraceId"]).OfType<string>()).Length);
        await silo.Terminate(TestContext.Current.CancellationToken);
        Assert.Equal(0, (await silo.Ended(TestContext.Current.CancellationToken)).Code);
    }

    [Fact(Timeout = 120_000)]
    public async Task Text_is_written_where_it_is_asked_for()
    {
        using var folder = new SiloFolder();
        await using var silo = SiloProcess.Start([.. folder.Settings, "--Telemetry:Logs=Text"]);

        var line = await silo.Line("Running.", TestContext.Current.CancellationToken);

        Assert.Matches("^....-..-..T..:..:..[.]...Z info: ", line);
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(line));
    }
}
