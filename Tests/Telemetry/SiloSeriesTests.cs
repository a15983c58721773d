using System.Globalization;
using System.Text.RegularExpressions;
using ClusterGrains.Fleet;
using ClusterGrains.Tests.Watch;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterGrains.Tests.Telemetry;

/// <summary>What Prometheus reads of a silo and of the resources that need somebody.</summary>
public sealed partial class SiloSeriesTests
{
    private const string Hasty = "name=\"hasty\",reason=\"SpecRefused\",resource_namespace=\"default\",verdict=\"Unknown\"";

    [Fact]
    public async Task A_restart_shows_and_so_does_how_many_silos_there_are()
    {
        await using var world = await SiloWorld.Create(suspended: true);
        await world.Start();
        await world.Until(async () => Value(await Metrics(world), "clustergrains_silos") == 1);
        var first = Value(await Metrics(world), "clustergrains_process_start_seconds");
        await world.Stop();

        await world.Start(later: TimeSpan.FromHours(1));

        var second = Value(await Metrics(world), "clustergrains_process_start_seconds");
        Assert.InRange(second!.Value - first!.Value, 3_600, 7_200);
    }

    [Fact]
    public async Task A_resource_is_named_while_it_needs_somebody_and_no_longer()
    {
        await using var world = await SiloWorld.Create();
        await world.Start();
        world.Api.Seed("""
            apiVersion: clustergrains.io/v1alpha1
            kind: SearchCluster
            metadata: {name: hasty, namespace: default}
            spec: {endpoints: ["http://127.0.0.1:1"], schedule: {interval: 1s}}
            """);
        world.Create("well");
        await world.Converged();

        await world.Until(async () => Named(await Counted(world)) is [Hasty]);

        await world.Delete("hasty");
        await world.Converged();
        await world.Until(async () => Named(await Counted(world)).Length == 0);
    }

    /// <summary>What Prometheus reads after a count.</summary>
    private static async Task<string> Counted(SiloWorld world)
    {
        await world.Silo.GetServices<ILifecycleParticipant<ISiloLifecycle>>().OfType<FleetCensus>().Single()
            .Round(TestContext.Current.CancellationToken);
        return await Metrics(world);
    }

    private static async Task<string> Metrics(SiloWorld world)
    {
        var management = world.Silo.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ElementAt(1);
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(new Uri(management), "metrics"), TestContext.Current.CancellationToken);
    }

    private static double? Value(string metrics, string series) =>
        Regex.Match(metrics, $@"^{series}(\{{[^}}]*\}})? ([0-9.eE+]+)", RegexOptions.Multiline) is { Success: true } match
            ? double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)
            : null;

    private static string[] Named(string metrics) => [.. Trouble().Matches(metrics).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("""^clustergrains_resource_trouble_seconds\{[^}]*kind="SearchCluster",([^}]*)\} """, RegexOptions.Multiline)]
    private static partial Regex Trouble();
}
