using ClusterGrains.Resources;
using ClusterGrains.Sandbox.Clusters;
using ClusterGrains.Sandbox.Datasets;

namespace ClusterGrains.Sandbox;

/// <summary>What the sandbox says first: commands and addresses, ready to be pasted.</summary>
internal static class SandboxIntro
{
    // The most that the setting takes.
    private static readonly TimeSpan LongestRefresh = TimeSpan.FromHours(1);

    /// <param name="silo">Null when somebody else runs one.</param>
    public static IEnumerable<string> Lines(
        SandboxOptions options, SandboxData data, PretendFleet fleet, SandboxSilo? silo)
    {
        var first = fleet.Clusters[0].Name;
        yield return $"ClusterGrains sandbox: {fleet.Clusters.Count} pretend clusters.";
        yield return "";
        yield return Line("kubectl", $"export KUBECONFIG={Quote(data.Kubeconfig)}");
        yield return Line("edit", $"kubectl edit scl/{first}");
        yield return Line("break", fleet.Control.Curl(first, "red"));
        yield return Line("heal", fleet.Control.Curl(first, Breakages.Heal));
        yield return Line("more", $"curl {fleet.Control.Url.GetLeftPart(UriPartial.Authority)}");
        yield return Line("new data", NewVersion(data));
        if (ProductsFolder.Oldest(data.Products) is { } oldest)
        {
            yield return Line("roll back", Pin($"\"{oldest}\""));
            yield return Line("go on", Pin("null"));
        }

        yield return Line("history", NewestRecord(data, first));
        if (silo is not null)
        {
            yield return Line("fleet", silo.Http.ToString());
            yield return Line("api", new Uri(silo.Http, "api/v1/searchclusters").ToString());
            yield return Line("dashboard", silo.Dashboard.ToString());
            yield return Line("metrics", new Uri(silo.Management, "metrics").ToString());
            yield return Line("log", data.Log);
        }
        else
        {
            var settings = string.Join(' ', SiloArguments(options, data).Select(Quote));
            yield return Line("silo", $"dotnet run --project Silo -- {settings}");
        }

        yield return Line("reset", $"Ctrl-C, then rm -r {Quote(data.Folder)}");
        yield return "";
    }

    /// <summary>The silo's settings in the sandbox, as its command line has them.</summary>
    public static IReadOnlyList<string> SiloArguments(SandboxOptions options, SandboxData data) =>
    [
        $"--Kubernetes:Kubeconfig={data.Kubeconfig}",
        $"--Storage:Sqlite:Path={data.Database}",
        $"--History:Uri={new Uri(data.History)}",
        "--Checks:MinimumInterval=1s",
        $"--Status:Refresh={Durations.Format(options.Interval > LongestRefresh ? LongestRefresh : options.Interval)}",
        "--Endpoints:AllowLoopback=true",
        $"--Datasets:FileRoots:0={data.Source}",
        $"--Http:Port={options.HttpPort}",
        $"--Management:Port={options.ManagementPort}",
        "--Orleans:SiloPort=0",
        "--Dashboard:Enabled=true",
    ];

    private static string Line(string word, string text) => $"  {word,-10} {text}";

    private static string NewestRecord(SandboxData data, string cluster) =>
        $"zcat \"$(find {Quote(data.History)} -path '*record=check*.{cluster}.*' -name '*.gz' | sort | tail -1)\"";

    /// <summary>The newest version with one product more. The folder appears as a whole.</summary>
    private static string NewVersion(SandboxData data) =>
        $"(cd {Quote(data.Products)} && v=$(date -u +%Y-%m-%dT%H%M%S) && cp -r \"$(ls | tail -1)\" .$v && "
        + """echo '{"sku":"new-'$v'","title":"Brand new shoes","price":49.9}' >> .$v/new.ndjson && mv .$v $v)""";

    private static string Pin(string version) =>
        $$$$"""kubectl patch sds/{{{{ProductsManifest.Name}}}} --type merge -p '{"spec":{"rollout":{"pin":{{{{version}}}}}}}'""";

    private static string Quote(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || "/._-:=".Contains(c, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
