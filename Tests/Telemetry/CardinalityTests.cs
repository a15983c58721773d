using System.Text.RegularExpressions;
using ClusterGrains.Telemetry;
using ClusterGrains.Tests.Watch;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterGrains.Tests.Telemetry;

/// <summary>How many series a fleet makes.</summary>
public sealed partial class CardinalityTests
{
    /// <summary>Of a metric, everything of everybody's included; docs/telemetry.md says so.</summary>
    private const int MostPerMetric = 100;

    /// <summary>
    /// Series begin with the first thing that they count (an error, a pause), so some are new whenever one looks. One by resource
    /// would be up to its limit at once, <see cref="TelemetryParts.MaxSeries"/>.
    /// </summary>
    private const int MostNew = TelemetryParts.MaxSeries / 2;

    [Fact]
    public async Task A_thousand_resources_more_make_no_more_series()
    {
        await using var world = await SiloWorld.Create(suspended: true);
        await world.Start();
        var few = Names("few", 10);
        world.Create(few);
        await world.Converged();
        await world.Edit(few[0]);
        await world.Delete(few[1]);
        await world.Converged();
        await world.Sweep();
        var before = await Series(world);
        var many = Names("many", 1_000);

        world.Create(many);
        await world.Converged();
        await world.Edit(many[0]);
        await world.Delete(many[1]);
        await world.Converged();
        await world.Sweep();

        var after = await Series(world);
        Assert.DoesNotContain(after, series => series.Contains("many-", StringComparison.Ordinal) || series.Contains("few-", StringComparison.Ordinal));
        Assert.InRange(after.Except(before).Count(), 0, MostNew);
        Assert.All(
            after.GroupBy(series => series.Split('{')[0]),
            metric => Assert.True(metric.Count() <= MostPerMetric, $"{metric.Key} has {metric.Count()} series:\n{string.Join('\n', metric.Take(10))}"));
    }

    private static string[] Names(string prefix, int count) => [.. Enumerable.Range(0, count).Select(number => $"{prefix}-{number}")];

    /// <summary>Every line but the buckets of histograms, which are as many per series as the code says.</summary>
    private static async Task<HashSet<string>> Series(SiloWorld world)
    {
        var management = world.Silo.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ElementAt(1);
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(new Uri(management), "metrics"), TestContext.Current.CancellationToken);

        // The limit of series leaves the buckets that an instrument asks for.
        Assert.Matches("clustergrains_watch_lag_seconds_bucket.*le=.0[.]0025", text);
        return [.. Line().Matches(text).Select(line => line.Groups[1].Value).Where(series => !series.Contains("_bucket{", StringComparison.Ordinal))];
    }

    [GeneratedRegex("""^([a-zA-Z_:][^ {]*(\{[^}]*\})?) """, RegexOptions.Multiline)]
    private static partial Regex Line();
}
